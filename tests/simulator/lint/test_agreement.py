"""Lint says what a real pass does:
of every producer's events, of every hazard, element by element.
"""

from __future__ import annotations

import os

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.hazards.bad_elements import ALONE, BAD
from etp_kit.simulator.hazards.heavy import KINDS as HEAVY
from etp_kit.simulator.hazards.malformed import DAMAGE
from etp_kit.simulator.hazards.odd_elements import ODD
from etp_kit.simulator.hazards.secrets import KINDS as SECRETS
from etp_kit.simulator.writers.producers import PRODUCERS
from tests.simulator.writers.disk import DIRECTORY, WITHOUT_PASS_LIMITS, assignment, held, perform

from .agreement import agree, agree_on_agent_events, place

EXTENSION_PRODUCERS = sorted(name for name, one in PRODUCERS.items() if not getattr(one, "agent_events", False))
#: How many events in all;
#: a tox environment of its own asks for a million (ETP_LINT_EVENTS=1000000).
WANTED = int(os.environ.get("ETP_LINT_EVENTS", "50000"))
SEEDS = range(2 * max(1, -(-WANTED // 50_000)))
#: Events a seed: two seeds of all are 50,000.
EVENTS = {"plain": 17_600, "vm-backup": 1_000, "linux-patch": 360, "linux-patch-handler": 1_000, "aks-bash": 1_000, "go-platform": 1_000}
_EVENTS = 1_100


def cut_by(steps) -> int:
    return sum(label.due == "cut" for labels in held(steps).values() for label in labels)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EXTENSION_PRODUCERS)
def test_events_of_every_producer(name, seed, monkeypatch):
    plan = assignment(EVENTS.get(name, _EVENTS), per_file=50 if name == "plain" else 1)
    steps = list(PRODUCERS[name].plan(plan, Draw(seed, "lint", name)))
    with place() as root:
        perform(steps, str(root))
        said, _ = agree(str(root), monkeypatch, WITHOUT_PASS_LIMITS)
    labels = [label for of_file in held(steps).values() for label in of_file]
    if all(label.due == "leave" for label in labels):  # a writer whose files have names that nobody reads
        assert (said.events, said.discarded.total()) == ({}, EVENTS.get(name, _EVENTS))
        return
    assert len(said.events) >= 0.9 * EVENTS.get(name, _EVENTS)
    labelled = {(os.path.basename(path), index): label for path, labels in held(steps).items() if os.path.dirname(path) == DIRECTORY
                for index, label in enumerate(labels)}  # fmt: skip
    for key, fate in said.events.items():
        label = labelled[key]
        assert fate == {"collect": "collected", "cut": "cut", "drop": label.reason}[label.due], key


def test_there_are_as_many_as_wanted():
    assert len(SEEDS) * sum(EVENTS.get(name, _EVENTS) for name in EXTENSION_PRODUCERS) >= WANTED >= 50_000


OPTIONS = {
    "bad-keys": [{"kinds": (kind,)} for kind in (*BAD, *ODD, *ALONE)],
    "malformed": [{"kinds": (kind,)} for kind in DAMAGE],
    "secrets": [{"kinds": (kind,)} for kind in SECRETS],
    "heavy-json": [{"kinds": (kind,), "size": 400_000} for kind in HEAVY],
    "torn": [{"completed": "before"}, {"completed": "never"}, {"how": "rename"}],
    "growing": [{"how": how} for how in ("rewrite", "append", "past-limit", "endless")],
    "link": [{"to": to} for to in ("file", "directory", "endless", "dangling", "loop", "sibling")],
    "hardlink": [{}, {"other": "beside"}, {"settled": True}],
    "fifo": [{}, {"swapped": True}, {"place": "residue"}],
    "socket": [{}, {"swapped": True}],
    "directory-named-event": [{}, {"filled": False}],
    "flood": [{}, {"mixed": True}, {"amount": 1000, "per_file": 7}, {"amount": "quota", "per_file": 50}],
    "temporary-flood": [{"amount": 20}, {"amount": 20, "old": True}, {}],
    "events-dir": [{"becomes": becomes} for becomes in ("link", "dangling", "loop", "file", "fifo", "socket", "directory", "nothing")]
    + [{"place": "handler", "becomes": becomes} for becomes in ("link", "nothing", "file")],
    "odd-names": [{}, {"old": True}],
    "oversized": [{}, {"exact": 0, "sparse": 1}],
}  # fmt: skip
CASES = [(name, options) for name in HAZARDS for options in OPTIONS.get(name, [{}]) if name not in {"tld-shapes", "xml-bombs", "device"}]
#: Each hazard's cases meet every producer in turn.
WITH = [(name, options, EXTENSION_PRODUCERS[place % len(EXTENSION_PRODUCERS)]) for place, (name, options) in enumerate(CASES)]


@pytest.mark.parametrize(("name", "options", "producer"), WITH)
def test_what_every_hazard_leaves_behind(name, options, producer, monkeypatch):
    """With the limits of a pass, and every step of the hazard taken."""
    plan = assignment(20)
    steps = HAZARDS[name](**options).apply(list(PRODUCERS[producer].plan(plan, Draw(3))), plan, Draw(3, name))
    with place() as root:
        perform(steps, str(root))
        agree(str(root), monkeypatch)


@pytest.mark.root
def test_devices(monkeypatch):
    plan = assignment(20)
    steps = HAZARDS["device"]().apply(list(PRODUCERS["plain"].plan(plan, Draw(3))), plan, Draw(3, "device"))
    with place() as root:
        perform(steps, str(root))
        agree(str(root), monkeypatch)


AGENT_PRODUCERS = sorted(name for name, one in PRODUCERS.items() if getattr(one, "agent_events", False))
AGENT_HAZARDS = [name for name, hazard in HAZARDS.items() if hazard.agent_events and name != "device"]


@pytest.mark.parametrize("name", AGENT_PRODUCERS)
def test_agent_events_of_every_producer(name, monkeypatch):
    plan = assignment(600, directory="lib/events")
    with place() as root:
        perform(list(PRODUCERS[name].plan(plan, Draw(4, name))), str(root))
        said = agree_on_agent_events(str(root), monkeypatch)
    assert len(said.events) >= 300


@pytest.mark.parametrize(("name", "producer"), [(name, AGENT_PRODUCERS[place % len(AGENT_PRODUCERS)]) for place, name in enumerate(AGENT_HAZARDS)])
def test_what_every_hazard_of_agent_events_leaves_behind(name, producer, monkeypatch):
    plan = assignment(10, directory="lib/events")
    steps = HAZARDS[name]().apply(list(PRODUCERS[producer].plan(plan, Draw(3))), plan, Draw(3, name))
    with place() as root:
        perform(steps, str(root))
        agree_on_agent_events(str(root), monkeypatch)


@pytest.mark.parametrize("settings", [
    {"quota": 1}, {"quota": 13}, {"max_rejects": 5}, {"max_parse": 5_000}, {"max_file_size": 1_000}, {"max_message": 40, "max_event": 200},
    {"max_element": 600}, {"max_spared": 1}, {"quota": 7, "max_rejects": 3},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("producer", ["plain", "vm-backup", "aks-bash"])
def test_every_limit(settings, producer, monkeypatch):
    limits = Limits()
    plan = assignment(60, per_file=4, limits=limits)
    steps = list(PRODUCERS[producer].plan(plan, Draw(5, producer)))
    for place_, name in enumerate(("bad-keys", "malformed", "odd-names", "torn")):
        steps = HAZARDS[name]().apply(steps, plan, Draw(5, name, place_))
    with place() as root:
        perform(steps, str(root))
        agree(str(root), monkeypatch, settings)


@pytest.mark.parametrize("really", [
    {"quota": 59}, {"max_event": 200}, {"max_file_size": 200}, {"max_rejects": 2}, {"max_element": 600},
], ids=str)  # fmt: skip
def test_the_comparison_can_fail(really, monkeypatch):
    """A real pass with one other limit is not what lint says."""
    plan = assignment(60)
    steps = list(PRODUCERS["plain"].plan(plan, Draw(5)))
    for name in ("bad-keys", "malformed", "odd-names"):
        steps = HAZARDS[name]().apply(steps, plan, Draw(5, name))
    with place() as root:
        perform(steps, str(root))
        with pytest.raises(AssertionError):
            agree(str(root), monkeypatch, really=really)
