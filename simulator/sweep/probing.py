"""Rare paths, declared as data (``probes.toml``) and found in a history: whether a sweep ever came
there.

Rules: a probe is a sequence of records that follow each other in one run, others between them. It
reads the history as judges do, so it holds for any collector. A probe that no run reaches says that
the sweep looked past something.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..core import History, Record, event_path

_FILE = Path(__file__).with_name("probes.toml")
#: Forms of records that are remembered; a notice may have any kind.
_MOST_FORMS = 4_096
#: op -> the key of its result that tells which one it is.
_TOLD_BY = {
    "call": "call",
    "step": "act",
    "fault": "kind",
    "notice": "kind",
    "pass-begin": "kind",
    "pass-end": "end",
    "crash": "when",
    "service": "do",
}


class Sight(BaseModel):
    """One record: its op, which one of it, and what else must be so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: str
    what: str = ""
    path: str = "*"
    errno: str = Field("", description="The errno's name, `any`, or nothing for a call that succeeds.")
    inside: bool | None = Field(None, description="Within a pass, or between passes; default: either.")


class Probe(BaseModel):
    """One rare path. ``same``: what its records have in common, besides the run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    about: str
    same: Literal["path", "pass", "run"] = "run"
    records: tuple[Sight, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    probe: list[Probe]


@cache
def probes() -> dict[str, Probe]:
    """Every probe by its name, in the order of the file."""
    found = _File.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8"))).probe
    named = {probe.name: probe for probe in found}
    if len(named) != len(found):
        raise ValueError(f"{_FILE}: a probe stands twice")
    return named


class _Stage:
    """One sight of a probe, ready to be compared."""

    def __init__(self, probe: Probe, number: int) -> None:
        sight = probe.records[number]
        self.probe = probe
        self.number = number
        self.last = number == len(probe.records) - 1
        self._errno = sight.errno
        self._inside = sight.inside
        self._path = None if sight.path == "*" else re.compile(fnmatch.translate(sight.path)).match

    def fits(self, errno: str, inside: bool) -> bool:
        """Whether it can be such a record, wherever that is."""
        if self._inside is not None and self._inside != inside:
            return False
        return errno == self._errno or (self._errno == "any" and bool(errno))

    def is_at(self, path: str) -> bool:
        return self._path is None or self._path(path) is not None


@cache
def _stages() -> dict[tuple[str, str], list[_Stage]]:
    found: dict[tuple[str, str], list[_Stage]] = {}
    for probe in probes().values():
        for number in reversed(range(len(probe.records))):  # the later first: one record takes a probe one stage on
            sight = probe.records[number]
            found.setdefault((sight.op, sight.what), []).append(_Stage(probe, number))
    return found


@lru_cache(_MOST_FORMS)
def _due(op: str, what: str, errno: str, inside: bool) -> tuple[_Stage, ...]:
    """The stages that a record of this form can take, the later first."""
    named = _stages().get((op, what), [])
    any_of = _stages().get((op, ""), []) if what else []
    return tuple(stage for stage in (*named, *any_of) if stage.fits(errno, inside))


@lru_cache(_MOST_FORMS)
def _due_at(op: str, what: str, errno: str, inside: bool, path: str) -> tuple[_Stage, ...]:
    """Those of them at this path: within a run, and from run to run, most paths come again."""
    return tuple(stage for stage in _due(op, what, errno, inside) if stage.is_at(path))


def reached(history: History) -> dict[str, int]:
    """Probe -> how often the run came there, those that it reached."""
    begun: set[tuple[str, int, Any]] = set()
    counts: dict[str, int] = {}
    inside = False
    for record in history:
        op, result = record.op, record.result
        what = (
            result.get(_TOLD_BY[op], "")
            if op in _TOLD_BY
            else str(result.get("confirmed", ""))
            if op == "flush"
            else ""
        )
        if op == "pass-begin":
            inside = True
        elif op == "pass-end":
            inside = False
        errno = result.get("errno", "") if op in {"call", "step"} else ""
        for stage in _due_at(op, what, errno, inside, record.path):
            _meet(stage, record, begun, counts)
    return dict(sorted(counts.items()))


def _meet(stage: _Stage, record: Record, begun: set[tuple[str, int, Any]], counts: dict[str, int]) -> None:
    name = stage.probe.name
    same = _common(stage.probe.same, record)
    if stage.number and (name, stage.number, same) not in begun:
        return
    begun.discard((name, stage.number, same))
    if stage.last:
        counts[name] = counts.get(name, 0) + 1
    else:
        begun.add((name, stage.number + 1, same))


def _common(same: str, record: Record) -> Any:
    if same == "run":
        return None
    if same == "pass":
        return record.pass_number
    return _place(record)


def _place(record: Record) -> str:
    """The path that a record is about: of a delivery that of its file, of a rename where it leads.
    """
    if record.op in {"deliver", "fault"} and isinstance(record.result.get("key"), list):
        extension, file, _ = record.result["key"]
        return event_path(extension, file)
    if record.op == "step" and record.result["act"] in {"rename", "replace", "link"}:
        return str(record.result["to"])
    return record.path
