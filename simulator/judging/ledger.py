"""The fate of every written event, derived from the history alone.

Rules: content was planned, timing is derived here: whether an event had to be in a pass follows
from whether its file was complete before the pass first listed its directory. What a path held is
followed through the writers' steps and the collector's removals (``contents``); the final tree
settles what neither tells. The order of the rules is a table (``fates``).

Red fates: duplicated (at-most-once), altered, vanished. ``invented`` (delivered, never written)
stands beside the sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from ..core import (
    AGENT_EVENTS_DIR,
    History,
    Record,
    event_path,
    handler_of,
    is_agent_event,
    is_in_log_dir,
)
from .agreement import says_the_same
from .contents import Contents
from .fates import FATES, Passes, settle_fate
from .written import Delivered, Written, delivered_in


class Ledger:
    """The fates of a run's events.

    ``events``, ``deliveries`` and ``invented`` are in order of the history.
    """

    #: Every event that was written, with what became of it.
    events: list[Written]
    #: What the sender got.
    deliveries: list[Delivered]
    #: What of it nobody had written.
    invented: list[Delivered]

    def __init__(self, history: History) -> None:
        self.deliveries = []
        self.invented = []
        self.ends: list[dict[str, Any]] = []
        self.tree: dict[str, tuple[str, Any]] = {}
        self._contents = Contents()
        self._passes = Passes()
        #: What the sender took and has not confirmed.
        self._open: list[Delivered] = []
        self.events = self._contents.events
        self.listed = self._passes.listed
        self.accepted = self._passes.accepted
        self.notices = self._passes.notices
        heard: dict[str, Callable[[int, Record], None]] = {
            "run": self._on_run,
            "step": self._on_step,
            "call": self._on_call,
            "offered": self._on_offered,
            "deliver": self._on_deliver,
            "flush": self._on_flush,
            "crash": self._on_crash,
            "fault": self._on_fault,
            "notice": self._on_notice,
            "pass-end": self._on_pass_end,
            "pass-begin": self._on_pass_begin,
            "tree": self._on_tree,
            "service": self._on_service,
        }
        for i, record in enumerate(history):
            if record.op in heard:
                heard[record.op](i, record)
        self._settle()

    @property
    def run(self) -> dict[str, Any]:
        """How the run was made: what its first record tells."""
        return self._passes.run

    # --- reading the history ---

    def _on_run(self, _: int, record: Record) -> None:
        self._passes.run = record.result

    def _on_step(self, i: int, record: Record) -> None:
        if "errno" not in record.result:
            self._contents.step(i, record)

    def _on_call(self, i: int, record: Record) -> None:
        if "errno" in record.result:
            if record.result["call"] == "unlink" and record.result["errno"] != "ENOENT":
                self._passes.unremoved.add((record.path, record.pass_number))
            return
        if record.result["call"] == "unlink":
            self._contents.removed(record.path, record.pass_number)
        elif record.result["call"] in {"listdir", "scandir"}:
            self._on_offered(i, record)

    def _on_offered(self, i: int, record: Record) -> None:
        """A directory was listed; of a program whose calls are not heard, it lay there to be."""
        if is_in_log_dir(record.path) and record.path.endswith("/events"):
            self.listed.setdefault((handler_of(record.path), record.pass_number), i)
        elif record.path == AGENT_EVENTS_DIR:
            self._passes.agent_listed.setdefault(record.pass_number, i)
            for extension in {event.extension for event in self.events if is_agent_event(event.path)}:
                self.listed.setdefault((extension, record.pass_number), i)

    def _on_deliver(self, i: int, record: Record) -> None:
        delivered = delivered_in(i, record)
        self.deliveries.append(delivered)
        self.accepted[delivered.extension, record.pass_number] += 1
        if self.run.get("delivery") == "at-least-once" and self.run.get("confirmed_by") != "line":
            delivered.confirmed = False
            self._open.append(delivered)
        event = self._meant(delivered)
        if event is None:
            self.invented.append(delivered)
        else:
            event.deliveries.append(delivered)

    def _meant(self, delivered: Delivered) -> Written | None:
        """The event that was delivered: by what it says where it has neither key nor token, by its
        token, or by its place.
        """
        if delivered.keyless and delivered.well_formed and not delivered.token:
            alike = self._alike(delivered)
            if alike:
                return alike[0]
        if not delivered.extension:
            return self._meant_of_agent(delivered)
        if delivered.token:
            return self._contents.named(delivered.extension, delivered.token)
        place = delivered.index if isinstance(delivered.index, int) else -1
        return self._contents.at(event_path(delivered.extension, delivered.file), place, delivered.pass_number)

    def _meant_of_agent(self, delivered: Delivered) -> Written | None:
        """By its place; where a writer put another file there under the collector's hands, by the
        token of the one that was read.
        """
        path = event_path("", delivered.file)
        event = self._contents.at(path, 0, delivered.pass_number)
        if delivered.token and (event is None or event.token != delivered.token):
            named = [e for e in self.events if e.agent and e.token == delivered.token]
            event = next((e for e in named if event is None or e.path == path), event)
        return event

    def _alike(self, delivered: Delivered) -> list[Written]:
        """Events without a token that say the same and did not come yet, those of the file it is
        taken to come from first.
        """
        alike = [
            event
            for event in self.events
            if event.extension == delivered.extension
            and not event.token
            and not event.deliveries
            and says_the_same(event, delivered)
        ]
        return sorted(alike, key=lambda event: event.file != delivered.file)

    def _on_flush(self, _: int, record: Record) -> None:
        if record.result["confirmed"]:
            self._confirm()

    def _confirm(self) -> None:
        for delivered in self._open:
            delivered.confirmed = True
        self._open = []

    def _on_crash(self, _: int, record: Record) -> None:
        self._passes.crashed.add(record.pass_number)
        self._open = []  # what the sender had not confirmed died with the process

    def _on_fault(self, _: int, record: Record) -> None:
        kind = record.result["kind"]
        if kind == "sender-stop":
            self._passes.stopped.add(record.pass_number)
        elif kind in {"sender-error", "sender-mute"}:
            self._on_refusal(record)
        elif kind == "errno":
            self._passes.struck.add((record.path, record.pass_number))

    def _on_refusal(self, record: Record) -> None:
        known = isinstance(record.result["key"], list)
        if record.result["kind"] == "sender-mute" or not known:
            self._passes.mute.add(record.pass_number)
        if known:
            extension, file, index = record.result["key"]
            refused = self._contents.at(event_path(extension, file), index, record.pass_number)
            if refused is not None:
                refused.refused = True

    def _on_notice(self, _: int, record: Record) -> None:
        self.notices.append((record.pass_number, record.result))

    def _on_pass_begin(self, *_: object) -> None:
        self._contents.begin_pass()

    def _on_pass_end(self, i: int, record: Record) -> None:
        self._contents.end_pass()
        self._passes.ended[record.pass_number] = i
        self.ends.append(record.result)

    def _on_service(self, _: int, record: Record) -> None:
        if record.result["do"] == "stop":
            self._passes.halted.add(record.pass_number)

    def _on_tree(self, _: int, record: Record) -> None:
        self.tree = {path: (kind, size) for path, kind, size in record.result}

    def _settle(self) -> None:
        self._confirm()  # the process lived to the end
        self._contents.settle(self.tree, max((number for _, number in self.listed), default=-1))
        for event in self.events:
            settle_fate(event, self._passes)

    # --- summing up ---

    def fates(self, extension: str | None = None) -> dict[str, int]:
        """fate -> count, in the order of FATES, those that occur."""
        counts = Counter(event.fate for event in self.events if extension in {None, event.extension})
        return {fate: counts[fate] for fate in FATES if counts[fate]}

    def reasons(self) -> dict[str, int]:
        """reason -> count, of dropped and discarded events."""
        counts = Counter(event.why for event in self.events if event.fate in {"dropped", "discarded"})
        return dict(sorted(counts.items()))

    def sequence(self, extension: str) -> list[list[Any]]:
        """What the sender got of one extension, in order."""
        return [delivered.values for delivered in self.deliveries if delivered.extension == extension]

    def timed_sequence(self, extension: str) -> list[tuple[int, list[Any]]]:
        """The same, each with its pass."""
        return [
            (delivered.pass_number, delivered.values)
            for delivered in self.deliveries
            if delivered.extension == extension
        ]

    def by_extension(self) -> dict[str, list[Written]]:
        found: dict[str, list[Written]] = defaultdict(list)
        for event in self.events:
            found[event.extension].append(event)
        return found
