"""Random scenarios: data of the ordinary language, the same for a seed everywhere, and as varied
as they claim.
"""

from __future__ import annotations

import glob
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.core import AGENT_EVENTS_DIR, events_dir
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.sweep.applies import applicability, applicable, ever_applicable, features_of
from etp_kit.simulator.sweep.generate import data_hash, random_scenario, scenario_data


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**12))
def test_a_seed_gives_a_scenario_that_the_language_takes(seed: int) -> None:
    scenario = random_scenario(seed)
    assert scenario.actor
    assert scenario_data(seed) == scenario_data(seed)


def test_the_first_seeds_are_the_same_everywhere() -> None:
    texts = [json.dumps(scenario_data(seed), sort_keys=True) for seed in range(50)]
    assert hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16] == PINNED


@pytest.fixture(scope="module")
def features() -> set[str]:
    return {feature for seed in range(3_000) for feature in features_of(random_scenario(seed))}


def test_every_hazard_is_drawn(features: set[str]) -> None:
    drawn = {feature.partition(":")[2] for feature in features if feature.startswith(("hazard:", "agent-hazard:"))}
    assert drawn == set(HAZARDS)


def test_every_feature_that_a_rule_names_is_drawn(features: set[str]) -> None:
    named = {part for rule in applicability().unless for feature in rule.features for part in feature.split("+")}
    assert named <= features


def test_a_seed_switches_much_off() -> None:
    """Two scenarios share few features: else every run would be like the next."""
    kinds = [features_of(random_scenario(seed)) for seed in range(300)]
    assert len(set(kinds)) > 270
    assert max(sum(feature in one for one in kinds) for feature in ("faults", "agent-events", "life", "service")) < 200


def test_places_lie_where_their_writer_steps() -> None:
    """A place elsewhere would be met by nothing."""
    placed = [data for seed in range(1_000) if "place" in (data := scenario_data(seed))]
    assert 50 < len(placed) < 500
    for data in placed:
        directories = {actor["handler"]: events_dir(actor["handler"]) for actor in data["actor"]}
        directories["Old.Extension"] = AGENT_EVENTS_DIR
        for place in data["place"]:
            assert place["in_pass"] < data["passes"]
            assert place["before"] == "deliver" or place["path"].startswith(glob.escape(directories[place["actor"]]))


def test_every_clause_left_out_exists_and_has_a_reason() -> None:
    assert set(applicability().never) <= set(CLAUSES)
    for rule in applicability().unless:
        assert rule.why
        assert set(rule.clauses) <= set(ever_applicable())


def test_a_glob_narrows_what_applies() -> None:
    narrowed = {slug for seed in range(20) for slug in applicable(random_scenario(seed), "quota.*")}
    assert narrowed
    assert all(slug.startswith("quota.") for slug in narrowed)


def test_what_names_a_scenario_is_what_it_says() -> None:
    data = scenario_data(7)
    assert data_hash(data) == data_hash({**data, "title": "another"}) != data_hash({**data, "passes": 99})


PINNED = "37bec24ea38fd205"
