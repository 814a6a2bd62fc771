"""The fate of every written event, derived from the history alone.

Rules: content was planned, timing is derived here. Whether an event had to be in a pass follows
from whether its file was complete before the pass first listed its directory. What a path held is
followed through the writers' steps and the collector's removals (``contents``); the final tree
settles what neither tells. The order of the rules is a table (``fates``).

Red fates: duplicated (at-most-once), altered, vanished. ``invented`` (delivered, never written)
stands beside the sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core import (
    AGENT_EVENTS_DIR,
    Call,
    Crashed,
    Flush,
    HandedOver,
    History,
    Notice,
    Offered,
    PassBegun,
    PassEnded,
    RunMade,
    ServiceAsked,
    Struck,
    Tree,
    View,
    WriterStep,
    event_path,
    handler_of,
    is_events_dir,
)
from .agreement import says_the_same
from .contents import Contents
from .fates import FATES, Passes, settle_fate
from .readings import given_up, settle_dues
from .written import Delivered, Written, delivered_in

if TYPE_CHECKING:
    from ..core import PassEnd, RunResult


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
        self.ends: list[PassEnd] = []
        self.tree: dict[str, tuple[str, Any]] = {}
        #: The history that it is derived from, by its kinds of records.
        self.view = View(history)
        self._contents = Contents()
        self._passes = Passes()
        #: What the sender took and has not confirmed.
        self._open: list[Delivered] = []
        self.events = self._contents.events
        self.listed = self._passes.listed
        self.accepted = self._passes.accepted
        self.notices = self._passes.notices
        heard: dict[type, Callable[[Any], None]] = {
            RunMade: self._on_run,
            WriterStep: self._on_step,
            Call: self._on_call,
            Offered: self._on_offered,
            HandedOver: self._on_handed_over,
            Flush: self._on_flush,
            Crashed: self._on_crash,
            Struck: self._on_fault,
            Notice: self._on_notice,
            PassEnded: self._on_pass_end,
            PassBegun: self._on_pass_begin,
            Tree: self._on_tree,
            ServiceAsked: self._on_service,
        }
        for entry in self.view.entries:
            if hear := heard.get(type(entry)):
                hear(entry)
        self._settle()

    @property
    def run(self) -> RunResult:
        """How the run was made: what its first record tells."""
        return self._passes.run

    # --- reading the history ---

    def _on_run(self, made: RunMade) -> None:
        self._passes.run = made.result

    def _on_step(self, step: WriterStep) -> None:
        if not step.errno:
            self._contents.step(step)

    def _on_call(self, call: Call) -> None:
        """A removal, or a look into a directory: a view tells no others unasked."""
        if call.errno:
            if call.name == "unlink" and call.errno != "ENOENT":
                self._contents.unremoved(call.path, call.pass_number)
            return
        if call.name == "unlink":
            self._contents.removed(call.path, call.pass_number)
        else:
            self._on_offered(call)

    def _on_offered(self, listed: Call | Offered) -> None:
        """A directory was listed; of a program whose calls are not heard, it lay there to be."""
        if is_events_dir(listed.path):
            self._passes.note_listing(handler_of(listed.path), listed.pass_number, listed.i)
        elif listed.path == AGENT_EVENTS_DIR:
            self._passes.agent_listed.setdefault(listed.pass_number, listed.i)
            for extension in self._contents.agent_extensions:
                self._passes.note_listing(extension, listed.pass_number, listed.i)

    def _on_handed_over(self, handed: HandedOver) -> None:
        delivered = delivered_in(handed)
        self.deliveries.append(delivered)
        self.accepted[delivered.extension, delivered.pass_number] += 1
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

    def _on_flush(self, flush: Flush) -> None:
        if flush.confirmed:
            self._confirm()

    def _confirm(self) -> None:
        for delivered in self._open:
            delivered.confirmed = True
        self._open = []

    def _on_crash(self, crash: Crashed) -> None:
        self._passes.crashed.add(crash.pass_number)
        self._open = []  # what the sender had not confirmed died with the process

    def _on_fault(self, fault: Struck) -> None:
        if fault.kind == "sender-stop":
            self._passes.stopped.add(fault.pass_number)
            self._on_stop(fault)
        elif fault.kind in {"sender-error", "sender-mute"}:
            self._on_refusal(fault)
        elif fault.kind == "errno":
            self._passes.struck.add((fault.path, fault.pass_number))

    def _on_stop(self, fault: Struck) -> None:
        """All that was written into the file in one step may be lost with the event it came at."""
        extension, file, index = fault.key or ("", "", -1)
        struck = self._contents.at(event_path(extension, file), index, fault.pass_number)
        for event in self.events if struck else ():
            if struck and (event.path, event.since) == (struck.path, struck.since):
                event.stopped.add(fault.pass_number)

    def _on_refusal(self, fault: Struck) -> None:
        if fault.kind == "sender-mute":
            self._passes.stopped.add(fault.pass_number)  # who cannot ask takes it for a stop (stop.masked)
        if fault.kind == "sender-mute" or fault.key is None:
            self._passes.mute.add(fault.pass_number)
        if fault.key is not None:
            extension, file, index = fault.key
            refused = self._contents.at(event_path(extension, file), index, fault.pass_number)
            if refused is not None:
                refused.refused = True

    def _on_notice(self, notice: Notice) -> None:
        self.notices.append((notice.pass_number, notice.result))

    def _on_pass_begin(self, _: PassBegun) -> None:
        self._contents.begin_pass()

    def _on_pass_end(self, ended: PassEnded) -> None:
        self._contents.end_pass()
        self._passes.ended[ended.pass_number] = ended.i
        self.ends.append(ended.result)

    def _on_service(self, asked: ServiceAsked) -> None:
        if asked.result["do"] == "stop":
            self._passes.halted.add(asked.pass_number)

    def _on_tree(self, tree: Tree) -> None:
        self.tree = {path: (kind, size) for path, kind, size in tree.entries}

    def _settle(self) -> None:
        self._confirm()  # the process lived to the end
        self._contents.settle(self.tree, max((number for _, number in self.listed), default=-1))
        settle_dues(self.events, self.deliveries, self.view, self._passes)
        self._passes.given_up = given_up(self.events)
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
