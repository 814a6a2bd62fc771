"""What happened in a run, in order: the only truth that judges and reports know.

A record has ``i`` (its index), ``t`` (virtual ns), ``pass``, ``actor`` and ``op``. ``pass`` counts
from 0; between two passes it is the one to come. ``path`` (relative to the world) and ``result``
stand where they apply. Nothing of the machine is in a record: no inode, descriptor, device, pid,
change time, wall time, version or error text. So the same run gives the same bytes everywhere, and
``sha256`` names it, whatever the collector is called.

What each kind of record holds stands in ``records``, and in docs/history.md.
"""

from __future__ import annotations

import hashlib
import json
import json.encoder
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

#: The agent: it makes the directories before anybody writes.
AGENT = "agent"
#: The collector's own name among the actors.
COLLECTOR = "collector"
#: The harness's: who begins passes and looks at the tree.
KIT = "kit"

_ENCODER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _encoding() -> Callable[[Any], str]:
    """The canonical form of one value.

    Where the C encoder can be had it is made once: making it anew for each record costs as much as
    the record.
    """
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _ENCODER.encode
    chunks = make(
        None, _ENCODER.default, json.encoder.encode_basestring_ascii, None, ":", ",", True, False, False
    )
    return lambda value: "".join(chunks(value, 0))


_encode = _encoding()
#: Lines that are hashed together: a history may be larger than the memory that its text would take.
_AT_ONCE = 1_000
_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii


class Record(NamedTuple):
    """One line of the history; its index in it is ``i``."""

    t: int
    pass_number: int
    actor: str
    op: str
    path: str
    result: Any

    def line(self, i: int) -> str:
        """Its canonical form, ``i`` being its place in the history: one JSON text, keys sorted,
        ASCII, no spaces.

        Put together from its parts: records are many, and their dictionaries would cost as much as
        they do.
        """
        t, pass_number, actor, op, path, result = self
        told = f',"path":{_quoted(path)}' if path else ""
        if op == "call" and type(result) is dict and len(result) == 1 and type(name := result.get("call")) is str:
            told += f',"result":{{"call":{_quoted(name)}}}'  # most records: a call that succeeded, and no more to say
        elif result is not None:
            told += f',"result":{_encode(result)}'
        return f'{{"actor":{_quoted(actor)},"i":{i},"op":{_quoted(op)},"pass":{pass_number}{told},"t":{t}}}'


def _unnamed(record: Record) -> Record:
    """The record of how a run is made, without what the collector is called."""
    if not isinstance(record.result, dict):
        return record
    return record._replace(result={name: value for name, value in record.result.items() if name != "subject"})


class History:
    """A list of records and its canonical form."""

    records: list[Record]

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.records = list(records)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def lines(self) -> Iterator[str]:
        """One JSON text a record: sorted keys, ASCII, no spaces, without the line's end."""
        for i, record in enumerate(self.records):
            yield record.line(i)

    def sha256(self) -> str:
        """The SHA-256 over the canonical lines, each with its newline, but for the subject's name.

        It tells what happened: a copy of a collector that does the same has the same hash.
        """
        digest = hashlib.sha256()
        lines = ((_unnamed(one) if one.op == "run" else one).line(i) for i, one in enumerate(self.records))
        while piece := list(islice(lines, _AT_ONCE)):
            digest.update("\n".join([*piece, ""]).encode("ascii"))
        return digest.hexdigest()
