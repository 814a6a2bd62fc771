"""The sizes that a page stands: a hundred failing scenarios, and a run of many events.

ETP_EVENTS says how many events: 1,000,000 take minutes and four gigabytes to judge. A page's size
is a count, so it is held exactly. How soon it is ready is a matter of the machine: the bound is a
generous one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from etp_kit.simulator.cli.origin import Beginning
from etp_kit.simulator.cli.saved import from_history
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging import Case, Ledger, ScenarioVerdict, judge, verdict_told
from etp_kit.simulator.reports.html import html
from etp_kit.simulator.reports.json_report import report_data

from .chromium import simulate
from .conftest import BROKEN, Page

Open = Callable[..., Page]
LARGEST = 10_000_000
#: Seconds in which a page is ready; two are wanted of a machine that has nothing else to do.
SOON = 20
EVENTS = int(os.environ.get("ETP_EVENTS", "100000"))
IN_A_FILE = 1_000
HANDLER = "Contoso.Agent"


def page_of(results: Sequence[ScenarioVerdict], target: Path) -> Path:
    target.write_text(html(report_data("mine", 0, results, 1), results), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred scenarios, each with the history of a flood that fails."""
    place = tmp_path_factory.mktemp("hundred")
    simulate(place, "run", "quota/flood", *BROKEN, "--report", f"ndjson={place / 'flood.ndjson'}")
    saved = from_history((place / "flood.ndjson").read_bytes(), "flood.ndjson", "", Beginning().origin("recheck"))
    (one,) = saved.results
    kept = replace(one, lines=(place / "flood.ndjson").read_text(encoding="utf-8").splitlines())
    return page_of([replace(kept, id=f"quota/flood-{number}") for number in range(100)], place / "page.html")


def records() -> Iterator[Record]:
    """A run in which every event is lost: of each one a page could tell much."""
    actor = {"name": f"0:{HANDLER}", "handler": HANDLER, "role": "bystander", "producer": "plain"}
    limits = {"quota": EVENTS, "file_size": 10**9, "rejects": 4, "parse": 10**9, "spared": 5, "removals": 3}
    limits["period"] = 300 * 10**9
    run = {"limits": limits, "delivery": "at-most-once", "capabilities": {}, "actors": [actor]}
    yield Record(0, 0, "kit", "run", "", run)
    paths = [f"log/{HANDLER}/events/{number}.json" for number in range(EVENTS // IN_A_FILE)]
    texts = [f"{HANDLER}-1.0", "Error", "beat", "alive", "now", "operation", "1", "1"]
    for number, path in enumerate(paths):
        tokens = range(number * IN_A_FILE, (number + 1) * IN_A_FILE)
        labels = [[f"etp-{token:012x}", "collect", texts] for token in tokens]
        yield Record(1, 0, actor["name"], "step", path, {"act": "write", "bytes": 250 * IN_A_FILE, "labels": labels})
    yield Record(2, 0, "kit", "pass-begin", "", {"kind": "extension"})
    for path in paths:
        for call in ("open", "read", "unlink"):
            yield Record(2, 0, "collector", "call", path, {"call": call})
    yield Record(3, 0, "kit", "pass-end", "", {"kind": "extension", "end": "returned", "leaked": 0})
    yield Record(3, 1, "kit", "tree", "", [])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run with as many events as ETP_EVENTS says."""
    history = History(records())
    case = Case(history, Ledger(history), None)
    clauses = judge(("deliver.sound",), case)
    verdict = verdict_told(("load/many", 0, "fake"), history, case, clauses, keep_lines=True)
    assert verdict.fates == {"vanished": EVENTS}
    return page_of([verdict], tmp_path_factory.mktemp("many") / "page.html")


@pytest.mark.parametrize("what", ["hundred", "many"])
def test_a_page_is_small_and_soon_ready(opened: Open, request: pytest.FixtureRequest, what: str) -> None:
    path: Path = request.getfixturevalue(what)
    page = opened(path)
    ready = page.tab.evaluate("performance.now()") / 1_000
    print(f"{what}: {path.stat().st_size:,} bytes, ready in {ready:.1f} s")
    assert path.stat().st_size < LARGEST
    assert ready < SOON
    assert page.tab.locator("section[aria-labelledby=runs] tbody tr").count() == (100 if what == "hundred" else 1)


def test_the_last_story_of_a_hundred_opens(opened: Open, hundred: Path) -> None:
    page = opened(hundred, "#run=quota%2Fflood-59%40saved%400")
    assert page.texts("#run")[0].startswith("quota/flood-59")
    assert page.tab.locator("#timeline").count() == 1
    far = opened(hundred, "#run=quota%2Fflood-99%40saved%400")
    assert far.tab.locator("#timeline").count() == 0
    assert "Its history is not in this page" in " ".join(far.texts("main p"))
