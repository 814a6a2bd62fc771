"""What happened in a run, in order: the only truth that judges and reports know.

A record has ``i`` (its index), ``t`` (virtual ns), ``pass``, ``actor`` and ``op``. ``pass`` counts
from 0; between two passes it is the one to come. ``path`` (relative to the world) and ``result``
stand where they apply. Nothing of the machine is in a record: no inode, descriptor, device, pid,
change time, wall time, version or error text. So the same run gives the same bytes everywhere, and
``sha256`` names it.

=============  =============================================================================================
op             result
=============  =============================================================================================
run            {scenario, seed, subject, limits, delivery, capabilities, hosted: settings given by the embedding agent?,
               actors: [{name, handler, role, producer}], of a program
               lacking: what its world does not offer, slack: ns that a pass may last, confirmed_by: "line"}
pass-begin     {kind: "extension" or "agent"}
pass-end       {end: "returned" or how it ended, leaked: open descriptors}
step           {act, to?, bytes?, mtime?, labels?: [token, due, reason or parameters, secrets?, clauses that it was written to try?], errno?}
call           {call, errno?, seen?: a program's, told by what it did to the directories, after its pass}
offered        an events dir that lay there for a program to list when the pass began
deliver        {key: [handler, file, index], keyless?: it has none, and this is where it was read, values: [...] in the wire's order,
               names?: [...] of the parameters, ids?: [eventId, providerId, file_type]: both where they are not the contract's}
flush          {confirmed}
notice         {kind, extension, reason, count, reworded: it does not say what operators search for?}
emit           the same, of a notice that the collector gives to the agent that embeds it
ledger         the pass report's ledger, as the collector told it
capability     {name, problem}: one that is declared and does not hold
log            {level, unsafe: control characters or a forged line in it, secret: a planted secret in it, extensions: [...], text: of a service, which}
fault          {kind, ...}
service        {do: run, before-stop, stop, start-again or signal; alive, stopped, and what applies: name, daemon, took (ns)}
changed        {when, what: [aspects of the process around the collector that are otherwise than before]}, of scenarios that check run.guest
crash restart  {}
escape         {event}
tree           [[path, kind, size], ...]
=============  =============================================================================================
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
        path = f',"path":{_quoted(self.path)}' if self.path else ""
        result = "" if self.result is None else f',"result":{self._encoded_result()}'
        return f'{{"actor":{_quoted(self.actor)},"i":{i},"op":{_quoted(self.op)},"pass":{self.pass_number}{path}{result},"t":{self.t}}}'

    def _encoded_result(self) -> str:
        if self.op == "call" and len(self.result) == 1:  # most records: a call that succeeded, and no more to say
            return f'{{"call":{_quoted(self.result["call"])}}}'
        return _encode(self.result)


class History:
    """A list of records and its canonical form."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.records: list[Record] = list(records)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def lines(self) -> Iterator[str]:
        """One JSON text a record: sorted keys, ASCII, no spaces, without the line's end."""
        for i, record in enumerate(self.records):
            yield record.line(i)

    def sha256(self) -> str:
        """The SHA-256 over the canonical lines, each with its newline."""
        digest = hashlib.sha256()
        lines = self.lines()
        while piece := list(islice(lines, _AT_ONCE)):
            digest.update("\n".join([*piece, ""]).encode("ascii"))
        return digest.hexdigest()
