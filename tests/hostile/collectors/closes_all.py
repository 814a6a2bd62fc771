"""Closes every descriptor of its process."""

import os

from . import attacking

make = attacking(lambda _: os.closerange(0, 1_000))
