"""How the kernel lists a directory: who shows a listing and who judges it must agree on it."""

from __future__ import annotations

#: How many directory entries the kernel hands over in one call, about (32 KiB of getdents64 with
#: names of this kind).
ENTRIES_A_CALL = 512
