"""``python -m etp_kit``: the command ``simulate``."""

from .simulator.cli import main

main()
