"""What all hazards promise, and what no pass is needed to see."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.hazards.base import first_free_token
from etp_kit.simulator.writers.producers import PRODUCERS
from tests.simulator.writers.disk import DIRECTORY, PERIOD, assignment

SMALL = Limits(file_size=20_000, quota=5, spared=5)


def base(plan):
    return list(PRODUCERS["plain"].plan(plan, Draw(1)))


@pytest.mark.parametrize("name", HAZARDS)
class TestEveryHazard:
    def test_is_named_and_described(self, name):
        hazard = HAZARDS[name]
        assert hazard.name == name == hazard().kind
        assert hazard.about
        assert [
            option for option, field in hazard.model_fields.items() if option != "kind" and not field.description
        ] == []

    def test_refuses_unknown_options(self, name):
        with pytest.raises(ValidationError, match="extra"):
            HAZARDS[name](surely_not_an_option=1)

    def test_is_frozen(self, name):
        with pytest.raises(ValidationError, match="frozen"):
            HAZARDS[name]().passes = (1,)

    def test_leaves_the_steps_it_was_given(self, name):
        plan = assignment(5, windows=2, limits=SMALL)
        steps = base(plan)
        after = HAZARDS[name]().apply(steps, plan, Draw(2))
        assert [step for step in after if step in steps] == steps

    def test_keeps_to_the_order_of_time_and_the_windows(self, name):
        plan = assignment(5, windows=2, limits=SMALL)
        after = HAZARDS[name]().apply(base(plan), plan, Draw(2))
        moments = [step.at for step in after]
        assert moments == sorted(moments)
        assert all(step.at in {PERIOD, 2 * PERIOD} for step in after if step.during)
        assert all(0 <= step.at < 2 * PERIOD for step in after if not step.during)

    def test_uses_fresh_tokens_and_fresh_names(self, name):
        plan = assignment(5, windows=2, limits=SMALL)
        steps = base(plan)
        added = [step for step in HAZARDS[name]().apply(steps, plan, Draw(2)) if step not in steps]
        old = {label.token for step in steps for label in step.labels}
        assert not old & {label.token for step in added for label in step.labels or ()}
        assert not {step.path for step in steps} & {step.path for step in added}

    def test_may_be_told_which_passes(self, name):
        plan = assignment(0, windows=3, limits=SMALL)
        steps = HAZARDS[name](passes=(1,)).apply([], plan, Draw(2))
        assert steps
        assert all(PERIOD <= step.at <= 2 * PERIOD or step.act == "mkdir" or step.at == 2 * PERIOD + 1 for step in steps
                   if step.path.startswith("log/"))  # fmt: skip

    def test_goes_with_any_producer_and_any_other_hazard(self, name):
        plan = assignment(5, limits=SMALL)
        steps = list(PRODUCERS["linux-patch"].plan(plan, Draw(1)))
        for other in ("torn", name, "fifo", name):
            steps = HAZARDS[other]().apply(steps, plan, Draw(2, other, len(steps)))
        tokens = [label.token for step in steps if step.act == "write" for label in step.labels or () if label.token]
        paths = [step.path for step in steps if step.act == "write" and step.path.startswith(DIRECTORY)]
        assert tokens
        assert paths

    @pytest.mark.parametrize("producer", PRODUCERS)
    def test_goes_with_this_producer_or_is_refused_in_one_line(self, name, producer):
        """With any producer, any hazard: both keep their own steps, and nothing is named twice."""
        agent = getattr(PRODUCERS[producer], "agent_events", False)
        plan = assignment(6, windows=2, limits=SMALL, directory="lib/events" if agent else DIRECTORY)
        steps = list(PRODUCERS[producer].plan(plan, Draw(1)))
        if agent and not HAZARDS[name].agent_events:
            with pytest.raises(BadInput, match=f"hazard '{name}'"):
                HAZARDS[name]().apply(steps, plan, Draw(2))
            return
        after = HAZARDS[name]().apply(steps, plan, Draw(2))
        assert [step for step in after if step in steps] == steps
        assert [step.at for step in after] == sorted(step.at for step in after)
        added = [step for step in after if step not in steps]
        known = {label.token for step in steps for label in step.labels or ()} - {""}
        assert added
        assert not known & {label.token for step in added for label in step.labels or ()}

    def test_moves_nobody_elses_stream(self, name):
        plan = assignment(5, limits=SMALL)
        draw = Draw(7)
        HAZARDS[name]().apply([], plan, draw.spawn("hazard", 0))
        assert draw.random() == Draw(7).random()


AGENT = sorted(name for name, hazard in HAZARDS.items() if hazard.agent_events)
EXTENSION_PRODUCERS = sorted(name for name, one in PRODUCERS.items() if not getattr(one, "agent_events", False))


@settings(max_examples=40, deadline=None)
@given(
    producer=st.sampled_from(EXTENSION_PRODUCERS),
    kinds=st.lists(st.sampled_from(sorted(HAZARDS)), min_size=1, max_size=4),
    seed=st.integers(0, 1_000),
)
def test_hazards_pile_up_in_any_order(producer, kinds, seed):
    """Each leaves the steps of those before it alone,
    in their order, and never uses a token that is taken.
    """
    plan = assignment(4, windows=2, limits=SMALL)
    steps = list(PRODUCERS[producer].plan(plan, Draw(seed)))
    for place, kind in enumerate(kinds):
        after = HAZARDS[kind]().apply(steps, plan, Draw(seed, place))
        rest = iter(after)
        assert all(any(step is one for one in rest) for step in steps)
        old = {label.token for step in steps for label in step.labels or ()} - {""}
        mine = {id(step) for step in steps}
        fresh = {label.token for step in after if id(step) not in mine for label in step.labels or ()} - {""}
        assert not old & fresh
        steps = after


@pytest.mark.parametrize("name", AGENT)
def test_a_hazard_of_agent_events_makes_agent_events(name):
    plan = assignment(3, directory="lib/events", limits=SMALL)
    steps = list(PRODUCERS["custom-script"].plan(plan, Draw(1)))
    added = [step for step in HAZARDS[name]().apply(steps, plan, Draw(2)) if step not in steps]
    assert added
    due = [label for step in added for label in step.labels or () if label.due == "collect"]
    assert [label for label in due if label.agent is None] == []
    assert not any(path.endswith(".json") for step in added for path in (step.path, step.to))


@pytest.mark.parametrize("name", sorted(set(HAZARDS) - set(AGENT)))
def test_a_hazard_of_extension_events_is_refused_for_agent_events(name):
    plan = assignment(3, directory="lib/events", limits=SMALL)
    with pytest.raises(BadInput, match=f"hazard '{name}' is of extension events"):
        HAZARDS[name]().apply([], plan, Draw(2))


def test_the_first_free_token_follows_the_highest():
    plan = assignment(5)
    assert first_free_token([]) == 0
    assert first_free_token(base(plan)) == 5


def test_amounts_are_relative_to_the_limits_of_the_subject():
    plan = assignment(0, limits=SMALL)
    steps = HAZARDS["flood"](amount="3*quota+1").apply([], plan, Draw(1))
    assert len(steps) == 16


@pytest.mark.parametrize("amount", [-1, True, "many", "quota*3", "quota+", "1"])
def test_nonsense_is_no_amount(amount):
    with pytest.raises(ValidationError):
        HAZARDS["flood"](amount=amount)


@pytest.mark.parametrize(
    "name", ["bad-keys", "malformed", "secrets", "odd-names", "odd-times", "heavy-json", "xml-bombs"]
)
def test_an_unknown_kind_is_told_the_nearest(name):
    hazard = HAZARDS[name]
    plan = assignment(0, limits=SMALL)
    known = hazard().apply([], plan, Draw(1))
    assert known
    with pytest.raises(ValidationError, match="no such kind: 'mising'"):
        hazard(kinds=("mising",))


@pytest.mark.parametrize("excess", [1, 7])
def test_oversized_files_are_of_the_size_they_say(excess):
    plan = assignment(0, limits=SMALL)
    steps = HAZARDS["oversized"](excess=excess).apply([], plan, Draw(1))
    assert sorted(len(step.data) for step in steps) == [20_000, 20_000 + excess]
    assert all(json.loads(step.data) for step in steps)


def test_every_half_of_a_torn_file_is_no_json_and_the_whole_is():
    plan = assignment(0, limits=SMALL)
    for seed in range(50):
        first, rest = HAZARDS["torn"](events=2).apply([], plan, Draw(seed))
        with pytest.raises(ValueError, match=r"."):
            json.loads(first.data)
        assert len(json.loads(first.data + rest.data)) == 2


def test_a_flood_of_mixed_names_has_all_widths_and_no_name_twice():
    steps = HAZARDS["flood"](amount=2_000, mixed=True).apply([], assignment(0), Draw(1))
    names = [step.path.rpartition("/")[2] for step in steps]
    assert len(set(names)) == 2_000
    assert {len(name) - len(".json") for name in names} == {10, 13, 16, 19}


def test_a_swapped_events_dir_is_back_before_the_next_pass():
    for becomes in ("link", "file", "directory", "mount", "nothing"):
        steps = HAZARDS["events-dir"](becomes=becomes).apply([], assignment(0, windows=2), Draw(1))
        assert any(step.act == "rename" and step.to == DIRECTORY and step.at == PERIOD + 1 for step in steps)


@pytest.mark.parametrize("place", ["events", "handler"])
def test_what_is_mounted_holds_an_event_that_nobody_may_take(place):
    plan = assignment(0, windows=2)
    steps = HAZARDS["events-dir"](becomes="mount", place=place, during=False, passes=(0,)).apply([], plan, Draw(1))
    mounted = next(step for step in steps if step.act == "mount")
    (written,) = [step for step in steps if step.act == "write"]
    assert written.path.startswith(f"{mounted.path}/")
    assert [label.due for label in written.labels] == ["leave"]
    assert [step.act for step in steps if step.at > PERIOD] == ["rmtree", "rename"]


def test_elements_together_stand_in_one_list_but_for_those_that_cannot():
    kinds = ("missing-version", "missing-message", "list-empty", "element-oversize")
    steps = HAZARDS["bad-keys"](kinds=kinds, together=True, neighbours=1).apply([], assignment(0), Draw(1))
    assert sorted(len(step.labels) for step in steps) == [0, 1, 4]
    together = max(steps, key=lambda step: len(step.labels))
    assert len(json.loads(together.data)) == 4
    assert [label.due for label in together.labels] == ["collect", "drop", "drop", "collect"]


def test_secrets_together_stand_in_one_list_but_for_the_malformed_one():
    steps = HAZARDS["secrets"](kinds=("field-message", "malformed", "oversize"), together=True).apply(
        [], assignment(0), Draw(1)
    )
    assert sorted(len(step.labels) for step in steps) == [1, 2]
    (together,) = [step for step in steps if len(step.labels) == 2]
    assert [bool(label.secrets) for label in together.labels] == [True, True]
    assert all(label.about for label in together.labels)


def test_what_could_not_be_removed_is_written_anew_once_it_can_be():
    plan = assignment(0, windows=2)
    hazard = HAZARDS["unremovable"](released=True, rewritten=True, passes=(0,))
    steps = hazard.apply([], plan, Draw(1))
    assert [step.act for step in steps] == ["write", "immutable", "mutable", "write"]
    first, again = steps[0], steps[-1]
    assert first.path == again.path
    assert first.labels != again.labels
    assert again.at > PERIOD
