"""The books of a load:
what was written, what stands, what was taken and what arrived, event by event.

Rules: the books know what they were told, and nothing else. Writers tell each step, once it was
taken. Looks at the directories tell what stands there. The sink tells what was delivered. A sink
can be faster than a writer's word: what is doubtful when it arrives is decided at the end. An event
whose file still stands is waiting, not lost. One that its own writer removed, replaced or left half
written may be missing. Of the others, the missing ones without an explanation (``explain``) are
lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import SECOND
from ..core import LABELLED_PARAMETERS, TOKEN_PREFIX, Label, agrees, handler_of, is_event_file
from .accounts import Account, Event, Standing
from .directory import directory
from .percentiles import Spread
from .sink import Delivery
from .token_set import Marks
from .writer import MAKING, Done

#: Of what is doubtful, so many are kept.
_MOST_DOUBTS = 100_000


class Books:
    """``accounts``: by handler, in the order of the report;
    ``numbered``: whose tokens have which number.
    """

    def __init__(self, accounts: dict[str, Account], numbered: Mapping[int, str]) -> None:
        self.accounts = accounts
        self._numbered = numbered
        self.standing: dict[str, Standing] = {}
        self.missing: dict[str, Event] = {}
        self.latency = Spread()
        self.age_taken = Spread()
        self.lateness = Spread()
        self.invented = self.foreign = self.undecided = 0
        self.last_due = self.last_late = 0
        self.arrived = Marks()
        self.made_bytes = self.made_files = 0
        self.standing_bytes = self.standing_files = self.present_bytes = 0
        self.taken_files = self.taken_bytes = 0
        self.most_files = self.most_bytes = 0
        self.most_age = 0.0
        self._known = Marks()
        self._doubts: list[Delivery] = []

    # --- what writers tell ------------------------------------------------------------------------------------------

    def done(self, done: Done) -> None:
        """A step was taken, or failed."""
        self.lateness.add(done.late / SECOND)
        if done.at - done.late >= self.last_due:
            self.last_due, self.last_late = done.at - done.late, done.late
        handler = handler_of(done.to or done.path) or handler_of(done.path)
        account = self.accounts.get(handler)
        if done.error:
            if account is not None:
                account.errors[done.error] += 1
            return
        if done.act in MAKING or done.act == "append":
            self.made_bytes += done.size
            self.made_files += done.act in MAKING
        if done.act in {"rename", "replace"}:
            self._moved(done, handler)
        elif done.act in {"unlink", "rmdir"}:
            self._removed(done)
        elif done.act in {"write", "append", "link"}:
            self._put(done, handler)

    def _put(self, done: Done, handler: str) -> None:
        path = done.to if done.act == "link" else done.path
        before = self.standing.get(path)
        account = self.accounts.get(handler)
        if account is not None and is_event_file(path):
            account.files += before is None and done.act != "append"
            account.bytes += done.size
        if done.act == "write" and before is not None:
            self._withdrawn(path, "replaced by its writer")
            self._drop(path)
            before = None
        labels = done.labels if done.labels is not None else before.labels if before is not None else ()
        if before is not None:
            before.size += done.size
            before.labels = labels
            self.present_bytes += done.size
            self.standing_bytes += done.size * before.is_event_file
        else:
            self._stand(path, Standing(handler, done.at, done.size, labels, is_event_file(path)))
        self._label(handler, path, labels, done.at)

    def _moved(self, done: Done, handler: str) -> None:
        found = self._drop(done.path)
        if done.to in self.standing:
            self._withdrawn(done.to, "replaced by its writer")
            self._drop(done.to)
        prefix = done.path + "/"
        for path in [path for path in self.standing if path.startswith(prefix)]:  # a whole directory was moved
            moved = self.standing.pop(path)
            self.standing[done.to + path[len(done.path) :]] = moved
            for label in moved.labels:
                event = self.missing.get(label.token)
                if event is not None:
                    event.path = done.to + path[len(done.path) :]
        if found is None and done.labels is None:
            return
        labels = done.labels if done.labels is not None else found.labels if found is not None else ()
        size = found.size if found is not None else 0
        event_file = is_event_file(done.to)
        self._stand(done.to, Standing(handler, done.at, size, labels, event_file))
        account = self.accounts.get(handler)
        if account is not None and event_file and not is_event_file(done.path):
            account.files += 1
            account.bytes += size
        self._label(handler, done.to, labels, done.at)

    def _removed(self, done: Done) -> None:
        if done.to and done.labels is not None:  # another name of the same file stays, and these are its labels now
            self._drop(done.path)
            self._label(handler_of(done.to), done.to, done.labels, done.at)
            return
        self._withdrawn(done.path, "removed by its writer")
        self._drop(done.path)

    def _label(self, handler: str, path: str, labels: tuple[Label, ...], at: int) -> None:
        """Note what must become of each event in the file."""
        for label in labels:
            if not label.token or label.due == "leave":
                continue
            if not self._known.set(label.token):
                self.accounts[handler].events += 1
            elif label.token not in self.missing:
                continue  # it has arrived
            event = self.missing.get(label.token)
            if event is None:
                event = self.missing[label.token] = Event(handler, label, path, at)
            elif event.label.due == "drop" and label.due != "drop":
                event.excused = "it was not whole for a while"
            event.label, event.path, event.gone = label, path, None
            event.written, event.of = at, len(labels)

    def _withdrawn(self, path: str, why: str) -> None:
        for label in self.standing[path].labels if path in self.standing else ():
            event = self.missing.get(label.token)
            if event is not None:
                event.excused = why

    def _stand(self, path: str, standing: Standing) -> None:
        self.standing[path] = standing
        self.present_bytes += standing.size
        if standing.is_event_file:
            self.standing_files += 1
            self.standing_bytes += standing.size

    def _drop(self, path: str) -> Standing | None:
        found = self.standing.pop(path, None)
        if found is not None:
            self.present_bytes -= found.size
            self.standing_files -= found.is_event_file
            self.standing_bytes -= found.size * found.is_event_file
        return found

    # --- what stands ------------------------------------------------------------------------------------------------

    def expected(self) -> dict[str, list[str]]:
        """Events dir -> the paths that should stand directly in it."""
        found: dict[str, list[str]] = {directory(handler): [] for handler in self.accounts}
        for path in self.standing:
            holder = path.rpartition("/")[0]
            if holder in found:
                found[holder].append(path)
        return found

    def looked(self, expected: list[str], there: set[str], since: int, now: int) -> None:
        """A look into one events dir:
        of the paths expected before it, those not there have gone since the last look.
        """
        for path in expected:
            if path.rpartition("/")[2] in there:
                continue
            one = self.standing.get(path)
            if one is None:
                continue
            self._drop(path)
            if one.is_event_file:
                self.taken_files += 1
                self.taken_bytes += one.size
                self.age_taken.add((now - one.written) / SECOND)
            for label in one.labels:
                event = self.missing.get(label.token)
                if event is not None and event.path == path:
                    event.gone = (max(since, one.written), now)

    def weigh(self, now: int) -> float:
        """The age of the oldest event file in seconds, after the looks of one round;
        notes the largest backlog.
        """
        oldest = min((one.written for one in self.standing.values() if one.is_event_file), default=now)
        age = (now - oldest) / SECOND
        self.most_files = max(self.most_files, self.standing_files)
        self.most_bytes = max(self.most_bytes, self.standing_bytes)
        self.most_age = max(self.most_age, age)
        return age

    # --- what arrives -----------------------------------------------------------------------------------------------

    def deliver(self, delivery: Delivery) -> None:
        """An event arrived at the sink."""
        token = delivery.token
        if token and self.arrived.has(token):
            self._duplicated(delivery)
            return
        event = self.missing.get(token)
        if not token:
            self.foreign += 1
        elif event is not None and _agrees(event.label, delivery):
            self._arrived(event, delivery)
        elif len(self._doubts) < _MOST_DOUBTS:
            self._doubts.append(delivery)
        else:
            self.undecided += 1

    def _arrived(self, event: Event, delivery: Delivery) -> None:
        self.arrived.set(delivery.token)
        del self.missing[delivery.token]
        account = self.accounts[event.handler]
        account.delivered += 1
        self.latency.add((delivery.at - event.written) / SECOND)

    def _duplicated(self, delivery: Delivery) -> None:
        self.accounts[self.handler_of(delivery)].duplicated += 1

    def handler_of(self, delivery: Delivery) -> str:
        """The extension whose token it carries; "" for none of them."""
        digits = delivery.token[len(TOKEN_PREFIX) :][:3]
        return self._numbered.get(int(digits, 16), "") if digits else ""

    def retry(self) -> None:
        """Decide what has become clear of the doubtful."""
        doubts, self._doubts = self._doubts, []
        for delivery in doubts:
            self.deliver(delivery)

    def settle(self) -> None:
        """Decide what was doubtful: everybody has told all."""
        doubts, self._doubts = self._doubts, []
        for delivery in doubts:
            event = self.missing.get(delivery.token)
            if self.arrived.has(delivery.token):
                self._duplicated(delivery)
            elif event is None:
                self.invented += 1
            else:
                account = self.accounts[event.handler]
                if event.label.due == "drop":
                    account.undue += not event.excused
                elif not _agrees(event.label, delivery):
                    account.altered += 1
                self._arrived(event, delivery)


def _agrees(label: Label, delivery: Delivery) -> bool:
    if label.due not in {"collect", "cut"}:
        return False
    values = (delivery.parameters.get(name, "") for name in LABELLED_PARAMETERS)
    return all(agrees(expected, value, label.secrets) for expected, value in zip(label.parameters, values, strict=True))
