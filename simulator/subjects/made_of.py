"""The files that a collector is made of, by their hashes: what a verdict is about.

Nothing is imported or executed to find them. Of a package they are all its regular files but
bytecode. Of a program they are the file that is started, and each argument that is a file.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from ..safe import read_given
from ..shipped import mutants
from .agent_code import COLLECTOR, PACKAGE, find_agent
from .named import REFERENCE
from .program.words import words_of

#: Files of a collector, and bytes of one: a larger tree is no collector, and its hashes no list to
#: read.
MOST_FILES, _MOST_BYTES = 2_000, 256 << 20


def collector_files(spec: str, directory: Path) -> dict[str, str]:
    """Name -> SHA-256, in the order of names; of a tree with too many files, none.

    ``spec``: a collector that exists (``check_spec``). ``directory``: where modules named ``py:``
    are looked for last.
    """
    found: dict[str, str] = {}
    for name, path in _files(spec, directory):
        if len(found) >= MOST_FILES:
            return {}
        try:
            found[name] = hashlib.sha256(read_given(path, _MOST_BYTES)).hexdigest()
        except OSError:
            found[name] = ""
    if spec.startswith("mutant:"):
        edit = mutants()[spec.removeprefix("mutant:")].edit
        found[spec] = hashlib.sha256(repr(edit).encode()).hexdigest()
    return dict(sorted(found.items()))


def _files(spec: str, directory: Path) -> Iterator[tuple[str, Path]]:
    kind, _, rest = spec.partition(":")
    if kind in {"reference", "mutant"}:
        yield from _tree(REFERENCE, "collector")
    elif kind == "dir":
        yield from _tree(Path(rest), Path(rest).resolve().name)
    elif kind == "linux-agent":
        yield from _tree(find_agent(rest) / PACKAGE / "common", f"{PACKAGE}/common")
        module = COLLECTOR.rpartition(".")[2]
        yield from _tree(find_agent(rest) / PACKAGE / "ga", f"{PACKAGE}/ga", only=f"{module}.py")
    elif kind == "cmd":
        for number, word in enumerate(words_of(spec)):
            program = shutil.which(word) if number == 0 else word
            if program and os.path.isfile(program):
                yield word, Path(program)
    else:
        top = rest.partition(":")[0].partition(".")[0]
        found = importlib.machinery.PathFinder.find_spec(top, [*sys.path, str(directory)])
        for place in (found.submodule_search_locations or ()) if found else ():
            yield from _tree(Path(place), top)
        if found and found.origin and not found.submodule_search_locations:
            yield Path(found.origin).name, Path(found.origin)


def _tree(root: Path, name: str, only: str = "") -> Iterator[tuple[str, Path]]:
    for place, directories, files in os.walk(root):
        directories[:] = sorted(one for one in directories if one != "__pycache__")
        for file in sorted(files):
            path = Path(place, file)
            if not file.endswith(".pyc") and path.is_file() and (not only or file == only):
                yield f"{name}/{path.relative_to(root)}", path
