"""A world on a real directory, and passes made over it.

The world is real, as a fake file system would test the fake's opinion of links, FIFOs and
descriptors. Every pass made through `World.run` has its report checked for balance (report.ledger),
so that each test of any clause also tests that nothing is lost silently.
"""

import logging
import os
import stat
import time
from collections import defaultdict

from etp_kit import collector

from .samples import COMMON, encode, param
from .senders import Sender


class ListHandler(logging.Handler):
    def __init__(self):
        super().__init__()
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


def list_logger():
    logger = logging.Logger("subject")
    logger.addHandler(ListHandler())
    return logger, logger.handlers[0].texts


class Outcome:
    """One pass: the report, what the sender accepted in it, what was logged in it and what was
    given to `emit`.
    """

    def __init__(self, report, accepted, records, emitted):
        self.report = report
        self.accepted = accepted
        self.records = records
        self.emitted = emitted

    @property
    def messages(self):
        return [param(handed, "Context1") for handed in self.accepted]

    def of(self, handler):
        return [handed for handed in self.accepted if handed.key[0] == handler]

    def notices(self, kind, extension=None):
        return [
            notice for notice in self.report.notices if notice.kind == kind and extension in (None, notice.extension)
        ]

    def notice(self, kind, extension=None):
        found = self.notices(kind, extension)
        assert len(found) == 1, f"expected one {kind} notice: {self.report.notices}"
        return found[0]

    def ledger(self, handler="Ext"):
        return self.report.ledger[handler]

    def drops(self, handler="Ext"):
        """{reason: count} from the notices; the ledger's map must be the same."""
        drops = {notice.reason: notice.count for notice in self.notices("drops", handler)}
        assert len(drops) == len(self.notices("drops", handler)), "one notice a reason"
        ledger = dict(self.report.ledger[handler].dropped) if handler in self.report.ledger else {}
        assert drops == ledger, "notices and ledger must agree"
        return drops


def check_ledger(report, accepted):
    """report.ledger: both sums, and the number handed over against what the sender really has."""
    received = defaultdict(int)
    for handed in accepted:
        received[handed.key[0]] += 1
    for handler, ledger in report.ledger.items():
        counts = [*ledger.dropped.values(), *ledger.files_discarded.values()]
        counts += [ledger.read, ledger.handed_over, ledger.discarded, ledger.listed, ledger.processed]
        counts += [ledger.spared, ledger.kept, ledger.vanished]
        assert all(isinstance(count, int) and count >= 0 for count in counts), (handler, ledger)
        assert ledger.read == ledger.handed_over + sum(ledger.dropped.values()) + ledger.discarded, (handler, ledger)
        files = ledger.processed + sum(ledger.files_discarded.values()) + ledger.spared + ledger.kept + ledger.vanished
        assert ledger.listed == files, (handler, ledger)
        assert ledger.handed_over == received.pop(handler, 0), (handler, ledger)
    assert not received, f"handed over, yet not in the ledger: {dict(received)}"


class World:
    """Directories of an agent on a real file system, and passes made over them."""

    def __init__(self, root, clock=None):
        self.root = str(root)
        self.now = clock.time if clock is not None else time.time
        self.log_dir = os.path.join(self.root, "log")
        self.agent_dir = os.path.join(self.root, "agent")
        self.outside = os.path.join(self.root, "outside")
        for path in (self.log_dir, self.agent_dir, self.outside):
            os.mkdir(path)
        self.logger, self.records = list_logger()
        self.emitted = []

    def events_dir(self, handler="Ext"):
        path = os.path.join(self.log_dir, handler, "events")
        os.makedirs(path, exist_ok=True)
        return path

    def path(self, name, handler="Ext"):
        return os.path.join(self.log_dir, handler, "events", name)

    def write(self, name, content, handler="Ext", age=10.0):
        """Writes one file into the events dir of `handler`: bytes as they are, anything else as
        JSON.
        """
        self.events_dir(handler)
        return self.place(self.path(name, handler), content, age)

    def tld(self, name, content, age=10.0):
        return self.place(os.path.join(self.agent_dir, name), content, age)

    def place(self, path, content=b"", age=10.0):
        with open(path, "wb") as out:
            out.write(encode(content))
        self.set_age(path, age)
        return path

    def set_age(self, path, age):
        moment = self.now() - age
        os.utime(path, (moment, moment), follow_symlinks=False)

    def names(self, handler="Ext"):
        return sorted(os.listdir(os.path.join(self.log_dir, handler, "events")))

    def build(self, sender, **settings):
        chosen = {"common_parameters": lambda: COMMON, "logger": self.logger, "emit": self.emitted.append}
        chosen.update(settings)
        agent_dir = chosen.pop("agent_events_dir", self.agent_dir)
        return collector.build(self.log_dir, agent_dir, sender, **chosen)

    def run(self, sender=None, subject=None, **settings):
        """One checked pass over the extension events; a fresh collector unless one is given."""
        return self._pass("collect", sender, subject, settings)

    def run_agent(self, sender=None, subject=None, **settings):
        """One pass over the agent events."""
        return self._pass("collect_agent_events", sender, subject, settings)

    def _pass(self, method, sender, subject, settings):
        sender = sender if sender is not None else Sender()
        subject = subject if subject is not None else self.build(sender, **settings)
        before = len(sender.accepted), len(self.records), len(self.emitted)
        report = getattr(subject, method)()
        accepted = sender.accepted[before[0] :]
        if method == "collect":
            check_ledger(report, accepted)
        return Outcome(report, accepted, self.records[before[1] :], self.emitted[before[2] :])


def tree(top):
    """Everything below `top`: relative path -> (kind, content or target), nothing followed."""
    found = {}
    for folder, directories, files in os.walk(top):
        for name in directories + files:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                content = os.readlink(path)
            elif stat.S_ISREG(mode):
                with open(path, "rb") as source:
                    content = source.read()
            else:
                content = None
            found[os.path.relpath(path, top)] = (stat.S_IFMT(mode), content)
    return found
