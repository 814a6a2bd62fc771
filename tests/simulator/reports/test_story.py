"""A scenario's story: tree, lanes, passes, events, and its bounds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging.record_line import line_of
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.json_report import report_data
from etp_kit.simulator.reports.lanes import MOST_WRITERS, OTHERS, Lanes, lane_of
from etp_kit.simulator.reports.page_data import page_data
from etp_kit.simulator.reports.scene import AROUND, scene
from etp_kit.simulator.reports.tree_changes import ShownTree, Tree

EVENTS = "log/Contoso/events"


def step(act: str, path: str, actor: str = "0:Contoso", **result: Any) -> Record:
    return Record(0, 0, actor, "step", path, {"act": act, **result})


def call(name: str, path: str, **result: Any) -> Record:
    return Record(0, 0, "collector", "call", path, {"call": name, **result})


def told(op: str, path: str, **result: Any) -> Record:
    return Record(0, 0, "collector", op, path, result)


RUN = Record(
    0, 0, "kit", "run", "",
    {
        "limits": {"quota": 300}, "delivery": "plain", "capabilities": {},
        "actors": [{"name": "0:Contoso", "handler": "Contoso", "role": "attacker", "producer": "plain"}],
    },
)  # fmt: skip
BEGIN = Record(9, 0, "kit", "pass-begin", "", {"kind": "extension"})
END = Record(9, 0, "kit", "pass-end", "", {"kind": "extension", "end": "returned", "leaked": 0})


def label(token: str) -> list[Any]:
    return [token, "collect", ["n", "l", "t", token, "time", "v", "1", "2"]]


def written(number: int) -> Record:
    token = f"etp-{number:012x}"
    return step("write", f"{EVENTS}/{number}.json", bytes=7, mtime=0, labels=[label(token)])


def history(count: int) -> list[Record]:
    """So many events are written; one pass removes the first of them and gives it to nobody."""
    return [
        RUN, step("mkdir", "log/Contoso", "agent"), step("mkdir", EVENTS, "agent"), *map(written, range(count)),
        BEGIN, call("scandir", EVENTS), call("unlink", f"{EVENTS}/0.json"), END,
        Record(9, 0, "kit", "tree", "", [["log/Contoso", "dir", 0], [EVENTS, "dir", 0],
               *([f"{EVENTS}/{one}.json", "file", 7] for one in range(1, count))]),
    ]  # fmt: skip


def verdict(records: list[Record], story: tuple[str, ...] = (), name: str = "s", says: str = "fail") -> ScenarioVerdict:
    clauses = [ClauseVerdict("deliver.sound", "core", says, "gone", story=story)]
    return ScenarioVerdict(name, 0, "fake", says, clauses=clauses, lines=list(History(records).lines()))


def added_up(rows: list[list[Any]], record: int) -> dict[str, Any]:
    """The tree as a page has it at a record."""
    tree: dict[str, Any] = {}
    for i, *_, changes in rows:
        if i > record:
            break
        for path, entry in changes:
            if entry is None:
                tree.pop(path, None)
            else:
                tree[path] = entry
    return tree


class TestTree:
    @pytest.mark.parametrize(
        ("does", "left"),
        [
            (step("append", "d/a", bytes=3), {"d": "dir", "d/a": 8}),
            (step("truncate", "d/a", bytes=2), {"d": "dir", "d/a": 2}),
            (step("rename", "d/a", to="d/b"), {"d": "dir", "d/b": 5}),
            (step("replace", "d", to="e"), {"e": "dir", "e/a": 5}),
            (step("link", "d/a", to="l"), {"d": "dir", "d/a": 5, "l": 5}),
            (step("symlink", "l", to="d"), {"d": "dir", "d/a": 5, "l": "link"}),
            (step("mkfifo", "f"), {"d": "dir", "d/a": 5, "f": "fifo"}),
            (step("rmtree", "d"), {}),
            (step("unlink", "d/a"), {"d": "dir"}),
            (step("chmod", "d/a"), {"d": "dir", "d/a": 5}),
            (step("unlink", "d/a", errno="EACCES"), {"d": "dir", "d/a": 5}),
            (call("unlink", "d/a"), {"d": "dir"}),
            (call("unlink", "d/a", errno="EACCES"), {"d": "dir", "d/a": 5}),
            (call("open", "d/a"), {"d": "dir", "d/a": 5}),
            (Record(0, 0, "kit", "tree", "", [["x", "file", 4], ["y", "dir", 0]]), {"x": 4, "y": "dir"}),
        ],
    )  # fmt: skip
    def test_a_record_does_to_names_what_its_call_does(self, does: Record, left: dict[str, Any]) -> None:
        tree = Tree()
        for record in (step("mkdir", "d"), step("write", "d/a", bytes=5)):
            tree.after(record)
        tree.after(does)
        assert tree.entries == left

    def test_what_is_not_shown_by_name_is_counted(self) -> None:
        shown = ShownTree({f"{EVENTS}/1.json"})
        for record in history(4)[:-2]:
            shown.hear(record)
        assert dict(map(tuple, shown.taken())) == {
            "log/Contoso": "dir", EVENTS: "dir", f"{EVENTS}/1.json": 7, f"{EVENTS}/*": 2,
        }  # fmt: skip
        assert shown.files == 3
        assert shown.taken() == []


class TestLanes:
    @pytest.mark.parametrize(
        ("record", "lane", "line"),
        [
            (written(1), "writes: 0:Contoso", f"write {EVENTS}/1.json 7 bytes"),
            (call("open", "a"), "collector reads", "open a"),
            (call("unlink", "a", errno="EIO"), "collector removes", "unlink a failed: EIO"),
            (call("scandir", "a"), "collector looks", "scandir a"),
            (told("deliver", "", key=["C", "1.json", 0], values=[]), "deliveries", "deliver C 1.json 0"),
            (told("fault", "a", kind="errno", call="read"), "faults", "read a kind=errno call=read"),
            (told("notice", "", kind="quota", count=3), "notices and log", "notice kind=quota count=3"),
            (BEGIN, "passes", "pass-begin kind=extension"),
        ],
    )  # fmt: skip
    def test_a_record_stands_in_its_lane_and_says_what_was_done(self, record: Record, lane: str, line: str) -> None:
        assert (lane_of(record), line_of(record)) == (lane, line)

    def test_many_writers_share_a_lane(self) -> None:
        lanes = Lanes()
        for number in range(MOST_WRITERS + 9):
            lanes.number(step("write", "a", f"w{number}"))
        assert len(lanes.names) == MOST_WRITERS + 1
        assert lanes.names[-1] == OTHERS


class TestScene:
    def test_a_short_history_is_told_whole_and_its_tree_is_right_at_every_record(self) -> None:
        records = history(3)
        told = scene(verdict(records), 1_000)
        assert [row[0] for row in told["rows"]] == list(range(len(records)))
        tree = Tree()
        for i, record in enumerate(records):
            tree.after(record)
            assert added_up(told["rows"], i) == tree.entries

    def test_every_record_is_drawn_in_its_lane(self) -> None:
        records = history(700)
        told = scene(verdict(records), 300)
        pairs = zip(told["lanes"], told["bins"], strict=True)
        drawn = {name: sum(count for _, count in bins) for name, bins in pairs}
        assert drawn == dict(Counter(lane_of(record) for record in records))
        assert all(0 <= column < 300 for bins in told["bins"] for column, _ in bins)

    def test_an_event_is_told_from_its_writers_step_to_its_fate(self) -> None:
        told = scene(verdict(history(3)), 1_000)
        one = next(event for event in told["events"] if event["name"] == "etp-000000000000")
        assert one["fate"] == "vanished"
        assert one["records"] == [3, 8]
        assert told["events"][0] is one  # the worst first
        assert (told["written"], len(told["events"])) == (3, 3)

    def test_a_renamed_event_is_told_from_its_first_name(self) -> None:
        path, labels = f"{EVENTS}/1.json", [label("etp-000000000001")]
        records = [
            RUN,
            step("write", "log/Contoso/tmp", bytes=7, mtime=0),
            step("rename", "log/Contoso/tmp", to=path, labels=labels, mtime=0),
            Record(9, 0, "kit", "tree", "", [[path, "file", 7]]),
        ]
        (one,) = scene(verdict(records), 1_000)["events"]
        assert one["records"] == [1, 2]

    def test_a_pass_has_its_figures(self) -> None:
        (one,) = scene(verdict(history(3)), 1_000)["passes"]
        assert one == {
            "pass": 0, "kind": "extension", "begin": 6, "end": 9, "how": "returned", "t": 9, "delivered": 0,
            "discarded": 1, "backlog": 2,
        }  # fmt: skip

    def test_of_a_long_history_is_kept_what_stands_around_that_which_matters(self) -> None:
        records = history(5_000)
        told = scene(verdict(records, ("head", "#2500 0.0 s, pass 0: it", "fate: vanished")), 1_500)
        kept = {row[0] for row in told["rows"]}
        assert len(kept) <= 1_500
        assert kept >= set(range(2_500 - AROUND, 2_501 + AROUND))
        assert {0, len(records) - 1, 5_003, 5_005, 5_006} <= kept
        assert told["marks"] == [2500]
        assert told["records"] == len(records)
        tree = added_up(told["rows"], 5_004)
        assert sum(entry if path.endswith("/*") else 1 for path, entry in tree.items() if entry != "dir") == 5_000


class TestPageData:
    def told(self, results: list[ScenarioVerdict]) -> list[str]:
        return sorted(page_data(report_data("c", 0, results, 1), results)["scenes"])

    def test_stories_are_told_of_failures_and_of_a_single_run(self) -> None:
        assert self.told([verdict(history(1), name="a", says="pass"), verdict(history(1), name="b")]) == ["1"]
        assert self.told([verdict(history(1), says="pass")]) == ["0"]

    def test_what_somebody_expects_has_none(self) -> None:
        known = verdict(history(1), name="k")
        known.kind = "known"
        known.clauses = [ClauseVerdict("deliver.sound", "core", "fail", "gone", "known")]
        assert self.told([known, verdict(history(1))]) == ["1"]

    def test_many_failures_share_what_a_page_may_keep(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("etp_kit.simulator.reports.page_data.MOST_RECORDS", 6_000)
        results = [verdict(history(2_100), name=str(number)) for number in range(5)]
        scenes = page_data(report_data("c", 0, results, 1), results)["scenes"].values()
        assert [0 < len(one["rows"]) <= 2_000 for one in scenes] == [True] * 3
