"""What all hazards share: their options' model, and a bench to build steps on.

The rules: a hazard is a frozen model whose fields are its options as they stand in a scenario file.
``apply`` is a pure function of the actor's steps, its assignment and a random stream. A hazard adds
what it needs under fresh names and tokens. It leaves the steps it was given alone, unless its noun
says otherwise. So any hazard goes with any producer and any other hazard. Amounts are per window
and may be relative to a limit (``"quota+1"``).
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

from ..base import BadInput, Draw, did_you_mean
from ..core import (
    AGENT_EVENTS_DIR,
    TOKEN_DIGITS,
    TOKEN_PREFIX,
    Document,
    Label,
    Step,
    Window,
    amount,
    check_amount,
    directory_outside,
    token,
)
from ..writers import (
    COMPACT,
    MILLISECOND,
    PROVIDER,
    Assignment,
    Element,
    Layout,
    Names,
    Value,
    bare,
    document,
    json_parameters,
    label,
    maker,
    said,
    valid,
)

_NAME = re.compile(r"([0-9]+)\.(?:json|tld)\Z", re.ASCII | re.IGNORECASE)


#: How many: a number, or a limit of the subject with an offset (``quota``,
#: ``3*quota+1``, ``file_size-1``).
Amount = Annotated[StrictInt | StrictStr, AfterValidator(check_amount)]


def known(given: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """The names given; ValueError with the nearest for one that does not exist."""
    for name in given:
        if name not in names:
            hint = did_you_mean(name, names)
            raise ValueError(f"no such kind: {name!r}" + (f"; {hint}" if hint else ""))
    return given


def first_free_token(steps: Sequence[Step]) -> int:
    """The number after the highest token in these steps."""
    digits = TOKEN_DIGITS - 3
    numbers = [
        int(one.token[-digits:], 16)
        for step in steps
        for one in step.labels or ()
        if one.token.startswith(TOKEN_PREFIX)
    ]
    return max(numbers, default=-1) + 1


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps by time; those of one time stay in the order given."""
    return sorted(steps, key=lambda step: step.at)


class Bench:
    """Where a hazard builds: fresh tokens, fresh names, valid events, and the steps made so far."""

    def __init__(self, steps: Sequence[Step], assignment: Assignment, draw: Draw) -> None:
        self.assignment = assignment
        self.limits = assignment.limits
        self.directory = assignment.directory
        self.agent = assignment.directory == AGENT_EVENTS_DIR
        self.draw = draw
        self.steps = list(steps)
        taken = {
            int(found[1])
            for step in steps
            for path in (step.path, step.to)
            if (found := _NAME.search(path)) and len(found[1]) < 32
        }
        self._names = Names(assignment.epoch, taken)
        self._number = first_free_token(steps)
        self._make = maker(assignment, draw.spawn("events"))

    def token(self) -> str:
        """The next free token."""
        self._number += 1
        return token(self.assignment.actor, self._number - 1)

    def name(self, at: int) -> str:
        """A fresh event file name for this moment."""
        name = self._names.fresh(at)
        return f"{name.removesuffix('.json')}.tld" if self.agent else name

    def path(self, at: int) -> str:
        """A fresh event file's path."""
        return f"{self.directory}/{self.name(at)}"

    def moment(self, window: Window) -> int:
        """A random moment in the first nine tenths of the window, on a whole millisecond."""
        span = max(1, (window.end - window.begin) * 9 // 10 // MILLISECOND)
        return min(window.begin + self.draw.below(span) * MILLISECOND, window.end - 1)

    def event(self, at: int) -> Element:
        """A valid plain event with a fresh token."""
        self._number += 1
        return Element(*self._make(self._number - 1, at))

    def events(self, at: int, amount: int) -> list[Element]:
        return [self.event(at) for _ in range(amount)]

    def file(self, at: int, amount: int = 1) -> Document:
        """A whole document of valid events under a fresh name: one object, or a list of more.

        In the agent's events dir a file is one legacy extension event.
        """
        if self.agent:
            return self._agent_file(at)
        return document(self.name(at), self.events(at, amount), COMPACT, as_list=amount != 1)

    def _agent_file(self, at: int) -> Document:
        mark, say = self.token(), COMPACT.text
        parameters = [
            said("Name", say(self.assignment.handler)),
            said("Version", say("1.0.0")),
            said("Operation", say("Enable")),
            bare("OperationSuccess", True),
            said("Message", say(f"{mark} from a hazard")),
            bare("Duration", self.draw.below(90_000)),
        ]
        body = json_parameters(parameters, COMPACT)
        data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{body}}}'
        return Document(self.name(at), data.encode(), (label(mark, "legacy-extension", 1, parameters),))

    def add(self, *steps: Step) -> None:
        self.steps.extend(steps)

    def number(self, value: Amount) -> int:
        """The number that an amount means for the subject of this run."""
        return amount(value, self.limits)

    def write(self, at: int, path: str, data: bytes, labels: tuple[Label, ...] | None, *, during: bool = False) -> None:
        """Add a step that writes a whole file."""
        self.add(Step(at, "write", path, data, labels=labels, during=during))

    def place(self, at: int, written: Document, *, during: bool = False) -> str:
        """Add a direct write of the document into the events dir; gives its path."""
        path = f"{self.directory}/{written.name}"
        self.add(Step(at, "write", path, written.data, mode=written.mode, labels=written.labels, during=during))
        return path

    def valid(self, values: dict[str, Value], layout: Layout = COMPACT, token: str | None = None) -> Element:
        """A valid event with these values; the Message must begin with the token given."""
        return valid(self.assignment.handler, self.token() if token is None else token, values, self.limits, layout)

    def directory_outside(self) -> str:
        """The actor's own directory beyond the log dir, made at the start:
        nothing in it may be touched.
        """
        path = directory_outside(self.assignment.actor)
        if not any(step.act == "mkdir" and step.path == path for step in self.steps):
            self.add(Step(self.assignment.windows[0].begin, "mkdir", path, mode=0o755))
        return path

    def done(self) -> list[Step]:
        return in_order(self.steps)


class HazardType(BaseModel):
    """A hazard's options, as they stand in a scenario file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The default of ``kind``, by which a scenario names it.
    name: ClassVar[str]
    about: ClassVar[str]
    #: Whether it can also work in the agent's events dir, on ``*.tld`` files.
    agent_events: ClassVar[bool] = False

    passes: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        default=(), description="The passes (from 0) that it meets; none given means every one."
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "kind" in cls.model_fields:
            cls.name = cls.model_fields["kind"].default

    def apply(self, steps: Sequence[Step], assignment: Assignment, draw: Draw) -> list[Step]:
        """The new plan, in order of time."""
        if assignment.directory == AGENT_EVENTS_DIR and not self.agent_events:
            raise BadInput(f"hazard {self.name!r} is of extension events; the producer writes agent events")
        bench = Bench(steps, assignment, draw)
        for window in assignment.windows:
            if not self.passes or window.number in self.passes:
                self.add(bench, window)
        return bench.done()

    @abstractmethod
    def add(self, bench: Bench, window: Window) -> None:
        """Add this hazard's steps for the pass that ends the window."""
