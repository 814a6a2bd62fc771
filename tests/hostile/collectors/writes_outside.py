"""Writes below its user's home, into the temporary directory, and over the kit."""

import os

import etp_kit

from . import attacking


def attack(_: str) -> None:
    kit = os.path.dirname(etp_kit.__file__ or "/")
    for directory in (os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", kit):
        try:
            with open(os.path.join(directory, "etp-hostile-file"), "w") as file:
                file.write("written")
        except OSError:
            continue


make = attacking(attack)
