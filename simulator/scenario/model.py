"""What a scenario file may say: one model a table of it, validated before anything runs.

Rules: a scenario is data only; unknown keys are errors;
amounts may be relative to the subject's limits. docs/scenarios.md documents the format.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..base import SECOND
from ..core import Amount, Limits, check_amount, duration
from . import timezones
from .faults import Fault
from .places import Place
from .variants import Kind

WorldName = Literal["fake", "real"]

#: A scenario of more passes than a virtual week of them is a mistake of units.
MOST_PASSES = 2_016
#: Seconds from one pass to the next, unless the scenario sets others.
_PERIOD = Limits().period // SECOND
AmountField = Annotated[Amount, AfterValidator(check_amount)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def check_name(name: str) -> str:
    """A handler's name; ValueError for what can be none."""
    if "/" in name or "\0" in name or name in {".", ".."}:
        raise ValueError(f"{name!r} is no directory name")
    return name


class Change(_Model):
    """One change in the life of an extension's directory."""

    do: Literal["install", "remove", "renew", "rename"] = Field(
        description="install: the handler's directory and its events dir are made; remove: they go, with all "
        "that is in them; renew: the events dir goes likewise and is made anew; rename: the handler's directory "
        "gets another name."
    )
    in_pass: int = Field(ge=0, description="The pass (from 0) that it comes before, or falls into.")
    when: Literal["early", "late", "during"] = Field(
        "early",
        description="Before anything is written for that pass, once everything is, or among the calls of the pass.",
    )
    to: Annotated[str, AfterValidator(check_name)] = Field("", max_length=255, description="rename: the new name.")

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Change:
        if (self.do == "rename") != bool(self.to):
            raise ValueError("'to' goes with 'rename', and 'rename' with 'to'")
        if self.to.startswith("-"):
            raise ValueError("nothing is renamed to begin with '-': nobody would read what waits there")
        return self


class Actor(_Model):
    """One extension (or several alike): who writes, what, how much, and how badly."""

    handler: str = Field(min_length=1, max_length=255, description="Name of the extension's directory in the log dir.")
    name_bytes: str = Field(
        "",
        pattern=r"^([0-9a-f]{2})*$",
        description="Bytes in hexadecimal that end the directory's name, for names that no TOML file can hold.",
    )
    role: Literal["attacker", "bystander"] = Field(
        "bystander", description="Whose harm counts: attackers' does not, bystanders' does."
    )
    producer: str = Field("plain", description="Who writes: a name of `simulate list --producers`.")
    traffic: str = Field(
        "steady", description="When, within the time between two passes: a name of `simulate list --traffic`."
    )
    events: AmountField = Field(10, description="Events written before each pass.")
    per_file: AmountField = Field(1, description="Events that share a file, at most.")
    passes: list[Annotated[int, Field(ge=0)]] | None = Field(
        None, description="Write only before these passes (from 0); default: before each."
    )
    copies: int = Field(1, ge=1, le=1000, description="So many extensions alike; the second is named `<handler>-2`.")
    hazards: list[dict[str, Any]] = Field(
        default_factory=list, description="What goes wrong: tables with a `kind` of `simulate list --hazards`."
    )
    life: list[Change] = Field(
        default_factory=list,
        description="When it is installed, removed, renewed and renamed, in order of time; it writes while it is "
        "installed. Default: it is there always.",
    )

    @model_validator(mode="after")
    def _lives_in_order(self) -> Actor:
        order = ("early", "late", "during")
        moments = [(change.in_pass, order.index(change.when)) for change in self.life]
        if moments != sorted(moments):
            raise ValueError("'life' is told in order of time")
        installed = bool(self.life) and self.life[0].do != "install"
        for change in self.life:
            if installed == (change.do == "install"):
                raise ValueError(f"'life': {change.do} in pass {change.in_pass}, when it is {'' if installed else 'not '}installed")
            installed = change.do != "remove"
        return self

    @model_validator(mode="after")
    def _plain_name(self) -> Actor:
        try:
            check_name(self.handler)
        except ValueError as error:
            raise ValueError(f"handler {error}") from None
        if {0, 0x2F} & set(bytes.fromhex(self.name_bytes)):
            raise ValueError("name_bytes can hold neither 00 nor 2f")
        return self

    @property
    def directory_name(self) -> str:
        """The handler's name, undecodable bytes as surrogate escapes."""
        return self.handler + bytes.fromhex(self.name_bytes).decode("utf-8", "surrogateescape")


class Threshold(_Model):
    """A bound that ends a load run with exit code 11 when it is crossed."""

    metric: Literal["backlog.max", "age.p99", "lost", "duplicated", "rss.growth"] = Field(
        description="What is bounded: files that wait, seconds until they are taken, events lost or "
        "handed over twice, MiB by which the process grows."
    )
    most: float = Field(ge=0, description="The largest value that is no failure.")


class Scenario(_Model):
    """A whole scenario file."""

    schema_: Literal[1] = Field(alias="schema", description="Version of this format.")
    title: str = Field(min_length=1, max_length=120, description="What happens, in one line.")
    about: str = Field(min_length=1, description="What happens, and the field problem behind it.")
    clauses: list[str] = Field(
        min_length=1,
        description="The clauses that it must show. One of which it shows nothing is the kit's failure (exit 3).",
    )
    level: Literal["core", "hardened"] | None = Field(
        None, description="Whether it is more than ordinary conditions; default: the highest level of its clauses."
    )
    world: Literal["fake", "real", "both"] = Field(
        "both", description="Where it runs: a file system in memory, a directory, or both in turn."
    )
    passes: int | None = Field(None, ge=1, le=MOST_PASSES, description="How many passes; or give `duration`.")
    duration: str | float | None = Field(None, description="How long, in virtual time; passes follow from the period.")
    service: bool = Field(
        False, description="Run the collector's own thread on the virtual clock, in place of single passes."
    )
    stop_at: str | float | None = Field(None, description="service: when it is stopped; default: at the end.")
    exhaust: list[Kind] = Field(
        default_factory=list,
        description="What the conformance run tries exhaustively: a crash at every point, every errno at every "
        "call, every step before every call.",
    )
    log_dir: Literal["present", "late", "link"] = Field(
        "present", description="The log dir: there, there only after the first pass, or a link to where it is."
    )
    agent_events_dir: Literal["present", "missing"] = Field("present", description="The agent events dir.")
    timezone: str = Field(
        "",
        pattern=timezones.PATTERN,
        description="The host's time zone, by name (Asia/Kolkata) or as a rule (NST3:30); default: the machine's.",
    )
    collector: dict[str, int | float | str | bool] = Field(
        default_factory=dict, description="Settings of the collector under test."
    )
    actor: list[Actor] = Field(min_length=1, max_length=4_000, description="Who writes.")
    fault: list[Fault] = Field(default_factory=list, description="What the system, the clock or the sender does.")
    place: list[Place] = Field(
        default_factory=list,
        description="Where steps fall within passes, in place of the seed's schedule.",
    )
    threshold: list[Threshold] = Field(
        default_factory=list, description="Bounds of `simulate load` alone."
    )

    #: Where it was read from; set by ``load``.
    id: str = Field("", exclude=True, init=False)

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        if (self.passes is None) == (self.duration is None):
            raise ValueError("give either 'passes' or 'duration'")
        if self.duration is not None:
            duration(self.duration)
        if self.stop_at is not None:
            if not self.service:
                raise ValueError("'stop_at' goes with 'service'")
            duration(self.stop_at)
        period = self.collector.get("period", _PERIOD)
        if isinstance(period, (str, bool)) or period <= 0:
            raise ValueError(f"collector.period is a number of seconds above 0, not {period!r}")
        late = [change.in_pass for actor in self.actor for change in actor.life if change.in_pass >= self.pass_count]
        if late:
            raise ValueError(f"'life' tells of pass {late[0]}, and there are {self.pass_count}, from 0")
        beyond = [place.in_pass for place in self.place if place.in_pass >= self.pass_count]
        if beyond:
            raise ValueError(f"'place' tells of pass {beyond[0]}, and there are {self.pass_count}, from 0")
        strangers = [place.actor for place in self.place if not self._writes(place.actor)]
        if strangers:
            raise ValueError(f"'place' names {strangers[0]!r}, and no actor writes under that name")
        if not 1 <= self.pass_count <= MOST_PASSES:
            raise ValueError(
                f"duration {self.duration!r} means {self.pass_count} passes of {period} s; 1 to {MOST_PASSES} are possible"
            )
        return self

    def _writes(self, name: str) -> bool:
        """Whether an actor has that name, by itself, as a copy or later in its life."""
        return any(
            name == actor.directory_name
            or name.startswith(f"{actor.directory_name}-")
            or any(change.to == name for change in actor.life)
            for actor in self.actor
        )

    @property
    def period(self) -> int:
        """Virtual ns from one pass to the next."""
        return round(float(self.collector.get("period", _PERIOD)) * SECOND)

    @property
    def pass_count(self) -> int:
        if self.passes is not None:
            return self.passes
        return duration(self.duration or 0) // self.period

    @property
    def worlds(self) -> tuple[WorldName, ...]:
        """The worlds that it declares, the fake one first."""
        return ("fake", "real") if self.world == "both" else (self.world,)
