"""Has the interpreter use up its stack."""

import ctypes

from . import attacking

make = attacking(lambda _: ctypes.string_at(0))
