"""What the JSON report holds: the types of its values, in one place.

Rules: ``simulate schema report`` and the tables of docs/reports.md are made from these, and a test
holds every report to them. A key is always there unless its type says ``NotRequired``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from ..base import Exit


def _moment(text: str) -> str:
    """A moment that there is, or nobody's."""
    if text and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("has no time zone")
    return text


_CLOSED = ConfigDict(extra="forbid")
#: The largest number that every reader of JSON takes exactly.
_LARGEST = 2**53 - 1
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
#: A seed is any number that somebody types.
Seed = Annotated[int, Field(ge=0, le=2**128)]
Number = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]
#: Longer than anything runs, and shorter than what a clock can tell.
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
_PATTERN = r"^((19[7-9]|[2-9][0-9]{2})[0-9]-[0-9:T.-]{14,30}(Z|[+-][0-9:]{5}))?$"
Moment = Annotated[str, Field(pattern=_PATTERN), AfterValidator(_moment)]
_CODES = {"enum": [int(code) for code in Exit]}
Code = Annotated[int, Field(json_schema_extra=_CODES), AfterValidator(lambda code: int(Exit(code)))]
Verdict = Literal["pass", "fail", "skip", "error"]
Fates = Annotated[dict[str, Count], Field(description="fate -> events")]
#: What a report against an earlier one says of a clause or a scenario.
Change = Literal["", "new", "fixed", "still", "unseen"]
_CHANGE = "against the baseline: new, fixed or still failing, unseen in it, or nothing"


@with_config(_CLOSED)
class Kit(TypedDict):
    """Which kit made it."""

    name: str
    version: str


@with_config(_CLOSED)
class Made(TypedDict):
    """When, where and how it was made."""

    command: Annotated[str, Field(description="the verb: run, conform, matrix, report, recheck")]
    at: Annotated[Moment, Field(description="when the command began: ISO 8601 in UTC; empty where nobody says")]
    seconds: Annotated[Seconds, Field(description="how long it took, by the wall's clock")]
    python: str
    system: Annotated[str, Field(description="kernel, its release and the machine's kind; no host's name")]


@with_config(_CLOSED)
class Basis(TypedDict):
    """What the verdict rests on."""

    profile: Annotated[str, Field(description="whose differences by design were expected; empty for nobody's")]
    level: Annotated[str, Field(description="core, hardened, or empty for both")]
    capabilities: Annotated[dict[str, Any], Field(description="what the collector declares")]
    limits: Annotated[dict[str, Any], Field(description="the contract's limits, as it was judged by them")]
    stopped: Annotated[bool, Field(description="it ended before all that was selected had run")]
    contract: Annotated[str, Field(description="the frozen version that was asked for; empty for today's")]
    contract_sha256: Annotated[str, Field(description="of the clauses that were scored; empty where nobody says")]
    kit_sha256: Annotated[str, Field(description="of the kit's code and scenarios; empty where nobody says")]
    files: Annotated[dict[str, str], Field(description="name -> SHA-256 of each file of the collector")]


@with_config(_CLOSED)
class Summary(TypedDict):
    """Clauses by their verdict."""

    passed: Count
    failed: Count
    skipped: Count
    errors: Count


@with_config(_CLOSED)
class ClauseRow(TypedDict):
    """A clause over all scenarios: its worst verdict, and the first reason for it."""

    slug: str
    level: str
    verdict: Verdict
    kind: Annotated[str, Field(description="difference, known, stale, refused, unseen, starved, or nothing")]
    reason: str
    scenarios: list[str]
    change: NotRequired[Annotated[Change, Field(description=_CHANGE)]]


@with_config(_CLOSED)
class ScenarioClause(TypedDict):
    """A clause in one scenario."""

    slug: str
    verdict: Verdict
    kind: str
    reason: str
    expected_by: Annotated[str, Field(description="which profile or list expects the failure")]
    expected_why: str
    story: Annotated[
        list[str], Field(description="what became of the event that the failure is about, or the records around it")
    ]


@with_config(_CLOSED)
class Extension(TypedDict):
    """An extension, and what became of its events."""

    written: Count
    fates: Fates


@with_config(_CLOSED)
class Variants(TypedDict):
    """Variants of an exhaustive run, of one kind."""

    tried: Count
    failed: Count


@with_config(_CLOSED)
class Raised(TypedDict):
    """An error that left the collector."""

    error: str
    file: Annotated[str, Field(description="relative to the working directory where it lies below it")]
    line: Count
    function: str
    passes: list[Number]
    traceback: Annotated[list[str], Field(description="its own frames alone")]


#: ``pass`` is no name of Python's, so the type has no class.
SaidLine = TypedDict("SaidLine", {"pass": Number, "source": str, "text": str})


@with_config(_CLOSED)
class Said(TypedDict):
    """What the collector said; no verdict comes from it."""

    raised: list[Raised]
    lines: Annotated[list[SaidLine], Field(description="the first 100 and the last 100")]
    left_out: Annotated[Count, Field(description="lines that were not kept")]


@with_config(_CLOSED)
class ScenarioRun(TypedDict):
    """One scenario in one world."""

    id: str
    title: str
    file: Annotated[str, Field(description="the scenario's file; of one that ships, its place in the kit")]
    verdict: Verdict
    kind: Annotated[str, Field(description="hang, crash, protocol, refused, starved, difference, known, or nothing")]
    detail: Annotated[str, Field(description="more of a scenario that failed as a whole")]
    seed: Seed
    world: str
    fates: Fates
    invented: Annotated[Count, Field(description="what was delivered and never written")]
    reasons: Annotated[dict[str, Count], Field(description="of dropped and discarded events")]
    extensions: dict[str, Extension]
    victims: Annotated[dict[str, Count], Field(description="whose events others cost them")]
    clauses: list[ScenarioClause]
    variants: dict[str, Variants]
    unrun: Annotated[Count, Field(description="variants that were planned and not run")]
    cage: Annotated[list[str], Field(description="layers of the cage that held around the collector")]
    cause: Annotated[list[str], Field(description="why it fails, as `simulate why` tells it, or how to ask for it")]
    said: Said
    virtual_seconds: Seconds
    wall_seconds: Seconds
    records: Annotated[Count, Field(description="how many its history has")]
    hurried: NotRequired[Annotated[Count, Field(description="calls in the machine's order; left out for 0")]]
    history_sha256: str
    reproduce: Annotated[str, Field(description="the line that shows it again")]
    change: NotRequired[Annotated[Change, Field(description=_CHANGE)]]


@with_config(_CLOSED)
class Baseline(TypedDict):
    """An earlier report that this one was put beside: what of clauses and scenarios changed."""

    collector: str
    at: Annotated[Moment, Field(description="when it was made")]
    new: Annotated[Count, Field(description="that fail now, and did not or were not known")]
    fixed: Count
    still: Annotated[Count, Field(description="that failed and do so")]
    unseen: Annotated[Count, Field(description="that failed and were not judged now")]
    missing: Annotated[list[str], Field(description="scenarios that failed and are not in this report")]


@with_config(_CLOSED)
class Report(TypedDict):
    """The JSON report of a run."""

    schema: Literal[1]
    kit: Kit
    made: Made
    basis: Basis
    collector: str
    world: Annotated[str, Field(description="fake, real, both, saved (of a history) or none")]
    seed: Seed
    exit: Annotated[Code, Field(description="the exit code")]
    summary: Summary
    baseline: NotRequired[Baseline]
    clauses: list[ClauseRow]
    scenarios: list[ScenarioRun]
