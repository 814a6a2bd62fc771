"""What the direct tests of the collector share: a world on a real directory, a scripted sender, a frozen clock and a
recorder of file-system calls.

Rules kept here, and why:

* The world is a real directory. A fake file system would test the fake's opinion of links, FIFOs and descriptors.
* Every pass made through `World.run` has its report checked for balance (report.ledger), so that each test of any
  clause also tests that nothing is lost silently.
* Nothing waits in wall time: `Clock` replaces the waiting calls and moves its own hands. A test may act *during* a wait.
* A hang is a failure, not a stuck run: `Hang` is a BaseException, because a collector contains every Exception.
"""

import contextlib
import itertools
import json
import logging
import os
import pickle
import socket
import stat
import threading
import time
import traceback
from collections import defaultdict

from etp_kit import collector

MIB = 1 << 20
QUOTA = 360
FIELDS = ("EventLevel", "EventPid", "EventTid", "Message", "OperationId", "TaskName", "Timestamp", "Version")
ABSENT = object()
COMMON = [
    ("GAVersion", "9.9.9.9"),
    ("ContainerId", "container"),
    ("OpcodeName", "common opcode"),
    ("EventTid", "common tid"),
    ("EventPid", "common pid"),
    ("TaskName", "common task"),
    ("OSVersion", "Linux:test"),
    ("ExecutionMode", "IAAS"),
    ("RAM", 4096),
    ("Processors", 2),
    ("KeywordName", ""),
    ("TenantName", "tenant"),
    ("RoleName", "role"),
    ("RoleInstanceName", "instance"),
    ("Location", "westeurope"),
    ("SubscriptionId", "subscription"),
    ("ResourceGroupName", "group"),
    ("VMId", "vm"),
    ("ImageOrigin", 1),
]


class Hang(BaseException):
    """The subject blocked: raised by the watchdog through whatever the subject contains."""


class Crash(BaseException):
    """The process died here: every later file-system call raises it again, as no `finally` runs after SIGKILL."""


class ServiceStoppedError(Exception):
    """What a stopped sender raises; recognised by this name alone."""


def event(**overrides):
    """A valid event as a publisher writes it; `ABSENT` leaves a field out."""
    fields = {
        "Version": "1.2.3.4",
        "Timestamp": "2026-01-01T00:00:00.000Z",
        "TaskName": "Enable",
        "EventLevel": "Informational",
        "Message": "a message",
        "EventPid": "123",
        "EventTid": "456",
        "OperationId": "an operation",
    }
    fields.update(overrides)
    return {key: value for key, value in fields.items() if value is not ABSENT}


def events(count, prefix="m"):
    return [event(Message=f"{prefix}{i}") for i in range(count)]


def data(name):
    """A table of samples from tests/collector/data/."""
    with open(os.path.join(os.path.dirname(__file__), "data", name), encoding="utf-8") as source:
        table = json.load(source)
    assert table, f"{name} holds no sample"
    return table


def param(subject, name):
    (value,) = [value for key, value in subject.parameters if key == name]
    return value


def encode(content):
    if isinstance(content, bytes):
        return content
    return json.dumps(content).encode("utf-8")


class Sender:
    """Records what it is given. `stop_after` n accepts n events, then is stopped; `raise_at` fails the events of these
    indices (counted over all offers); `on_enqueue(n)` is called at the n-th offer, before anything else."""

    def __init__(self, stop_after=None, raise_at=(), on_enqueue=None, thread_name="TheSender"):
        self.stop_after = stop_after
        self.raise_at = set(raise_at)
        self.on_enqueue = on_enqueue
        self.thread_name = thread_name
        self.offers = 0
        self.accepted = []
        self.is_stopped = stop_after == 0

    def enqueue_event(self, handed):
        offer = self.offers
        self.offers += 1
        if self.on_enqueue is not None:
            self.on_enqueue(offer)
        if self.is_stopped:
            raise ServiceStoppedError("the sender was stopped")
        if offer in self.raise_at:
            raise ValueError(f"the sender refuses offer {offer}")
        self.accepted.append(handed)
        if self.stop_after is not None and len(self.accepted) >= self.stop_after:
            self.is_stopped = True

    def stopped(self):
        return self.is_stopped

    def get_thread_name(self):
        return self.thread_name

    @property
    def messages(self):
        return [param(handed, "Context1") for handed in self.accepted]

    @property
    def keys(self):
        return [handed.key for handed in self.accepted]

    def of(self, handler):
        return [handed for handed in self.accepted if handed.key[0] == handler]


class FlushingSender(Sender):
    """For at-least-once: an event counts only once `flush()` confirmed it. `flush_fails` is a list of what successive
    calls do: None or True confirm, False or an exception do not; when it is used up, they confirm."""

    def __init__(self, flush_fails=(), **script):
        super().__init__(**script)
        self.answers = list(flush_fails)
        self.confirmed = []
        self.flushed = 0
        self.flushes = 0

    def flush(self):
        self.flushes += 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        if answer is not False:
            self.confirmed += self.accepted[self.flushed :]
            self.flushed = len(self.accepted)
        return answer


class Clock:
    """Frozen time. `time.sleep` moves it, is listed in `waits`, and runs the action set for that wait."""

    START = 1767225600.0  # 2026-01-01T00:00:00Z

    def __init__(self, monkeypatch):
        self.elapsed = 0.0
        self.step = 0.0
        self.waits = []
        self.actions = {}
        self.patch = monkeypatch.setattr
        self.patch(time, "time", self.time)
        self.patch(time, "monotonic", self.monotonic)
        self.patch(time, "time_ns", lambda: int(self.time() * 1e9))
        self.patch(time, "monotonic_ns", lambda: int(self.monotonic() * 1e9))
        self.patch(time, "sleep", self.sleep)

    def time(self):
        return self.START + self.step + self.elapsed

    def monotonic(self):
        return 5000.0 + self.elapsed

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.elapsed += seconds
        action = self.actions.get(len(self.waits))
        if action is not None:
            action()

    def during_wait(self, number, action):
        """Runs `action()` during the `number`-th wait, counted from 1."""
        self.actions[number] = action


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
    """One pass: the report, what the sender accepted in it, what was logged in it and what was given to `emit`."""

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
        """Writes one file into the events dir of `handler`: bytes as they are, anything else as JSON."""
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
        """One checked pass over the extension events; a fresh collector unless `subject` is given."""
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


def make_socket(path):
    """A socket in the file system; bound from its own folder, as the address holds only 107 bytes."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(os.path.dirname(path))
        with socket.socket(socket.AF_UNIX) as endpoint:
            endpoint.bind(os.path.basename(path))
    finally:
        os.fchdir(here)
        os.close(here)


def make_device(path):
    """The endless device: reading it never comes to an end. Needs the superuser."""
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))


class Calls:
    """Every file-system call through `os`, in order. `before` and `after` may act at a call: they get its number
    (from 0), the function's name and the base name of its path (or of the file behind its descriptor)."""

    NAMES = ("open", "close", "read", "stat", "lstat", "fstat", "listdir", "scandir", "unlink", "remove", "rmdir")
    WRITERS = ("mkdir", "rename", "replace", "link", "symlink", "chmod", "utime", "truncate")

    def __init__(self, monkeypatch):
        self.log = []
        self.before = None
        self.after = None
        self.bytes_read = defaultdict(int)
        self.names = {}
        self.quiet = True
        for name in self.NAMES + self.WRITERS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name, real):
        def call(*args, **kwargs):
            if self.quiet:
                return real(*args, **kwargs)
            number = len(self.log)
            base = self._base(args[0] if args else kwargs.get("path"))
            self.log.append((name, base, args, kwargs))
            self._act(self.before, number, name, base)
            result = real(*args, **kwargs)
            if name == "open":
                self.names[result] = base
            elif name == "read":
                self.bytes_read[base] += len(result)
            self._act(self.after, number, name, base)
            return result

        return call

    def _base(self, path):
        if isinstance(path, int):
            return self.names.get(path, "")
        return os.path.basename(os.fsdecode(path)) if path is not None else ""

    def _act(self, action, *call):
        if action is not None:
            with self.ignored():
                action(*call)

    @contextlib.contextmanager
    def ignored(self):
        """The test's own calls are not the subject's."""
        quiet, self.quiet = self.quiet, True
        try:
            yield
        finally:
            self.quiet = quiet

    @contextlib.contextmanager
    def watched(self):
        self.log.clear()
        self.bytes_read.clear()
        self.quiet = False
        try:
            yield self
        finally:
            self.quiet = True
            self.before = self.after = None

    def of(self, *names):
        return [call for call in self.log if call[0] in names]

    def opened(self, base):
        return [call for call in self.log if call[0] == "open" and call[1] == base]


class At:
    """One call number; `then(act)` makes the `before` or `after` of `Calls` that acts there and nowhere else."""

    def __init__(self, number):
        self.number = number
        self.reached = False

    def then(self, act):
        def action(number, _name, _base):
            if number == self.number:
                self.reached = True
                act()

        return action


def every_call(scene):
    """Plays `scene(at)` for every file-system call that it makes: the scene builds its world anew, uses `at.then` once,
    makes its pass and judges it. Returns how many calls there were."""
    for number in itertools.count():
        at = At(number)
        scene(at)
        if not at.reached:
            assert number > 5, "the scene made hardly any call: nothing was tested"
            return number
    raise AssertionError("unreachable")


def as_ordinary_user(function):
    """Runs `function()` in a child that gave up the superuser, and returns or raises what it does."""
    if os.geteuid() != 0:
        return function()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            try:
                answer = (True, function())
            except BaseException:
                answer = (False, traceback.format_exc())
            with open(writer, "wb") as out:
                pickle.dump(answer, out)
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as source:
        raw = source.read()
    os.waitpid(child, 0)
    assert raw, "the child died without an answer"
    good, answer = pickle.loads(raw)
    assert good, answer
    return answer


class VirtualService:
    """The collector's thread on the frozen clock: each timed `Event.wait` of that thread moves the clock at once, until
    the horizon; there it waits in earnest for `stop()`. `at_wait()` runs in every wait."""

    def __init__(self, clock, horizon, at_wait=None):
        self.clock = clock
        self.horizon = horizon
        self.at_wait = at_wait
        self.reached = threading.Semaphore(0)
        self.real_wait = threading.Event.wait
        self.test_thread = threading.get_ident()
        clock.patch(threading.Event, "wait", lambda event, timeout=None: self._wait(event, timeout))

    def _wait(self, waited, timeout):
        if timeout is None or threading.get_ident() == self.test_thread:
            return self.real_wait(waited, timeout)
        if waited.is_set():
            return True
        left = self.horizon - self.clock.elapsed
        self.clock.waits.append(timeout)
        self.clock.elapsed += min(timeout, max(left, 0.0))
        if self.at_wait is not None:
            self.at_wait()
        if timeout < left:
            return waited.is_set()
        self.reached.release()
        return self.real_wait(waited, 30.0)

    def run(self, service):
        service.run()
        try:
            assert self.reached.acquire(timeout=30.0), "the service never came to its horizon"
        finally:
            service.stop()
        assert not service.is_alive()
