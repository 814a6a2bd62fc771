"""What belongs to `python -m etp_kit.collector` alone; nothing that an agent embeds imports it."""
