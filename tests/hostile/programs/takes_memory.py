"""Takes all memory that it gets."""

import mmap

from answering import answer


def attack(_: str) -> None:
    held = []
    while True:
        held.append(mmap.mmap(-1, 1 << 28, flags=mmap.MAP_PRIVATE))


answer(attack)
