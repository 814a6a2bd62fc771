"""What belongs to `python -m collector` alone; nothing that an agent embeds imports it."""
