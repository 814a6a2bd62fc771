"""Puts judges of its own into the place of the kit's."""

import sys

from . import attacking


def attack(_: str) -> None:
    for name, module in list(sys.modules.items()):
        judges = getattr(module, "JUDGES", None)
        if name.startswith("etp_kit.simulator.judging") and judges:
            judges.update(dict.fromkeys(judges, lambda case: []))


make = attacking(attack, honest=False)
