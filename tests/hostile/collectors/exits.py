"""Ends the program in a pass."""

import sys

from . import attacking

make = attacking(lambda _: sys.exit(0))
