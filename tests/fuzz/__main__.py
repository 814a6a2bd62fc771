"""The command: `python -m tests.fuzz [TARGET ...] [--inputs N] [--seed N] [--keep N]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .campaign import campaign, engine, shares, shown
from .child import ENGINES
from .corpus import keep
from .targets import SHARES


def main() -> int:
    """0 where nothing was found, 1 where something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Inputs that nobody thought of.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"default: all of {', '.join(SHARES)}")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="over all targets, by their shares")
    parser.add_argument("--seed", type=int, default=1, help="of the engine; default: 1")
    parser.add_argument("--engine", choices=sorted(ENGINES), default=engine(), help="default: what can be had")
    parser.add_argument("--place", type=Path, default=Path(".fuzz"), help="of the growing corpus; default: .fuzz")
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="add the N shortest new inputs to the tests")
    given = parser.parse_args()
    if unknown := sorted(set(given.targets) - set(SHARES)):
        parser.error(f"no target {unknown[0]!r}; there are {', '.join(SHARES)}")
    if given.inputs < 1:
        parser.error("--inputs: 1 or more")
    found = 0
    for name, inputs in shares(given.inputs, given.targets or list(SHARES)).items():
        fared = campaign(name, inputs, given.seed, given.place / name, given.engine)
        print(shown(fared), flush=True)
        found += len(fared.found)
        new = sorted((file.read_bytes() for file in (given.place / name / "corpus").iterdir()), key=len)
        keep(name, [*(one.data for one in fared.found), *new[: given.keep]])
    print(f"{found} found by {given.engine}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
