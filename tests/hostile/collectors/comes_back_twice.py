"""Forks, and both processes come back from the pass."""

import os

from . import attacking

make = attacking(lambda _: os.fork())
