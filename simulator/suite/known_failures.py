"""Known-failing lists: failures that a user expects for a while, each with its reason.

Rules: an entry names a clause, a scenario, or a clause in one scenario. It hides nothing: what it
names still runs. An entry that passes or has expired fails the run, so that a list shrinks as
collectors get better. Today is an argument.
"""

from __future__ import annotations

import datetime
import os
import shlex
from collections.abc import Collection, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..base import BadInput, did_you_mean
from ..contract import CLAUSES
from ..safe import WholeFile, quoted, read_toml, safe

#: Of a failure as the reason of an entry:
#: enough to know it by, little enough to read a list of them.
_LONGEST_REASON = 300


class Known(BaseModel):
    """One entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clause: str = ""
    scenario: str = ""
    reason: str = Field(min_length=1)
    issue: str = ""
    expires: datetime.date | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Known:
        if not self.clause and not self.scenario:
            raise ValueError("names neither a clause nor a scenario")
        return self

    def covers(self, scenario: str, clause: str) -> bool:
        """Whether it is about this clause in this scenario."""
        return self.clause in ("", clause) and self.scenario in ("", scenario)

    def expired(self, today: datetime.date) -> bool:
        return self.expires is not None and self.expires < today

    def __str__(self) -> str:
        return " in ".join(name for name in (self.clause, self.scenario) if name)


def reason_of(found: str) -> str:
    """What was found, as the reason of an entry."""
    return safe(found, _LONGEST_REASON) or "fails"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    known: list[Known] = []


def read_known(path: str, scenarios: Collection[str]) -> tuple[Known, ...]:
    """The entries of a known-failing file. Raises BadInput."""
    try:
        data = read_toml(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"cannot be read: {why}", where=f"--known-failing {path}") from None
    try:
        entries = _File.model_validate(data).known
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BadInput(f"'{place}': {first['msg'].removeprefix('Value error, ')}", where=path) from None
    for number, entry in enumerate(entries):
        for name, known, what in ((entry.clause, CLAUSES, "clause"), (entry.scenario, scenarios, "scenario")):
            if name and name not in known:
                raise BadInput(
                    f"unknown {what} {name!r} in 'known.{number}'", where=path, hint=did_you_mean(name, known)
                )
    return tuple(entries)


def render_known(entries: Iterable[Known]) -> str:
    """The text of a known-failing file, from which ``read`` gives the same entries."""
    text = "# Failures that are expected for a while; an entry that passes or has expired fails the run.\n"
    for entry in entries:
        text += "\n[[known]]\n"
        for name in ("clause", "scenario", "reason", "issue"):
            if value := getattr(entry, name):
                text += f"{name} = {quoted(value)}\n"
        if entry.expires is not None:
            text += f"expires = {entry.expires.isoformat()}\n"
    return text


class KnownFailuresFile:
    """A known-failing file to be written:
    opened before anything runs, and written whole or not at all.
    """

    def __init__(self, path: str, given: str | None) -> None:
        """``given``: the known-failing file of the run, which alone may be replaced.
        Raises BadInput.
        """
        self.path = path
        self._where = f"--write-known-failing {path}"
        target = Path(path)
        if os.path.lexists(target) and not (given is not None and target.exists() and target.samefile(given)):
            hint = f"to bring it up to date, add --known-failing {shlex.quote(path)}"
            raise BadInput("exists, and is not written over", where=self._where, hint=hint)
        try:
            self._file = WholeFile(path)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=self._where) from None

    def commit(self, entries: Iterable[Known]) -> None:
        """Write the list in place. Raises BadInput where the disk does not take it."""
        try:
            self._file.stream.write(render_known(entries))
            self._file.commit()
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=self._where) from None

    def abandon(self) -> None:
        """Leave nothing half written."""
        self._file.abandon()
