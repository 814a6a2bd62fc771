"""A pass over one events dir that only looks: the collector's own, told from inside.

``Inspection`` is the collector's inbox of an extension. It lets it work as ever, in a directory
that nothing is removed from, and tells of every file what came of it. What the collector decides on
is decided by the collector; what is found here besides are places and advice.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import Any

from ..core import EMPTY, MISSING_KEY, OVERSIZE_EVENT, WRONG_KIND
from .advice import advise, documented
from .finding import EventFate, EventOutcome, FileOutcome, Finding, Place
from .other_entries import stranger
from .positions import Lines, keys
from .problems import named, of_problem
from .profile import Terms
from .propagate import candid
from .readonly import Taped, discard_each
from .reference import directory, errors, event, extension, listing, reader, report, telemetry
from .status import on_status
from .syntax_errors import meant, place_in_json

_NO_LIMIT = 1 << 62

Tell = Callable[[FileOutcome], None]
#: The fields of an event, or why it is dropped.
Verdict = tuple[tuple[str, ...], str | None]


@candid
class Inspection(extension.Extension):
    """One handler's inbox. ``tell`` gets the outcome of each entry, in the order of the pass."""

    def __init__(self, handler: str, place: directory.Directory, tally: report.Tally, outlet: Any, terms: Terms, tell: Tell, now: float) -> None:
        self._terms = terms
        self._tell = tell
        self._now = now
        self._tape: list[bytes] = []
        self._verdicts: list[Verdict] = []
        self._marks: dict[str, tuple[Place, str]] = {}
        self._told = ""
        self._strange: FileOutcome | None = None
        self._gone: set[int] = set()
        super().__init__(handler, place, terms.config, outlet, {}, tally, telemetry.common_parameters(()))

    def judge(self, element: Any, shown: str, max_message: int, max_event: int) -> Verdict:
        pairs = element if shown == reader.PAIRS else tuple(zip(event.USUAL, element, strict=True))
        if not self._terms.integer_pids and integer_pids(pairs):
            verdict: Verdict = (), f"{WRONG_KIND}: {integer_pids(pairs)[0]}"
        else:
            verdict = event.judge(element, shown, max_message, max_event)
        self._verdicts.append(verdict)
        return verdict

    def collect(self, place: directory.Directory, file: directory.File) -> None:
        self._verdicts = []
        assert isinstance(file, Taped)
        self._tape = file.tape
        try:
            super().collect(place, file)
        except errors.Malformed:
            raw = b"".join(self._tape)
            self._marks[file.name] = place_in_json(raw, self.config.max_element), meant(raw)
            raise
        except errors.OversizeElement:
            self._marks[file.name] = place_in_json(b"".join(self._tape), self.config.max_element), ""
            raise
        outcome = FileOutcome(file.name, "collected")
        self._events(outcome)
        self._on_file(outcome, file.status)
        self._tell(outcome)

    def told(self, name: str, problem: errors.FileProblem) -> None:
        super().told(name, problem)
        place, hint = self._marks.pop(name, (None, ""))
        self._told = name
        if isinstance(problem, errors.Irregular) and not problem.keep:
            self._strange = of_problem(name, problem, place, hint)  # told with what it is, once it is removed
        elif not isinstance(problem, errors.Vanished):
            self._tell(of_problem(name, problem, place, hint))

    def discard_rest(self, place: directory.Directory) -> bool:
        return discard_each(self, place)

    def discard(self, place: directory.Directory, name: str, reason: str) -> None:
        super().discard(place, name, reason)
        if reason == report.RESIDUE:
            self._gone.add(hash(name))
            self._tell(stranger(place, name, "residue"))
        elif name != self._told:
            self._tell(FileOutcome(name, "discarded", reason))
        elif self._strange is not None:
            self._tell(named(self._strange, place))
            self._strange = None

    def spared(self, place: directory.Directory) -> None:
        """Tells of the entries that are no event files and that the clean-up left."""
        for name in place.names():
            if not listing.is_event_file(name) and name in self.listing and hash(name) not in self._gone:
                self._tell(stranger(place, name, "spared"))

    def _on_file(self, outcome: FileOutcome, status: Any) -> None:
        outcome.findings += on_status(status, self._now)
        if not outcome.events and not outcome.unread:
            outcome.findings.append(Finding("no-events", "the list is empty"))

    def _events(self, outcome: FileOutcome) -> None:
        """The fates of the elements that the pass has judged, and whether there are others."""
        raw = b"".join(self._tape)
        text = reader.Text(io.BytesIO(raw).read, self.config.max_element)
        lines = Lines(codecs.getincrementaldecoder("utf-8")("replace").decode(raw))
        try:
            for index, element in enumerate(reader.elements_of(text)):
                place = lines.place(text.start)
                if index >= len(self._verdicts):
                    self._unread(outcome, index, place)
                    return
                fate, reason, found = self._event(element, *self._verdicts[index])
                outcome.events.append(EventOutcome(index, fate, reason, place))
                if found:
                    outcome.findings += sorted(_placed(found, index, place, lines, text.start), key=lambda finding: finding.place or place)
        except errors.FileProblem:  # beyond the element with which a limit was reached, nothing was read
            self._unread(outcome, len(self._verdicts), lines.place(min(text.offset, len(lines.text))))

    def _unread(self, outcome: FileOutcome, index: int, place: Place) -> None:
        full = self.tally.accepted >= self.config.quota
        rule, limit = ("quota", f"the quota, {self.config.quota:,} events,") if full else ("rejects", f"the limit of rejects, {self.config.max_rejects:,},")
        outcome.unread = True
        outcome.findings.append(Finding(rule, f"{limit} is reached here: the rest of the file is discarded unread", index, "", place))

    def _event(self, element: Any, fields: tuple[str, ...], reason: str | None) -> tuple[EventFate, str, list[Any]]:
        """(fate, reason, what was found)."""
        found: list[Any] = list(advise(element))
        if reason is not None:
            return "dropped", reason, [self._why(element, reason), *self._besides(element, reason), *found]
        whole, kept = "", fields[event.MESSAGE]
        if len(kept) >= self.config.max_message:
            whole = event.judge(element, reader.PAIRS, _NO_LIMIT, _NO_LIMIT)[0][event.MESSAGE]
        if len(whole) > len(kept):
            text = f"{len(whole):,} characters, of which {len(kept):,} are kept"
            return "cut", "", [("cut-message", text, "Message"), *found]
        return "collected", "", found

    def _why(self, element: Any, reason: str) -> Any:
        """The finding for a drop: (rule, text, key, clause)."""
        kind, _, rest = reason.partition(": ")
        key = rest.partition(" ")[0].lower()
        if kind == MISSING_KEY:
            return _missing(key)
        if kind == WRONG_KIND:
            return self._wrong(element, key)
        if kind == EMPTY:
            return "empty-message", "is empty", "Message", ""
        if kind == OVERSIZE_EVENT:
            return "oversize-event", self._size(element), "", ""
        return "not-an-object", f"{_kind(element)} is no event", "", ""

    def _wrong(self, element: Any, key: str) -> Any:
        value = event.fold(element)[key]
        if not self._terms.integer_pids and key in integer_pids(element):
            return "integer-pid", f"is an integer, {self._terms.profile.name} takes text", documented(key), ""
        clause = "event.pids-bool" if isinstance(value, bool) and key in PIDS else ""
        due = "text or an integer" if key in PIDS and self._terms.integer_pids else "text"
        return "wrong-type", f"is {_kind(value)}, {due} is expected", documented(key), clause

    def _besides(self, element: Any, reason: str) -> Iterator[Any]:
        """What else would drop an event that is dropped for this reason:
        who mends the one shall not meet the other on the next day.
        """
        if type(element) is not tuple:
            return
        given = event.fold(element)
        for field in event.FIELDS:
            value = given.get(field)
            if field not in given:
                found = _missing(field)
            elif type(value) is str:
                found = ("empty-message", "is empty", "Message", "") if field == "message" and not value.strip() else None
            elif type(value) is bytes and field in PIDS and self._terms.integer_pids:
                found = None
            else:
                found = self._wrong(element, field)
            if found is not None and found != self._why(element, reason):
                yield found

    def _size(self, element: Any) -> str:
        """The lengths that are too many, longest first."""
        values, _ = event.judge(element, reader.PAIRS, self.config.max_message, _NO_LIMIT)
        fields = dict(zip(event.FIELDS, values, strict=False))
        limit = f"{self.config.max_event:,} characters are allowed"
        if not fields:  # a key is missing besides
            return f"the fields are too long together, {limit}"
        longest = sorted(fields, key=lambda field: -len(fields[field]))[:2]
        told = " and ".join(f"{documented(field)} {len(fields[field]):,}" for field in longest)
        return f"the fields have {sum(map(len, fields.values())):,} characters together ({told} of them), {limit}"


def _missing(key: str) -> Any:
    return "missing-key", "is missing", documented(key), ""


PIDS = ("eventpid", "eventtid")


def integer_pids(element: Any) -> list[str]:
    """The pids of an element that are integers, which the reader shows as bytes."""
    pairs = tuple(element.items()) if type(element) is dict else element
    fields = event.fold(pairs) if type(pairs) is tuple else {}
    return [field for field in PIDS if type(fields.get(field)) is bytes]


def _kind(value: Any) -> str:
    """A JSON value's kind, as publishers call it."""
    if value is None:
        return "null"
    kinds = {bool: "true or false", bytes: "a number", float: "a number", str: "a text", list: "a list", tuple: "an object"}
    return kinds[type(value)]


def _placed(found: list[Any], index: int, place: Place, lines: Lines, start: int) -> Iterator[Finding]:
    """Findings with the place of the key at fault, or that of the element where it has none."""
    wanted = {advice[2] for advice in found if advice[2]}
    places: dict[str, Place] = {}
    if wanted and lines.text[start] == "{":
        for key, offset in keys(lines.text, start):
            field = next(iter(event.fold(((key, ""),))), "")
            name = documented(field) if field else ""
            if name in wanted:
                places[name] = lines.place(offset)
    for rule, told, key, *clause in found:
        yield Finding(rule, told, index, key, places.get(key, place), *clause)
