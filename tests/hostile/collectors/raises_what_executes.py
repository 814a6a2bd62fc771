"""Raises an error whose copy would execute what it likes in another process."""

import os

from etp_kit.simulator.base.errors import BadInput, KitBroke

from . import attacking


class Bomb(BadInput, KitBroke):
    def __init__(self) -> None:
        super().__init__("bomb")

    def __reduce__(self):
        return os.system, ("touch /tmp/etp-hostile-pickle",)


def attack(_: str) -> None:
    raise Bomb


make = attacking(attack)
