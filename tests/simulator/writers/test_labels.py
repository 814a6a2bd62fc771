"""The labels are right:
the reference collector makes of every written element what its label says.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.core.labels import Label
from etp_kit.simulator.core.parameters import LABELLED_PARAMETERS
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.hazards.bad_elements import ALONE, BAD
from etp_kit.simulator.hazards.heavy import KINDS as HEAVY_KINDS
from etp_kit.simulator.hazards.heavy import WITHIN
from etp_kit.simulator.hazards.malformed import DAMAGE
from etp_kit.simulator.hazards.odd_elements import ODD
from etp_kit.simulator.hazards.secrets import KINDS as SECRET_KINDS
from etp_kit.simulator.writers.producers import PRODUCERS

from .disk import DIRECTORY, FILE_REASONS, ROUNDS, WANTED, assignment, check, collect, held, perform

EXTENSION_PRODUCERS = sorted(name for name, one in PRODUCERS.items() if not getattr(one, "agent_events", False))
SEEDS = range(3 * ROUNDS)
#: Of what hazards add; the default is one.
HAZARD_SEEDS = range(1, ROUNDS + 1)
#: Events a seed of those that differ from 900; three seeds of all nine producers are 50,000.
EVENTS = {"plain": 11_000, "vm-backup": 700, "linux-patch": 360, "linux-patch-handler": 900}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def written_to(tmp_path, steps) -> list[Label]:
    """Carry the steps out; gives the labels of what lies in the events dir at the end."""
    perform(steps, str(tmp_path))
    contents = held(steps)
    return [label for path, labels in contents.items() if os.path.dirname(path) == DIRECTORY for label in labels]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EXTENSION_PRODUCERS)
def test_every_event_of_a_producer_comes_out_as_labelled(name, seed, tmp_path):
    plan = assignment(EVENTS.get(name, 900), per_file=50 if name == "plain" else 1)
    labels = written_to(tmp_path, list(PRODUCERS[name].plan(plan, Draw(seed, name))))
    assert len([label for label in labels if label.due != "drop"]) >= EVENTS.get(name, 900) * 0.9
    check(labels, collect(str(tmp_path)))


def test_there_are_as_many_as_wanted():
    assert len(SEEDS) * sum(EVENTS.get(name, 900) for name in EXTENSION_PRODUCERS) >= WANTED >= 50_000


def hazard(tmp_path, name, seed=1, events=3, **options):
    plan = assignment(events)
    steps = HAZARDS[name](**options).apply(list(PRODUCERS["plain"].plan(plan, Draw(seed))), plan, Draw(seed, name))
    return written_to(tmp_path, steps)


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize("kind", [*BAD, *ODD, *ALONE])
def test_element(kind, seed, tmp_path):
    labels = hazard(tmp_path, "bad-keys", seed, kinds=(kind,))
    assert Counter(label.due for label in labels).total() == (4 if kind in ALONE else 6)
    check(labels, collect(str(tmp_path)))


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize("kind", [*BAD, *ODD])
def test_element_alone_in_its_file(kind, seed, tmp_path):
    check(hazard(tmp_path, "bad-keys", seed, kinds=(kind,), neighbours=0), collect(str(tmp_path)))


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize("kind", DAMAGE)
def test_malformed_file(kind, seed, tmp_path):
    outcome = collect_hazard(tmp_path, "malformed", seed, kinds=(kind,))
    assert outcome.discarded_files == {"MalformedFileError": 1}


def collect_hazard(tmp_path, name, seed, **options):
    labels = hazard(tmp_path, name, seed, **options)
    outcome = collect(str(tmp_path))
    check(labels, outcome)
    return outcome


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize("kind", SECRET_KINDS)
def test_secret(kind, seed, tmp_path):
    collect_hazard(tmp_path, "secrets", seed, kinds=(kind,))


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize("kind", [kind for kind in HEAVY_KINDS if kind != "nests-of-900"])
def test_heavy_json(kind, seed, tmp_path):
    labels = hazard(
        tmp_path, "heavy-json", seed, kinds=(kind,), size=400_000 if kind in WITHIN or kind == "long-integer" else 30_000
    )
    outcome = collect(str(tmp_path))
    due = [label for label in labels if label.due != "drop"]
    assert len(due) >= 3
    outcome.dropped = {}  # only the first of the repeated elements has a label
    check(due, outcome)


SETTLED = {
    "torn": [{"completed": "before"}, {"completed": "during"}, {"completed": "never"}, {"how": "rename"}],
    "growing": [{"how": how} for how in ("rewrite", "append", "past-limit", "endless")],
    "shrinking": [{"how": how} for how in ("rewrite", "cut", "empty")],
    "replaced": [{}, {"events": 5}],
    "renamed": [{}, {"begun": "during"}],
    "vanishing": [{}],
    "oversized": [{}, {"exact": 0, "sparse": 1}],
    "hardlink": [{}, {"other": "beside"}, {"settled": True}],
    "fifo": [{}, {"swapped": True}, {"place": "residue"}],
    "socket": [{}, {"swapped": True}],
    "link": [{"to": to} for to in ("file", "directory", "endless", "dangling", "loop", "sibling")],
    "directory-named-event": [{}, {"filled": False}],
    "subdirectory": [{}, {"names": ["sent"], "old": True}],
    "long-elements": [{}, {"over": 1}, {"over": -1, "wide": True}],
    "odd-names": [{}],
    "odd-times": [{}],
    "flood": [{}, {"mixed": True}, {"amount": 100, "per_file": 7}],
    "temporary-flood": [{"amount": 20}],
    "unremovable": [{"released": True}],
}  # fmt: skip


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.parametrize(("name", "options"), [(name, one) for name, many in SETTLED.items() for one in many])
def test_what_a_hazard_leaves_behind(name, options, seed, tmp_path):
    """All its steps taken, those meant for the pass too:
    what lies there then is due as labelled.
    """
    labels = hazard(tmp_path, name, seed, **options)
    outcome = collect(str(tmp_path))
    check(labels, outcome)
    fallen = {label.reason for label in labels if label.reason in FILE_REASONS}
    assert fallen <= set(outcome.discarded_files)


@pytest.mark.parametrize("options", [{}, {"per_file": 1}, {"names": "again", "same_time": True}, {"names": "alike"}])
@pytest.mark.parametrize("seed", HAZARD_SEEDS)
def test_equal_events_come_out_alike_as_often_as_they_were_written(seed, options, tmp_path):
    labels = hazard(tmp_path, "equal", seed, events=0, amount=4, **options)
    outcome = collect(str(tmp_path))
    assert len({label.parameters for label in labels}) == 1
    said = [tuple(parameters[name] for name in LABELLED_PARAMETERS) for parameters in outcome.delivered]
    assert said == [labels[0].parameters] * (4 * options.get("per_file", 2))


@pytest.mark.parametrize("seed", HAZARD_SEEDS)
@pytest.mark.root
def test_device(seed, tmp_path):
    check(hazard(tmp_path, "device", seed), collect(str(tmp_path)))
