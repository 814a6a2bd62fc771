"""A vendored copy of the reference collector:
made whole or not at all, and checked against its record.

Rules: the copy holds what ``collector/`` holds, its licence included, and a record of every file's
SHA-256. It appears under its name by one rename, so that an agent never imports half of it. A
directory that is not an unchanged copy is never replaced: somebody's work may be in it. Of a copy
that is replaced, the files of its record are removed one by one, and what Python made of them. What
is neither stays. Verifying reads only, and follows no link.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._version import __version__
from ..base import BadInput, KitBroke
from ..safe import digest_of, read_regular

RECORD = "VENDORED.json"
_SOURCE = Path(__file__).resolve().parents[2] / "collector"
#: What Python itself leaves beside modules.
_MADE_BY_PYTHON = "__pycache__"
#: Far above any record or module of the package: whatever is larger is none.
_LARGEST = 4 << 20
#: No directory of the package lies deeper; what lies below is none of the copy's.
_DEEPEST = 8


@dataclass(frozen=True)
class Copy:
    """What a record says: the kit's version, and file name -> SHA-256 in hexadecimal."""

    version: str
    files: dict[str, str]


def vendor(dest: Path) -> Copy:
    """Copy the collector to ``dest``, which is missing, empty or an unchanged copy.
    Raises BadInput.
    """
    _refuse_foreign(dest)
    parent = dest.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{dest.name}.", dir=parent))
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(dest)) from error
    new, old = aside / "new", aside / "old"
    try:
        copy = _fill(new)
        if dest.is_dir():
            dest.rename(old)
        try:
            new.rename(dest)
        except OSError:
            if old.is_dir():
                old.rename(dest)
            raise
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(dest)) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)  # ours: nobody else may enter around it
        _remove_copy(old)
        with contextlib.suppress(OSError):
            aside.rmdir()
    if old.is_dir():
        raise BadInput(f"held what is not of the copy; the new copy is there, that is kept in {old}", where=str(dest))
    return copy


def _remove_copy(old: Path) -> None:
    """Remove what the record of a copy names, and what Python made of it; anything else stays."""
    try:
        copy = _recorded(old)
    except BadInput:
        copy = Copy("", {})
    for name in _everything(old):
        own = copy.files.get(name)
        if name == RECORD or (own is not None and digest_of(old / name, _LARGEST) == own) or _is_made(name, copy):
            with contextlib.suppress(OSError):
                (old / name).unlink()
    for place, _, _ in sorted(os.walk(old), reverse=True):
        with contextlib.suppress(OSError):
            Path(place).rmdir()


def _is_made(name: str, copy: Copy) -> bool:
    """Whether Python made it of a module: ``a/__pycache__/b.cpython-311.pyc`` of ``a/b.py``."""
    place, _, made = name.rpartition("/")
    parent, _, cache = place.rpartition("/")
    module = os.path.join(parent, made.partition(".")[0] + ".py")
    return cache == _MADE_BY_PYTHON and made.endswith(".pyc") and module in copy.files


def verify_copy(dest: Path) -> tuple[Copy, list[str]]:
    """The record of the copy at ``dest``, and what differs from it, a line each.
    Raises BadInput: there is no copy.
    """
    copy = _recorded(dest)
    found = {path for path in _everything(dest) if path != RECORD and not _is_made(path, copy)}
    problems = [f"{name}: missing" for name in sorted(copy.files.keys() - found)]
    problems += [f"{name}: not of the copy" for name in sorted(found - copy.files.keys())]
    problems += [
        f"{name}: changed" for name in sorted(found & copy.files.keys()) if digest_of(dest / name, _LARGEST) != copy.files[name]
    ]
    return copy, problems


def _refuse_foreign(dest: Path) -> None:
    if not os.path.lexists(dest):
        return
    if dest.is_symlink() or not dest.is_dir():
        raise BadInput("is no directory; a missing or empty one, or a copy made before, is expected", where=str(dest))
    if not any(dest.iterdir()):
        return
    _, problems = verify_copy(dest)
    if problems:
        raise BadInput(f"is a copy that was changed ({problems[0]}); move it away first", where=str(dest))


def _fill(place: Path) -> Copy:
    place.mkdir()
    place.chmod(0o755)
    for name in _below(_SOURCE):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_SOURCE / name, place / name)
    copy = Copy(__version__, {name: digest_of(place / name, _LARGEST) or "" for name in sorted(_below(place))})
    if "LICENSE" not in copy.files or "__init__.py" not in copy.files:
        raise KitBroke(f"{_SOURCE} is not the whole collector")
    record = {"name": "etp-kit collector", "version": copy.version, "files": copy.files}
    (place / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", encoding="ascii")
    return copy


def _recorded(dest: Path) -> Copy:
    expected = f"a copy made by `simulate vendor`, which has a {RECORD}"
    try:
        record: Any = json.loads(read_regular(dest / RECORD, _LARGEST) or b"")
        files = record["files"]
        if not all(isinstance(name, str) and isinstance(digest, str) for name, digest in files.items()):
            raise ValueError
        return Copy(str(record["version"]), dict(files))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(f"holds no readable record; expected {expected}", where=str(dest)) from None


def _below(top: Path) -> list[str]:
    """The names of all entries that are no directories,
    relative to ``top``, but for what Python makes.
    """
    return [name for name in _everything(top) if _MADE_BY_PYTHON not in Path(name).parts]


def _everything(top: Path) -> list[str]:
    """As ``_below``, with what Python makes; a directory too deep, or empty, is an entry too."""
    names = []
    for place, directories, files in os.walk(top):
        relative = os.path.relpath(place, top)
        if relative != "." and (relative.count(os.sep) >= _DEEPEST or not (directories or files)):
            directories[:] = []
            names.append(relative)
            continue
        linked = [name for name in directories if (Path(place) / name).is_symlink()]
        names += [os.path.normpath(os.path.join(relative, name)) for name in files + linked]
    return names
