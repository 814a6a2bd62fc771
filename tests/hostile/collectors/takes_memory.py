"""Allows its process no memory more."""

import resource

from . import attacking

make = attacking(lambda _: resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20)))
