"""One pass over all extensions.

Rules: whatever one extension does ends in its own account (isolate.extension); every extension's files are handled before the first wait,
and the waits of a pass are shared by all (read.torn-budget); a stop leaves everything that was not begun (stop.during).
"""

import errno

from .delivery import Stopped
from .directory import Directory
from .extension import ExtensionPass
from .names import is_skipped_handler, shown
from .report import Account, Notice, Report
from .telemetry import common_values

_NO_DIRECTORY = (errno.ENOTDIR, errno.ELOOP)


def collect(config, delivery, unremovable, wait):
    # type: (object, object, dict, object) -> Report
    """Make the pass. ``wait(seconds)`` is how it waits; ``unremovable`` is remembered between passes."""
    return _Pass(config, delivery, unremovable, wait).make()


class _Pass:
    def __init__(self, config, delivery, unremovable, wait):
        # type: (object, object, dict, object) -> None
        self._config = config
        self._delivery = delivery
        self._unremovable = unremovable
        self._wait = wait
        self._notices = []  # type: list
        self._accounts = []  # type: list
        self._waiting = []  # type: list

    def make(self):
        # type: () -> Report
        try:
            self._delivery.check()  # type: ignore[attr-defined]
            self._common = common_values(self._config.common_parameters())  # type: ignore[attr-defined]
            self._all_extensions()
            self._later_rounds()
        except Stopped:
            self._note_stopped()
        except Exception as error:
            self._note_error(None, error)
        finally:
            self._close()
        for account in self._accounts:
            self._notices.extend(account.notices())
        return Report(self._notices, {account.handler: account.ledger() for account in self._accounts})

    def _note_stopped(self):
        # type: () -> None
        try:
            name = shown(self._delivery.thread_name())  # type: ignore[attr-defined]
        except Exception:  # a sender that fails while stopping is stopped all the same (stop.masked)
            name = "The sender"
        text = "%s service is not running, skipping current iteration" % name
        self._notices.append(Notice("sender-stopped", None, None, 1, text))

    def _all_extensions(self):
        # type: () -> None
        try:
            log_dir = Directory(self._config.log_dir)  # type: ignore[attr-defined]
        except OSError as error:
            text = "Cannot read the log dir %s: %s" % (shown(self._config.log_dir), error.strerror)  # type: ignore[attr-defined]
            self._notices.append(Notice("log-dir", None, None, 1, text))
            return
        try:
            for handler in log_dir.names():
                if not is_skipped_handler(handler):
                    self._extension(log_dir, handler)
        finally:
            log_dir.close()

    def _extension(self, log_dir, handler):
        # type: (Directory, str) -> None
        directory = self._enter(log_dir, handler)
        if directory is None:
            return
        part = ExtensionPass(
            handler, directory, self._config, self._delivery, self._common, self._unremovable
        )
        self._accounts.append(part.account)
        self._waiting.append((part, directory))
        self._contained(part, part.first_round)
        if not part.is_unfinished:
            self._waiting.pop()
            directory.close()

    def _enter(self, log_dir, handler):
        # type: (Directory, str) -> Directory | None
        """The events dir of a handler, or None: there is none, or it is noted."""
        try:
            if log_dir.look(handler).kind != "directory":
                return None
            outer = Directory(handler, inside=log_dir)
        except Exception:
            return None
        try:
            return Directory("events", inside=outer)
        except FileNotFoundError:
            return None
        except Exception as error:
            account = Account(handler)
            code = getattr(error, "errno", None)
            why = "is no directory" if code in _NO_DIRECTORY else getattr(error, "strerror", type(error).__name__)
            account.note("not-a-directory", None, "The events dir of %s cannot be used: %s" % (account.name, why))
            self._accounts.append(account)
            return None
        finally:
            outer.close()

    def _later_rounds(self):
        # type: () -> None
        waited = 0.0
        tries = self._config.tries  # type: ignore[attr-defined]
        for attempt in range(2, tries + 1):
            waiting = [part for part, _ in self._waiting if part.waits]
            if not waiting:
                break
            delay = min(self._config.retry_delay, self._config.max_wait - waited)  # type: ignore[attr-defined]
            if delay > 0:
                self._wait(delay)  # type: ignore[operator]
                waited += delay
            self._delivery.check()  # type: ignore[attr-defined]
            for part in waiting:
                self._contained(part, part.next_round, attempt == tries)
        for part, _ in self._waiting:
            self._contained(part, part.finish)

    def _contained(self, part, work, *arguments):
        # type: (ExtensionPass, object, object) -> None
        try:
            work(*arguments)  # type: ignore[operator]
        except Stopped:
            raise
        except Exception as error:
            self._note_error(part, error)

    def _note_error(self, part, error):
        # type: (object, Exception) -> None
        """An error that no rule foresaw costs one notice, never the pass (run.errors)."""
        text = "Failed to collect: %s: %s" % (type(error).__name__, shown(str(error))[:200])
        if part is None:
            self._notices.append(Notice("error", None, None, 1, text))
        else:
            part.account.note("error", type(error).__name__, text)  # type: ignore[attr-defined]

    def _close(self):
        # type: () -> None
        for part, directory in self._waiting:
            part.stop()
            directory.close()
