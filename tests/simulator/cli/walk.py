"""Pages that are walked: `python -m tests.simulator.cli.walk` writes what their commands print.

A tour that was right last year costs a stranger the evening. So its commands are run in their
order, in one directory that is empty at first, and what stands below them is what they printed.

Rules: a step is a line of a console block that begins with `$ `, and lines after it that begin with
`>`. What follows, up to the next step or the end of the block, is its output. Times are not
compared. A page without a step is an error.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
#: Pages whose steps follow from each other.
WALKED = tuple(ROOT / "docs" / name for name in ("tour.md", "write-a-scenario.md", "read-a-report.md"))
#: Pages that are walked in a copy of the checkout, as they change it.
IN_A_CHECKOUT = (ROOT / "docs" / "first-change.md",)
_KEPT = ("collector", "etp_kit", "scenarios", "simulator")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r"\b(?:simulated in|after|about) \d+(?:\.\d+)? s\b")


class Step(NamedTuple):
    """A command, and what the page shows below it."""

    command: str
    shown: str


class Took(NamedTuple):
    """What a step printed, and how it ended."""

    printed: str
    code: int


def steps(page: str) -> list[Step]:
    """The steps of a page, in their order. Raises ValueError where there are none."""
    found = [step for block in _BLOCK.findall(page) for step in _of_block(block)]
    if not found:
        raise ValueError("no step is on this page")
    return found


def _of_block(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        found = re.match(r"([^\n]*\n(?:>(?: [^\n]*)?\n)*)", part)
        assert found is not None
        yield Step(found[1], part[found.end() :])


def typed(step: Step) -> str:
    """What a shell is given."""
    return re.sub(r"^> ?", "", step.command, flags=re.MULTILINE)


def program(place: Path) -> Path:
    """A directory for PATH with a `simulate` that is this interpreter's."""
    place.mkdir()
    script = place / "simulate"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m etp_kit "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return place


def prepared(page: Path, place: Path) -> Path:
    """The directory in which a page begins: empty, or a copy of the checkout's parts."""
    place.mkdir()
    if page in IN_A_CHECKOUT:
        for name in _KEPT:
            shutil.copytree(ROOT / name, place / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def walk(page: str, place: Path, programs: Path) -> Iterator[Took]:
    """Take each step in the directory to which the one before went."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"PATH": f"{programs}:{environment['PATH']}", "COLUMNS": "100"}
    for step in steps(page):
        left = place.parent / f"{place.name}.went"
        done = subprocess.run(
            ["sh", "-c", f"trap 'pwd >{shlex.quote(str(left))}' EXIT\n{typed(step)}"],
            cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        place = Path(left.read_text(encoding="utf-8").strip())
        yield Took("".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines()), done.returncode)


def masked(text: str) -> str:
    """The text without the times of a run."""
    return _TIME.sub("in T s", text)


def renewed(page: str, taken: list[Took]) -> str:
    """The page with what was printed; where only times differ, it stays as it is."""
    outputs = iter(taken)

    def block(found: re.Match[str]) -> str:
        lines = []
        for step in _of_block(found[1]):
            printed = next(outputs).printed
            lines.append(f"$ {step.command}{step.shown if masked(step.shown) == masked(printed) else printed}")
        return f"```console\n{''.join(lines)}```"

    return _BLOCK.sub(block, page)


def main() -> None:
    """Walk each page, and write what it shows."""
    with tempfile.TemporaryDirectory() as name:
        programs = program(Path(name) / "bin")
        for number, page in enumerate((*WALKED, *IN_A_CHECKOUT)):
            place = prepared(page, Path(name) / str(number))
            text = page.read_text(encoding="utf-8")
            page.write_text(renewed(text, list(walk(text, place, programs))), encoding="utf-8")


if __name__ == "__main__":
    main()
