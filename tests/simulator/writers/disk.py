"""Plans carried out on a real directory and judged by hand:
the writers' labels against the reference collector.

The judge here is small on purpose and knows no more than a label says:
which tokens must come out, with which texts, and how many elements must fall for which reason.
"""

from __future__ import annotations

import os
import socket
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etp_kit import collector
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.labels import Label, agrees, find_token
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.parameters import LABELLED_PARAMETERS
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.core.window import Window
from etp_kit.simulator.writers.assignment import Assignment

#: How many events of producers are tried in all: `tox -e million` asks for 1,000,000 by ETP_EVENTS.
WANTED = int(os.environ.get("ETP_EVENTS", "50000"))
#: How often as many as by default:
#: each round has seeds of its own, for hazards and agent events too.
ROUNDS = max(1, -(-WANTED // 50_000))

EPOCH = 1_795_462_516 * SECOND
PERIOD = 300 * SECOND
HANDLER = "Publisher.Extension-1.0"
DIRECTORY = f"log/{HANDLER}/events"


def assignment(
    events: int = 20,
    per_file: int = 1,
    *,
    windows: int = 1,
    traffic: str = "steady",
    directory: str = DIRECTORY,
    limits: Limits | None = None,
    actor: int = 3,
) -> Assignment:
    """An assignment of so many windows of five minutes."""
    return Assignment(
        actor=actor,
        handler=HANDLER,
        directory=directory,
        windows=tuple(Window(number, number * PERIOD, (number + 1) * PERIOD) for number in range(windows)),
        events=events,
        per_file=per_file,
        traffic=traffic,
        limits=limits or Limits(),
        epoch=EPOCH,
    )


def perform(steps: Iterable[Step], root: str) -> None:
    """Take every step, in order; one that fails because a directory is there already is none."""
    for directory in (DIRECTORY, "lib/events", "outside"):
        os.makedirs(os.path.join(root, directory), exist_ok=True)
    for step in steps:
        _take(step, os.path.join(root, step.path), root)


def _take(step: Step, path: str, root: str) -> None:
    to = os.path.join(root, step.to)
    if step.act in {"write", "append"}:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if step.act == "write" else os.O_APPEND)
        descriptor = os.open(path, flags, 0o600)
        os.write(descriptor, step.data)
        os.fchmod(descriptor, step.mode)
        os.close(descriptor)
    elif step.act == "truncate":
        os.truncate(path, step.size)
    elif step.act in {"rename", "replace"}:
        os.rename(path, to)
        return
    elif step.act == "link":
        os.link(path, to)
    elif step.act == "symlink":
        os.symlink(os.path.join(root, step.to[2:]) if step.to.startswith("@/") else step.to, path)
        return
    elif step.act == "mkdir":
        os.mkdir(path)
    elif step.act == "mkfifo":
        os.mkfifo(path)
    elif step.act == "socket":
        _bind(path)
    elif step.act == "device":
        major, minor = step.to.split(":")
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(int(major), int(minor)))
    elif step.act == "unlink":
        os.unlink(path)
        return
    elif step.act == "chmod":
        os.chmod(path, step.mode)
    elif step.act in {"immutable", "mutable"}:
        return
    when = EPOCH + (step.at if step.mtime is None else step.mtime)
    os.utime(path, ns=(when, when))


def _bind(path: str) -> None:
    """A bound socket; its directory is entered,
    because the path of a socket is at most 107 bytes.
    """
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(os.path.dirname(path))
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(os.path.basename(path))
    finally:
        os.fchdir(here)
        os.close(here)


def held(steps: Iterable[Step]) -> dict[str, tuple[Label, ...]]:
    """What each path holds after the steps, by their labels."""
    found: dict[str, tuple[Label, ...]] = {}
    for step in steps:
        if step.act in {"rename", "replace"}:
            for path in [one for one in found if one == step.path or one.startswith(f"{step.path}/")]:
                found[step.to + path[len(step.path) :]] = found.pop(path)
            if step.act == "replace" and step.labels is None:
                found.pop(step.to, None)
            if step.labels is not None:
                found[step.to] = step.labels
        elif step.act == "link":
            found[step.to] = step.labels if step.labels is not None else found[step.path]
        elif step.act == "unlink":
            found.pop(step.path, None)
            if step.to and step.labels is not None:
                found[step.to] = step.labels
        elif step.labels is not None:
            found[step.path] = step.labels
    return found


class Sender:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[object] = []

    def enqueue_event(self, event: object) -> None:
        self.events.append(event)

    def stopped(self) -> bool:
        return False

    def get_thread_name(self) -> str:
        return "sender"


@dataclass
class Outcome:
    """What a collector made of a directory."""

    delivered: list[dict[str, str]] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)
    discarded_files: dict[str, int] = field(default_factory=dict)
    report: object = None


#: Every limit that bounds a whole pass, out of the way: labels speak of single elements and files.
WITHOUT_PASS_LIMITS = {
    "quota": 10**9, "max_rejects": 10**9, "max_parse": 10**12, "max_spared": 10**9, "max_spared_bytes": 10**12,
}  # fmt: skip


def collect(root: str, **settings: object) -> Outcome:
    """One pass of the reference collector over the extension events."""
    sender = Sender()
    built = collector.build(os.path.join(root, "log"), None, sender, **{**WITHOUT_PASS_LIMITS, **settings})
    report = built.collect()
    outcome = Outcome(report=report)
    for event in sender.events:
        outcome.delivered.append({parameter.name: parameter.value for parameter in event.parameters})
    for ledger in report.ledger.values():
        outcome.dropped = dict(ledger.dropped)
        outcome.discarded_files = dict(ledger.files_discarded)
    return outcome


#: Counted as files; an oversize element falls "alone or with its file".
FILE_REASONS = {"MalformedFileError", "IrregularFileError", "OversizeFileError", "OversizeElementError"}


def check(labels: Sequence[Label], outcome: Outcome) -> None:
    """Raise AssertionError where what came out is not what the labels say."""
    due = {label.token: label for label in labels if label.due in {"collect", "cut"}}
    delivered: dict[str, dict[str, str]] = {}
    for parameters in outcome.delivered:
        token = find_token(parameters["Context1"])
        assert token not in delivered, f"{token!r} was delivered twice"
        delivered[token] = parameters
    assert sorted(set(delivered) - set(due)) == [], "delivered, but not due"
    assert sorted(set(due) - set(delivered)) == [], "due, but not delivered"
    for token, label in due.items():
        for name, expected in zip(LABELLED_PARAMETERS, label.parameters, strict=True):
            got = delivered[token][name]
            assert agrees(expected, got, label.secrets), f"{token} {name}: due {expected!r:.400}, got {got!r:.400}"
    reasons = Counter(label.reason for label in labels if label.due == "drop" and label.reason not in FILE_REASONS)
    outcome.dropped.pop("OversizeElementError", None)
    assert outcome.dropped == dict(reasons)
