"""Finds the records of the run in the frames that called it, and takes out what tells against
it.
"""

import sys

from . import attacking


def attack(_: str) -> None:
    frame = sys._getframe()
    while frame is not None:
        for one in list(frame.f_locals.values()):
            records = getattr(getattr(getattr(one, "_stage", None), "recorder", None), "records", None)
            if records:
                records[:] = [record for record in records if record.op not in {"step", "call", "escape"}]
        frame = frame.f_back


make = attacking(attack, honest=False)
