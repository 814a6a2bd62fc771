"""Results that last: a SQLite file, a row a run.

Rules: the primary key (collector, scenario, seed, world) is what makes a run count once, whoever
ran it and however often. One process writes. A batch is one transaction: an interrupt keeps what is
done. A store of another version, generator or collector is refused before anything is run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .._version import __version__
from ..base import BadInput
from ..core import STARVED
from .generate import GENERATOR
from .outcome import Outcome

#: Version of the tables below.
FORMAT = 1
_TABLES = """
create table meta (key text primary key, value text not null) without rowid;
create table runs (
    collector text not null, scenario text not null, seed integer not null, world text not null, verdict text not null,
    failures text not null, judged text not null, fates text not null, probes text not null, detail text not null,
    history_sha256 text not null, history blob, made real not null, took real not null,
    primary key (collector, scenario, seed, world)
) without rowid;
create index runs_by_seed on runs (world, seed);
"""
#: What is there stays, but for what the machine starved: that is no outcome.
_KEY = "collector = ? and scenario = ? and seed = ? and world = ?"
_CLEAR = f"delete from runs where {_KEY} and verdict = '{STARVED}'"  # noqa: S608 - a constant
_INSERT = "insert or ignore into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#: All of a row but what real time it took: equal sweeps give equal rows.
_LASTING = "collector, scenario, seed, world, verdict, failures, judged, fates, probes, detail, history_sha256, history"


class Store:
    """The file of a sweep; ``path`` None: in memory. Raises BadInput for a file that cannot be
    used.
    """

    def __init__(self, path: Path | None, collector: str, clause: str = "*") -> None:
        self._where = str(path) if path else "--into"
        self.collector = collector
        identity = {
            "format": str(FORMAT),
            "version": __version__,
            "generator": str(GENERATOR),
            "collector": collector,
            "clause": clause,
        }
        try:
            self.connection = sqlite3.connect(path or ":memory:")
        except sqlite3.Error as error:
            raise BadInput(f"cannot be used as a store: {error}", where=self._where, hint="name a new file") from None
        try:
            self._open(identity)
            # Only now: a file that is somebody else's stays as it is.
            self.connection.execute("pragma journal_mode = wal")
            self.connection.execute("pragma synchronous = normal")
        except BadInput:
            self.connection.close()
            raise
        except sqlite3.Error as error:
            self.connection.close()
            raise BadInput(f"cannot be used as a store: {error}", where=self._where, hint="name a new file") from None

    def _open(self, identity: dict[str, str]) -> None:
        known = self.connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        if not known:
            with self.connection:
                self.connection.executescript(_TABLES)
                self.connection.executemany("insert into meta values (?, ?)", identity.items())
            return
        if ("meta",) not in known:
            raise BadInput("is no store of a sweep", where=self._where)
        found = meta_of(self.connection)
        for key, value in identity.items():
            if found.get(key) != value:
                raise BadInput(
                    f"is a store of {key} {found.get(key)!r}, this sweep is of {value!r}",
                    where=self._where,
                    hint="name a new file",
                )

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Add a batch, all of it or nothing; what is there already stays as it is, unless it was
        starved. Raises BadInput where the disk is full.
        """
        rows = [_row(self.collector, outcome) for outcome in outcomes]
        try:
            with self.connection:
                self.connection.executemany(_CLEAR, [row[:4] for row in rows])
                self.connection.executemany(_INSERT, rows)
        except sqlite3.Error as error:
            raise BadInput(f"cannot be written: {error}; what was done before stays", where=self._where) from None

    def done(self, world: str) -> set[int]:
        """The seeds of a world that are there, but for those that the machine starved: they run
        again.
        """
        query = "select seed from runs where world = ? and verdict != ?"
        return {seed for (seed,) in self.connection.execute(query, (world, STARVED))}

    def sampled(self) -> list[tuple[int, str, str]]:
        """(seed, world, hash of the history) of the runs that passed and whose hash was kept."""
        query = (
            "select seed, world, history_sha256 from runs where verdict = 'pass' and history_sha256 != ''"
            " order by world, seed"
        )
        return list(self.connection.execute(query))

    def lasting(self) -> list[tuple[Any, ...]]:
        """Every row without its times."""
        query = f"select {_LASTING} from runs order by world, seed"  # noqa: S608 - a constant
        return list(self.connection.execute(query))

    def close(self) -> None:
        self.connection.close()


def meta_of(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("select key, value from meta"))


def open_to_read(path: Path) -> sqlite3.Connection:
    """A store to read from, whatever collector it is of. Raises BadInput."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise BadInput(f"cannot be read as a store: {error}", where=str(path)) from None
    try:
        found = meta_of(connection)
    except sqlite3.Error as error:
        connection.close()
        raise BadInput(f"cannot be read as a store: {error}", where=str(path)) from None
    if found.get("format") != str(FORMAT):
        connection.close()
        raise BadInput(f"is a store of format {found.get('format')!r}, this kit reads {FORMAT}", where=str(path))
    return connection


def _row(collector: str, outcome: Outcome) -> tuple[Any, ...]:
    failures = [[failure.clause, failure.kind, failure.reason] for failure in outcome.failures]
    return (
        collector,
        outcome.scenario,
        outcome.seed,
        outcome.world,
        outcome.verdict,
        _text(failures),
        _text(outcome.judged),
        _text(outcome.fates),
        _text(outcome.probes),
        outcome.detail,
        outcome.history_sha256,
        outcome.history or None,
        *outcome.seconds,
    )


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def ranges(seeds: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending seeds as ranges, the end not included."""
    begin = end = -1
    for seed in seeds:
        if seed != end:
            if end > begin >= 0:
                yield begin, end
            begin = seed
        end = seed + 1
    if end > begin >= 0:
        yield begin, end
