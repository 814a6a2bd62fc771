"""Lint and a real pass over the same files, element by element.

The real pass is that of the importable ``collector`` with its own modules, watched from outside;
lint runs on modules of its own. What is compared is what each made of every (file, element), of
every file, and what the pass report counts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from etp_kit import collector
from etp_kit.simulator.lint.lint_run import lint
from etp_kit.simulator.lint.profile import Terms
from tests.simulator.writers.disk import HANDLER, Sender

#: On memory where there is some: hundreds of thousands of files are written.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

Key = tuple[str, int]


@dataclass
class Fates:
    """(file, element) -> "collected", "cut", or the reason of its drop;
    the files' counts; ``known_discarded``: elements.
    """

    events: dict[Key, str] = field(default_factory=dict)
    files: Counter[str] = field(default_factory=Counter)
    discarded: Counter[str] = field(default_factory=Counter)
    spared: int = 0
    kept: int = 0


class Told:
    """A reporter that keeps everything."""

    def __init__(self) -> None:
        self.entries = []
        self.directories = []

    def begin(self, directory):
        self.directories.append(directory)

    def entry(self, directory, outcome):
        self.entries.append((directory, outcome))

    def end(self, directory):
        pass


@contextmanager
def place():
    path = tempfile.mkdtemp(prefix="lint-agreement-", dir=MEMORY)
    try:
        yield Path(path)
    finally:
        shutil.rmtree(path)


def linted(path, settings=None, profile="reference", now=None, agent=False) -> tuple[Fates, Told]:
    """What lint says of a log dir, or of an agent events dir."""
    told = Told()
    lint([str(path)], Terms.of(profile, settings), time.time() if now is None else now, [told])
    fates = Fates()
    for directory, outcome in told.entries:
        for event in outcome.events:
            key = (outcome.name, event.element)
            assert key not in fates.events
            fates.events[key] = event.reason if event.fate == "dropped" else event.fate
        if outcome.fate == "collected":
            fates.files["processed"] += 1
        elif outcome.fate == "residue":
            fates.discarded["residue"] += 1
        elif outcome.fate in {"dropped", "discarded"}:
            fates.discarded[outcome.reason] += 1
        elif outcome.fate == "spared":
            fates.spared += not is_directory(os.path.join(directory.path, outcome.name)) or bool(collector.listing.is_event_file(outcome.name))
        else:
            fates.kept += 1
    fates.kept += sum(directory.kept for directory in told.directories)
    return fates, told


def is_directory(path) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def passed(root, settings, monkeypatch) -> tuple[Fates, object]:
    """What a real pass makes of ``root/log``."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    fates = Fates()
    judged: list[str] = []
    extension = collector.extension.Extension
    judge, collect = extension.judge, extension.collect

    def watched_judge(*asked):
        fields, reason = judge(*asked)
        judged.append(reason or "collected")
        return fields, reason

    def watched_collect(self, directory, file):
        judged.clear()
        collect(self, directory, file)  # raises where the file falls as a whole
        fates.events.update({(file.name, index): fate for index, fate in enumerate(judged)})

    with monkeypatch.context() as patch:
        patch.setattr(extension, "judge", staticmethod(watched_judge))
        patch.setattr(extension, "collect", watched_collect)
        sender = Sender()
        report = collector.build(os.path.join(root, "log"), None, sender, **settings).collect()
    delivered = {event.key[1:]: {p.name: p.value for p in event.parameters} for event in sender.events}
    assert {key for key, fate in fates.events.items() if fate == "collected"} == set(delivered)
    ledger = report.ledger.get(HANDLER)
    if ledger is not None:
        assert Counter(fate for fate in fates.events.values() if fate != "collected") == Counter(ledger.dropped)
        fates.files["processed"] = ledger.processed
        fates.discarded = Counter(ledger.files_discarded)
        fates.spared, fates.kept = ledger.spared, ledger.kept
    return fates, delivered


def seen(root) -> dict[str, tuple[object, ...]]:
    """Everything that lint could have changed below the root."""
    found = {}
    for directory, directories, files in os.walk(root):
        for name in (*directories, *files):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            found[path] = (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_nlink)
    return found


def agree(root, monkeypatch, settings=None, really=None) -> tuple[Fates, Told]:
    """Lint ``root/log``, then really pass over it: raises AssertionError where the two differ.
    Gives what lint said. ``really``: settings of the real pass alone.
    """
    settings = settings or {}
    before = seen(root)
    said, told = linted(os.path.join(root, "log"), settings)
    assert seen(root) == before, "lint changed something"
    done, delivered = passed(root, {**settings, **(really or {})}, monkeypatch)
    plain = {key: "collected" if fate == "cut" else fate for key, fate in said.events.items()}
    assert plain == done.events
    for key in (key for key, fate in said.events.items() if fate == "cut"):
        assert len(delivered[key]["Context1"]) == settings.get("max_message", 3072)
    assert said.files["processed"] == done.files["processed"]
    assert said.discarded == done.discarded
    assert (said.spared, said.kept) == (done.spared, done.kept)
    return said, told


def agree_on_agent_events(root, monkeypatch) -> Fates:
    """The same for the agent's events dir, ``root/lib/events``."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    path = os.path.join(root, "lib", "events")
    before = seen(root)
    said, _ = linted(path)
    assert seen(root) == before, "lint changed something"
    sender = Sender()
    report = collector.build(os.path.join(root, "log"), path, sender).collect_agent_events()
    assert set(said.events) == {event.key[1:] for event in sender.events}
    ledger = report.ledger[""]
    assert said.files["processed"] == ledger.processed
    assert said.discarded == Counter(ledger.files_discarded)
    return said


__all__ = ["Fates", "Told", "agree", "agree_on_agent_events", "linted", "passed", "place", "pytest", "seen"]
