"""Ends its process in a pass, past everything that could catch it."""

import os

from . import attacking

make = attacking(lambda _: os._exit(0))
