"""Allows its process to write no file."""

import resource

from . import attacking

make = attacking(lambda _: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
