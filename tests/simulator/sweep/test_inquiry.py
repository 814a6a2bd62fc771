"""Why a run fails: the first decision that differs, in few lines, and the one thing that makes the
difference.
"""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core import History, Record
from etp_kit.simulator.runner import Job, result_of
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.sweep import Asked, data_of, why
from etp_kit.simulator.sweep.aligning import Parting, parting
from etp_kit.simulator.sweep.cause import Cause
from etp_kit.simulator.sweep.inquiry import TooLong, cause_of, work_of


def record(actor: str, call: str, path: str = "log/a") -> Record:
    return Record(0, 0, actor, "call", path, {"call": call})


def test_two_runs_part_at_the_first_act_that_differs() -> None:
    same, here, there = record("c", "lstat"), record("c", "read"), record("c", "unlink")
    later = record("c", "close")
    found = parting(History([same, here, later]), History([same, there, later]))
    assert found is not None
    assert (found.before, found.here, found.there, found.consequences) == (same, here, there, (0, 0))


def test_the_shorter_run_comes_to_its_end() -> None:
    same, more = record("c", "lstat"), record("c", "read")
    found = parting(History([same]), History([same, more, more]))
    assert found is not None
    assert (found.here, found.there) == (None, more)


def test_when_something_came_is_no_decision() -> None:
    early, late = record("c", "lstat"), record("c", "lstat")._replace(t=5)
    assert parting(History([early]), History([late])) is None


def test_what_is_only_told_differs_last() -> None:
    notices = [Record(0, 0, "c", "notice", "", {"kind": kind}) for kind in ("quota", "drops")]
    act = record("c", "lstat")
    found = parting(History([notices[0], act]), History([notices[1], act]))
    assert found is not None
    assert found.here == notices[0]


def delivery(name: str, message: str, place: int = 0) -> Record:
    told = {"key": ["A", name, place], "names": ["TaskName", "Context1"], "values": ["task", message]}
    return Record(0, 0, "c", "deliver", "", told)


def test_collectors_that_have_only_the_contract_in_common_part_by_events() -> None:
    here = History([record("c", "scandir"), delivery("2.json", "two"), delivery("1.json", "uno")])
    there = History([record("c", "listdir"), delivery("1.json", "one"), delivery("2.json", "two")])
    found = parting(here, there, alike=False)
    assert found is not None
    assert (found.here, found.there) == (here.records[2], there.records[1])
    assert parting(here, History(here.records[1:]), alike=False) is None


def cause(here: Record | None, there: Record | None) -> Cause:
    return Cause("a.b", "why", "mine", "reference", Parting(None, here, there, (0, 0)), "")


def test_of_two_values_the_first_letters_that_differ_are_told_in_a_line() -> None:
    alike = "the same " * 20
    found = cause(delivery("1.json", f"{alike}\nfoo"), delivery("1.json", f"{alike}\nbar"))
    mine, other = found.lines()[3:5]
    assert mine.endswith("""hands over A/1.json/0 with Context1 = ...'e the same \\nfoo'""")
    assert other.endswith("""hands over A/1.json/0 with Context1 = ...'e the same \\nbar'""")
    assert found.names == {"deliver", "event", "Context1"}


def test_a_parameter_that_one_has_not_is_the_difference() -> None:
    fewer = delivery("1.json", "one")
    fewer.result["names"], fewer.result["values"] = ["TaskName"], ["task"]
    assert cause(delivery("1.json", "one"), fewer).names == {"deliver", "event", "Context1"}


PATHS = {
    "log": "log-dir", "log/A": "handler", "log/A/events": "events-dir", "log/A/events/1.json": "event",
    "log/A/events/tmp": "leftover", "log/A/events/sub/1.json": "leftover", "lib/events": "agent-dir",
    "lib/events/1.tld": "agent-event", "outside/secret.json": "outside",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_cause_names_the_call_and_the_kind_of_its_file(path: str) -> None:
    assert cause(record("c", "open", path), None).names == {"open", PATHS[path], "end"}


def test_who_waits_no_longer_gets_what_two_runs_show() -> None:
    """Of runs that each count as two hundred records, as all small ones do."""
    scenario = load_scenario("small/swapped")
    asked = Asked(data_of(scenario.id, scenario), 0, "mutant:entered-by-path", "reference", ["discover.swap"])

    def work(place: Any) -> list[list[str]]:
        told = [cause_of(asked, place, most) for most in (201, 400, 401, None)]
        assert told[0] == told[1]
        assert told[2] == told[3]
        with pytest.raises(TooLong):
            cause_of(asked, place, 200)
        return [one.lines() for one in told[1:3] if one is not None]

    short, whole = result_of(Job("why", work, "fake"))[0]
    assert whole == [*short, "it needs the hazard events-dir of Contoso.Swapping: without it the verdict is another"]


STEPS: list[tuple[str, dict[str, int]]] = [("write", {"bytes": 20_000}), ("unlink", {})]


def test_many_bytes_are_more_work_than_their_records() -> None:
    calls = [record("c", "lstat")] * 300
    written = [Record(0, 0, "0:A", "step", "log/A/1.json", {"act": act, **size}) for act, size in STEPS]
    assert work_of(History([*calls, *written]), program=False) == 300 + 2 + 2


def test_a_run_takes_some_work_whatever_it_shows_and_a_program_more() -> None:
    for history in (None, History([record("c", "lstat")])):
        assert (work_of(history, program=False), work_of(history, program=True)) == (200, 2_000)


CASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("quota/flood", "quota-raised"): ("lstat log/Contoso.Flooding.Agent/", "close log/Contoso.Flooding.Agent/events"),
    ("clean/residue", "residue-kept"): ("unlink log/",),
    ("clean/residue", "clean-up-skipped"): ("unlink log/",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "mutant"), CASES)
def test_a_mutant_parts_from_the_reference_where_its_defect_is(name: str, mutant: str) -> None:
    scenario = load_scenario(name)
    clauses = [*scenario.clauses, "clean.processed"]
    cause = why(Asked(data_of(name, scenario), 0, f"mutant:{mutant}", "reference", clauses), scenario.worlds[0])
    assert cause is not None
    lines = cause.lines()
    assert len(lines) <= 12
    assert all(text in "\n".join(lines) for text in CASES[name, mutant]), lines


def test_the_reference_fails_nothing_that_could_be_explained() -> None:
    scenario = load_scenario("quota/flood")
    asked = Asked(data_of("quota/flood", scenario), 0, "reference", "reference", scenario.clauses)
    assert why(asked, "fake") is None


def test_what_makes_the_difference_is_named() -> None:
    data: dict[str, Any] = {
        "schema": 1, "title": "t", "about": "a", "clauses": ["quota.notice"], "passes": 1,
        "actor": [{"handler": "A", "events": 3}, {"handler": "B", "events": 1}], "collector": {"quota": 2},
    }  # fmt: skip
    cause = why(Asked(data, 0, "mutant:quota-raised", "reference", ["quota.per-extension"]), "fake")
    assert cause is not None
    assert cause.decisive == "the extension A"
