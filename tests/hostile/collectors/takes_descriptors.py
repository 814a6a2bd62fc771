"""Allows its process no descriptor more."""

import resource

from . import attacking

make = attacking(lambda _: resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0)))
