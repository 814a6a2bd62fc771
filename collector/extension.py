"""One extension's part of a pass: its files from newest to oldest, then what else lies in its events dir.

Rules: the listing is taken once; a file is judged whole before any of it is handed over, so that one that is not JSON costs only itself;
in the default mode it is removed *before* its events are handed over, which is why a crash cannot deliver them twice
(deliver.at-most-once), and after the sender's confirmation in the other; a file that a writer may still be at work on waits for the next
round (read.torn-budget); once the quota, the limit of rejects or that of parsed bytes is reached, the rest is discarded unread.
"""

from itertools import islice

from . import report as reasons
from .config import AT_LEAST_ONCE
from .delivery import Stopped
from .directory import Changed
from .elements import Malformed, OversizeElement, elements
from .event import Rejected, judge
from .names import is_event_file, shown
from .residue import Residue
from .telemetry import Key, extension_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

#: Entries that could not be removed and are remembered, over all extensions: memory is bounded, their number is not.
_MOST_REMEMBERED = 10000


class ExtensionPass:
    """The work on one events dir in one pass. ``unremovable``: the collector's memory of what it could not remove."""

    def __init__(self, handler, directory, config, delivery, common, unremovable):
        # type: (str, object, object, object, dict, dict) -> None
        self.account = reasons.Account(handler)
        self._handler = handler
        self._directory = directory
        self._config = config
        self._delivery = delivery
        self._common = common
        self._unremovable = unremovable
        self._keeps_until_confirmed = config.delivery == AT_LEAST_ONCE  # type: ignore[attr-defined]
        self._parsed = 0
        self._removals = 0
        self._over = ""  # why the rest is discarded
        self._pending = []  # type: list
        self._awaiting = []  # type: list
        self._late = []  # type: list

    # --- rounds -------------------------------------------------------------------------------------------------------

    def first_round(self):
        # type: () -> None
        """Every file once, then the residue; what may be torn waits for later rounds. Raises Stopped or OSError."""
        names = self._directory.names()  # type: ignore[attr-defined]
        self.account.listed = len(names)
        files = sorted((name for name in names if is_event_file(name)), reverse=True)
        others = [name for name in names if not is_event_file(name)]
        del names
        try:
            self._round(files, self._config.tries == 1)  # type: ignore[attr-defined]
            self._delivery.check()  # type: ignore[attr-defined]
        except Stopped:
            self.account.kept += len(others)
            raise
        Residue(self._directory, self._config, self.account).clean(others, self._discard)

    @property
    def waits(self):
        # type: () -> bool
        """True while files may be torn."""
        return bool(self._pending)

    @property
    def is_unfinished(self):
        # type: () -> bool
        """True while the directory is still needed in this pass."""
        return bool(self._pending or self._late)

    def next_round(self, last):
        # type: (bool) -> None
        """The files that wait, newest first. Raises Stopped."""
        files, self._pending = self._pending, []
        self._round(files, last)

    def _round(self, files, last):
        # type: (list, bool) -> None
        for place, name in enumerate(files):
            try:
                self._delivery.check()  # type: ignore[attr-defined]
            except Stopped:
                self.account.kept += len(files) - place
                raise
            try:
                self._one(name, last)
            except Stopped:
                self.account.kept += len(files) - place - 1
                raise
        self._confirm()

    def finish(self):
        # type: () -> None
        """Remove what was left so that other extensions need not wait (isolate.time)."""
        late, self._late = self._late, []
        for name, reason in late:
            self._remove(name, reason)

    def stop(self):
        # type: () -> None
        """Account for what the stop leaves behind."""
        self.account.kept += len(self._pending) + len(self._awaiting) + len(self._late)
        self._pending, self._awaiting, self._late = [], [], []

    # --- one file -----------------------------------------------------------------------------------------------------

    def _one(self, name, last):
        # type: (str, bool) -> None
        if self._over:
            self._discard(name, self._over)
            return
        try:
            look = self._directory.look(name)  # type: ignore[attr-defined]
            if look.kind == "directory":
                self.account.listed -= 1
                self._note("irregular", reasons.IRREGULAR, name, "is a directory")
            elif self._unremovable.get((self._handler, name)) == look.identity:
                self._remove_again(name)
            elif look.kind == "other":
                self._reject(name, reasons.IRREGULAR, "irregular", "is no regular file")
            elif look.kind == "linked":
                self._retry(name, last, reasons.IRREGULAR, "irregular", "has more than one link")
            elif look.size > self._config.max_file_size:  # type: ignore[attr-defined]
                self._oversize(name, look.size)
            else:
                self._read(name, look, last)
        except FileNotFoundError:
            self.account.vanished += 1
        except Stopped:
            raise
        except Exception as error:  # whatever it is, it costs this file alone, and not for good (isolate.file)
            self.account.spared += 1
            self._note("error", None, name, getattr(error, "strerror", None) or type(error).__name__)

    def _read(self, name, look, last):
        # type: (str, object, bool) -> None
        most = self._config.max_parse  # type: ignore[attr-defined]
        if self._parsed + look.size > most:  # type: ignore[attr-defined]
            text = "More than %d bytes to parse for extension: %s. Skipping the rest." % (most, self.account.name)
            self._end(reasons.WORK_LIMIT, "work", text)
            self._discard(name, reasons.WORK_LIMIT)
            return
        limit = self._config.max_file_size  # type: ignore[attr-defined]
        try:
            content = self._directory.read(name, look, limit)  # type: ignore[attr-defined]
        except Changed:
            self._retry(name, last, reasons.MALFORMED, "failed", "changes while it is read")
            return
        if len(content.data) > limit:
            self._oversize(name, len(content.data))
            return
        self._parsed += len(content.data)
        self._collect(name, content, last)

    def _collect(self, name, content, last):
        # type: (str, object, bool) -> None
        """Judge the file, then hand its events over."""
        drops = []  # type: list
        judged = self._judged(content.data, drops)  # type: ignore[attr-defined]
        try:
            accepted = list(islice(judged, self._room))
        except Malformed as error:
            self._retry(name, last, reasons.MALFORMED, "failed", str(error))
            return
        except OversizeElement:
            self._reject(name, reasons.OVERSIZE_ELEMENT, "failed", "has an element that is too long")
            return
        if not self._keeps_until_confirmed and not self._take_away(name, content.look, last):  # type: ignore[attr-defined]
            return
        try:
            while accepted:
                self._hand_over(name, content.look.mtime_ns, accepted)  # type: ignore[attr-defined]
                accepted = self._more(judged)
        finally:
            self.account.read += len(drops)
            for reason in drops:
                self.account.drop(reason)
        if self._keeps_until_confirmed:
            self._awaiting.append((name, content.look))  # type: ignore[attr-defined]
        else:
            self.account.processed += 1
        self._check_limits()

    @property
    def _room(self):
        # type: () -> int
        """Events that the quota still takes."""
        return max(0, self._config.quota - self.account.handed_over)  # type: ignore[attr-defined]

    def _judged(self, data, drops):
        # type: (bytes, list) -> Iterator[tuple]
        """Yield (index, event) for each accepted element; the reasons of the others go to ``drops``."""
        config = self._config
        room = config.max_rejects - self.account.rejects  # type: ignore[attr-defined]
        for index, element in enumerate(elements(data, config.max_element)):  # type: ignore[attr-defined]
            try:
                yield index, judge(element, config.max_message, config.max_event)  # type: ignore[attr-defined]
            except Rejected as rejected:
                drops.append(str(rejected))
                if len(drops) >= room:
                    return

    def _more(self, judged):
        # type: (object) -> list
        """Events beyond those that the sender failed over: they do not use the quota."""
        try:
            return list(islice(judged, self._room))  # type: ignore[call-overload]
        except (Malformed, OversizeElement):
            return []

    def _hand_over(self, name, mtime_ns, accepted):
        # type: (str, int, list) -> None
        for place, (index, event) in enumerate(accepted):
            key = Key(self._handler, name, index)
            try:
                taken = self._delivery.hand_over(  # type: ignore[attr-defined]
                    extension_event(self._handler, event, mtime_ns, self._common, key)
                )
            except Stopped:
                self.account.read += len(accepted) - place
                self.account.discarded += len(accepted) - place
                if self._keeps_until_confirmed:
                    self.account.kept += 1
                else:
                    self.account.processed += 1
                raise
            self.account.read += 1
            if taken:
                self.account.handed_over += 1
            else:
                self.account.drop(reasons.SENDER_ERROR)
                self._note("sender-error", reasons.SENDER_ERROR, name, "the sender failed over an event")

    def _check_limits(self):
        # type: () -> None
        if not self._room:
            text = "Reached max count for the extension: %s; Max Limit: %d. Skipping the rest."
            self._end(reasons.QUOTA, "quota", text % (self.account.name, self._config.quota))  # type: ignore[attr-defined]
        elif self.account.rejects >= self._config.max_rejects:  # type: ignore[attr-defined]
            text = "Reached max count of rejects for the extension: %s. Skipping the rest."
            self._end(reasons.REJECTS, "rejects", text % self.account.name)

    # --- what becomes of files ----------------------------------------------------------------------------------------

    def _end(self, reason, kind, text):
        # type: (str, str, str) -> None
        """From now on every file is discarded unread."""
        if not self._over:
            self._over = reason
            self.account.note(kind, reason, text)

    def _retry(self, name, last, reason, kind, detail):
        # type: (str, bool, str, str, str) -> None
        """A writer may be at work: leave it to the next round, or reject it in the last one."""
        if last:
            self._reject(name, reason, kind, detail)
        else:
            self._pending.append(name)

    def _reject(self, name, reason, kind, detail):
        # type: (str, str, str, str) -> None
        self._note(kind, reason, name, detail)
        self._discard(name, reason)
        self._check_limits()

    def _oversize(self, name, size):
        # type: (str, int) -> None
        path = "%s/%s/events/%s" % (self._config.log_dir, self._handler, name)  # type: ignore[attr-defined]
        most = self._config.max_file_size / 1e6  # type: ignore[attr-defined]
        text = "Skipping file: %s as its size is %.2f Mb > Max size allowed %.1f Mb" % (shown(path), size / 1e6, most)
        self.account.note("size", reasons.OVERSIZE_FILE, text)
        self._discard(name, reasons.OVERSIZE_FILE)
        self._check_limits()

    def _note(self, kind, reason, name, detail):
        # type: (str, object, str, str) -> None
        self.account.note(kind, reason, "Failed to process event file %s:%s" % (shown(name), shown(detail)))

    def _discard(self, name, reason):
        # type: (str, str) -> None
        """Remove a file unread, now or, where others would wait for it, later in the pass."""
        if self._removals >= self._config.max_early_removals - self._config.quota:  # type: ignore[attr-defined]
            self._late.append((name, reason))
        else:
            self._remove(name, reason)

    def _remove(self, name, reason):
        # type: (str, str) -> None
        self._removals += 1
        try:
            self._directory.remove(name)  # type: ignore[attr-defined]
            self.account.discard_file(reason)
        except FileNotFoundError:
            self.account.vanished += 1
        except IsADirectoryError:
            self.account.listed -= 1
            self._note("irregular", reasons.IRREGULAR, name, "is a directory")
        except Exception as error:
            self.account.discard_file(reason)
            self._note_unremovable(error)
            self._remember(name)

    def _take_away(self, name, look, last):
        # type: (str, object, bool) -> bool
        """Remove a file that was read; False if a writer was at it and it is left to the next round."""
        self._removals += 1
        try:
            now = self._directory.look(name)  # type: ignore[attr-defined]
            if now.identity != look.identity and not last:  # type: ignore[attr-defined]
                self._pending.append(name)
                return False
            if now.identity[:2] == look.identity[:2]:  # type: ignore[attr-defined]
                self._directory.remove(name)  # type: ignore[attr-defined]
        except FileNotFoundError:
            pass  # somebody else removed what we have read
        except Exception as error:
            self._note_unremovable(error)
            self._remember(name)
        return True

    def _remember(self, name):
        # type: (str) -> None
        """What cannot be removed is not handed over again while it is unchanged (clean.unremovable)."""
        try:
            identity = self._directory.look(name).identity  # type: ignore[attr-defined]
        except OSError:
            return
        if len(self._unremovable) < _MOST_REMEMBERED:
            self._unremovable[self._handler, name] = identity

    def _remove_again(self, name):
        # type: (str) -> None
        try:
            self._directory.remove(name)  # type: ignore[attr-defined]
        except Exception as error:
            self.account.spared += 1
            self._note_unremovable(error)
            return
        del self._unremovable[self._handler, name]
        self.account.processed += 1

    def _confirm(self):
        # type: () -> None
        """Have the sender confirm what it took, then remove those files (deliver.at-least-once)."""
        if not self._awaiting:
            return
        awaiting, self._awaiting = self._awaiting, []
        try:
            confirmed = self._delivery.confirm()  # type: ignore[attr-defined]
        except Stopped:
            self._awaiting = awaiting
            raise
        if not confirmed:
            self.account.kept += len(awaiting)
            self.account.note("sender-error", None, "The sender did not confirm the events of " + self.account.name)
            return
        for name, look in awaiting:
            self.account.processed += 1
            self._take_away(name, look, last=True)

    def _note_unremovable(self, error):
        # type: (Exception) -> None
        path = "%s/%s/events" % (self._config.log_dir, self._handler)  # type: ignore[attr-defined]
        text = "Failed to completely clear the %s directory. Exception: %s" % (shown(path), getattr(error, "strerror", None) or type(error).__name__)
        self.account.note("unremovable", None, text)
