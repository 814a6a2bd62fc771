"""What one seed came to: plain data, which crosses processes and machines and becomes a row of the
store.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from .judged import Failure


@dataclass(frozen=True, slots=True)
class Found:
    """A failure made small: the data of both scenarios, the seed of each, and what the small one's
    run says. ``steps``: those of writers.
    """

    signature: str
    seed: int
    original_seed: int
    world: str
    collector: str
    data: dict[str, Any]
    original: dict[str, Any]
    reason: str
    runs: int
    steps: int
    history_sha256: str
    #: Why it fails: the lines of ``simulate why``.
    cause: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """One run of a sweep. ``verdict``: pass, fail, skip or starved. ``judged``: the clauses that
    had something to judge. ``seconds``: real time of making the scenario, and of running and
    judging it.
    """

    seed: int
    world: str
    scenario: str
    verdict: str
    failures: list[Failure] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    fates: dict[str, int] = field(default_factory=dict)
    probes: dict[str, int] = field(default_factory=dict)
    seconds: tuple[float, float] = (0.0, 0.0)
    history_sha256: str = ""
    #: Of a failing run, its lines, compressed; "" of others.
    history: bytes = b""
    detail: str = ""

    @property
    def signatures(self) -> list[str]:
        """What failed, each once, in the contract's order."""
        return list(dict.fromkeys(failure.signature for failure in self.failures))

    @property
    def leading(self) -> str:
        """The signature that is made small, of a run that failed: an error of the collector's own
        explains the rest. Else it is the first.
        """
        return min(self.signatures, key=lambda signature: not signature.startswith(_ERROR))


#: The clause of errors that a collector itself tells.
_ERROR = "run.errors"
#: Characters that are left of a text of an outcome that is too large.
_LONGEST = 400

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_FORM: TypeAdapter[Outcome | Found] = TypeAdapter(
    Outcome | Found, config=ConfigDict(val_json_bytes="base64", extra="forbid")
)


def written(one: Outcome | Found) -> bytes:
    """As JSON, since it comes from a process in which a collector runs: what that wrote in its
    place is data at most. Half a surrogate, which no UTF-8 holds, becomes a question mark.
    """
    told = {each.name: getattr(one, each.name) for each in fields(one)}
    if isinstance(one, Outcome):
        told["failures"] = [asdict(failure) for failure in one.failures]
        told["history"] = urlsafe_b64encode(one.history).decode("ascii")
    return _ENCODER.encode(told).encode("utf-8", "replace")


def cut(outcome: Outcome) -> Outcome:
    """The same without its history, and with the beginnings of its texts."""
    failures = [replace(failure, reason=failure.reason[:_LONGEST]) for failure in outcome.failures]
    return replace(outcome, failures=failures, detail=outcome.detail[:_LONGEST], history=b"")


def read(data: bytes) -> Outcome | Found:
    """Raises ValueError for what was not written so."""
    return _FORM.validate_json(data)
