"""The page of a report, as somebody uses it in a browser."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.pages import unpacked

from .conftest import Page

Open = Callable[..., Page]
CLAUSE = "clean.processed"
SCRUB = """place => {
    const slider = document.getElementById('slider');
    slider.value = place;
    slider.dispatchEvent(new Event('input'));
}"""
LANES = """Object.fromEntries([...document.querySelectorAll('[data-lane]')].map((lane) => {
    const counts = [...lane.querySelectorAll('[data-count]')].map((tick) => Number(tick.dataset.count));
    return [lane.dataset.lane, counts.reduce((sum, count) => sum + count, 0)];
}))"""
BARS = """[...document.querySelectorAll('.bar')].map((bar) =>
    [...bar.querySelectorAll('rect')].map((part) =>
        [part.dataset.fate, Number(part.getAttribute('width'))]))"""
#: Cells whose text is short, and stands on more than one line.
TORN = """[...document.querySelectorAll('table:not(.matrix) td, table:not(.matrix) thead th')].filter((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return cell.textContent && cell.textContent.length <= 30 && range.getBoundingClientRect().height > 30;
}).map((cell) => cell.textContent)"""
#: To 61 places and to the next of each: entries of trees that were changed, and elements that were
#: drawn, the most of one look. A clock would tell how busy the machine is.
SCRUB_MUCH = """() => {
    const slider = document.getElementById('slider'), last = Number(slider.max), far = [], near = [];
    const undone = Scrubber.prototype.back, made = document.createElement;
    let changes = 0, elements = 0;
    Scrubber.prototype.back = function (rows) { changes += rows.length; return undone.call(this, rows); };
    document.createElement = function (...words) { elements += 1; return made.apply(this, words); };
    const look = (place, told) => {
        changes = elements = 0;
        slider.value = place;
        slider.dispatchEvent(new Event('input'));
        told.push([changes, elements]);
    };
    for (let k = 0; k <= 60; k++) {
        const place = Math.round((last - 1) * ((k * 37) % 61) / 60);
        look(place, far);
        look(place + 1, near);
    }
    Scrubber.prototype.back = undone;
    document.createElement = made;
    const most = (told) => [0, 1].map((one) => Math.max(...told.map((counts) => counts[one])));
    return [most(far), most(near)];
}"""


def data_of(path: Path) -> dict[str, Any]:
    """What the page was made of."""
    return unpacked(path.read_text(encoding="utf-8"))


def with_data(path: Path, data: dict[str, Any], target: Path) -> Path:
    """The same page with other data."""
    packed = base64.b64encode(zlib.compress(json.dumps(data).encode())).decode()
    text = path.read_text(encoding="utf-8")
    target.write_text(re.sub(r'(<div id="data" hidden>)[^<]*', lambda found: found[1] + packed, text), encoding="utf-8")
    return target


def story_of(path: Path) -> str:
    """The address of its first failing scenario."""
    data = data_of(path)
    number = data["causes"][0]["runs"][0]
    run = data["report"]["scenarios"][number]
    return f"#run={run['id']}%40{run['world']}%40{run['seed']}"


class TestFirstScreen:
    def test_every_clause_has_its_cell_and_its_verdict(self, opened: Open, conformance: Path) -> None:
        page, rows = opened(conformance), data_of(conformance)["report"]["clauses"]
        cells = {
            one.get_attribute("data-slug"): one.get_attribute("class").split()[1]
            for one in page.tab.locator(".cell").all()
        }
        assert cells == {row["slug"]: row["verdict"] for row in rows}
        assert CLAUSE in {slug for slug, verdict in cells.items() if verdict == "fail"}

    def test_failures_stand_by_their_causes_with_their_victims(self, opened: Open, conformance: Path) -> None:
        page, causes = opened(conformance), data_of(conformance)["causes"]
        assert page.texts(".cause h3") == [cause["title"] for cause in causes]
        assert CLAUSE in " ".join(page.texts(".cause"))

    def test_why_it_fails_is_told_with_each_cause_and_in_its_story(self, opened: Open, failing: Path) -> None:
        cause = data_of(failing)["report"]["scenarios"][0]["cause"]
        assert any("the first decision that differs" in line for line in cause)
        for address, within in (("", ".cause"), (story_of(failing), "article")):
            told = opened(failing, address).texts(f"{within} .why")
            assert len(told) == 1
            assert all(line.strip() in told[0] for line in cause)

    def test_what_is_new_since_the_baseline_is_told(self, opened: Open, failing: Path) -> None:
        page = opened(failing)
        assert f"new: {CLAUSE}" in page.texts("section[aria-labelledby=changes] li")
        assert "new" in page.texts(f".cell[data-slug='{CLAUSE}']")[0]

    def test_filters_act_on_all_and_stand_in_the_address(self, opened: Open, conformance: Path) -> None:
        page = opened(conformance)
        page.tab.select_option("#filter-family", "clean")
        assert {slug.split()[0] for slug in page.texts(".grid dt")} == {"clean"}
        page.tab.select_option("#filter-verdict", "fail")
        page.tab.fill("#filter-q", "processed")
        assert page.texts(".cell .name") == ["processed"]
        assert "family=clean" in page.tab.url
        again = opened(conformance, "#" + page.tab.url.partition("#")[2])
        assert again.texts(".cell .name") == ["processed"]
        assert again.tab.input_value("#filter-q") == "processed"

    def test_a_search_without_a_hit_shows_none(self, opened: Open, conformance: Path) -> None:
        page = opened(conformance)
        page.tab.fill("#filter-q", "no such thing at all")
        assert page.texts(".cell") == []
        assert page.texts("#runs")[0].startswith("Scenarios (0 of ")

    def test_a_table_is_sorted_by_its_heading(self, opened: Open, conformance: Path) -> None:
        page = opened(conformance)
        column = "section[aria-labelledby=runs] tbody td:nth-child(5)"
        page.tab.click("section[aria-labelledby=runs] th:nth-child(5) button")
        counts = [int(text.replace(",", "")) for text in page.texts(column)]
        assert len(counts) > 2
        assert counts == sorted(counts)


class TestAddresses:
    def test_a_clause_opens_with_its_statement_and_the_judges_answers(self, opened: Open, conformance: Path) -> None:
        page, data = opened(conformance), data_of(conformance)
        page.tab.click(f".cell[data-slug='{CLAUSE}']")
        page.tab.wait_for_selector(".statement")
        assert page.texts(".statement") == [data["clauses"][CLAUSE]["statement"]]
        answers = [one for run in data["report"]["scenarios"] for one in run["clauses"] if one["slug"] == CLAUSE]
        assert len(page.texts("tbody tr")) == len(answers) > 1
        page.tab.go_back()
        page.tab.wait_for_selector(".grid")

    def test_the_matrix_has_a_cell_for_each_answer(self, opened: Open, conformance: Path) -> None:
        page, data = opened(conformance, "#view=matrix"), data_of(conformance)
        slugs = {row["slug"] for row in data["report"]["clauses"]}
        answers = [one for run in data["report"]["scenarios"] for one in run["clauses"] if one["slug"] in slugs]
        assert page.tab.locator(".matrix td[class]").count() == len(answers) > 10

    def test_what_is_not_there_is_told(self, opened: Open, conformance: Path) -> None:
        assert opened(conformance, "#clause=no.such").texts("main p") == ["No such clause is in this report."]
        assert opened(conformance, "#run=no").texts("main p") == ["No such scenario is in this report."]


class TestStory:
    def test_a_failure_opens_and_its_line_is_copied(self, opened: Open, failing: Path) -> None:
        page = opened(failing, permissions=["clipboard-read", "clipboard-write"])
        page.tab.locator("section[aria-labelledby=runs] a").first.click()
        page.tab.wait_for_selector("#timeline")
        page.tab.locator(".copy").first.click()
        page.tab.wait_for_function("() => document.getElementById('said').textContent === 'copied'")
        copied = page.tab.evaluate("navigator.clipboard.readText()")
        assert copied == data_of(failing)["report"]["scenarios"][0]["reproduce"]
        assert copied.startswith("simulate ")

    def test_the_tree_is_right_at_any_record(self, opened: Open, failing: Path) -> None:
        page, scene = opened(failing, story_of(failing)), data_of(failing)["scenes"]["0"]
        rows = scene["rows"]
        for place in (0, 40, len(rows) - 1, len(rows) // 2, 41, 7):
            tree = trees_at(rows, place)
            page.tab.evaluate(SCRUB, place)
            shown = page.tab.evaluate("[...document.querySelectorAll('#tree .dir')].map((one) => one.textContent)")
            assert shown == [f"{name}/" for name in sorted(directories(tree))]
            files = page.tab.evaluate("document.getElementById('tree').textContent.match(/([0-9,]+) files?/g) || []")
            assert sum(int(re.sub(r"\D", "", one)) for one in files) == sum(entry != "dir" for entry in tree.values())
            assert f"#{rows[place][0]:,} of {scene['records']:,}" in page.texts("#where")[0]

    def test_arrow_keys_go_from_record_to_record(self, opened: Open, failing: Path) -> None:
        page, rows = opened(failing, story_of(failing) + "&at=100"), data_of(failing)["scenes"]["0"]["rows"]
        assert "#100 of" in page.texts("#where")[0]
        page.tab.focus("#slider")
        page.tab.keyboard.press("ArrowRight")
        page.tab.keyboard.press("ArrowRight")
        page.tab.keyboard.press("ArrowLeft")
        assert "#101 of" in page.texts("#where")[0]
        assert rows[101][4] in page.texts("#around [aria-current]")[0]
        page.tab.wait_for_function("() => location.hash.includes('at=101')")

    def test_each_lane_draws_its_records(self, opened: Open, failing: Path) -> None:
        page, scene = opened(failing, story_of(failing)), data_of(failing)["scenes"]["0"]
        drawn = page.tab.evaluate(LANES)
        told = {name: sum(row[3] == lane for row in scene["rows"]) for lane, name in enumerate(scene["lanes"])}
        assert {name: drawn[name] for name in told} == told
        assert sum(told.values()) == scene["records"] == len(scene["rows"])

    def test_each_fate_is_as_wide_as_its_share(self, opened: Open, failing: Path) -> None:
        page, run = opened(failing, story_of(failing)), data_of(failing)["report"]["scenarios"][0]
        drawn = page.tab.evaluate(BARS)
        told = [one for one in run["extensions"].values() if one["written"]]
        assert len(drawn) == len(told) > 1
        for bar, one in zip(drawn, told, strict=True):
            assert {fate: pytest.approx(width) for fate, width in bar} == {
                fate: 1000 * count / one["written"] for fate, count in one["fates"].items() if count
            }

    def test_the_biography_of_an_event_ends_with_its_fate(self, opened: Open, failing: Path) -> None:
        page, scene = opened(failing, story_of(failing)), data_of(failing)["scenes"]["0"]
        one = scene["events"][0]
        page.tab.fill("#event-q", one["name"])
        page.tab.click("#events ~ div .open")
        assert page.texts("#biography .fate") == [f"fate: {one['fate']}"]
        assert [int(text.split()[0][1:]) for text in page.texts("#biography li")] == one["records"]
        page.tab.locator("#biography li button").first.click()
        assert f"#{one['records'][0]:,} of" in page.texts("#where")[0]
        assert f"event={one['name']}" in page.tab.url

    @pytest.mark.parametrize("what", ["fate", "lane", "tree"])
    def test_a_page_with_one_thing_broken_by_hand_is_seen(
        self, opened: Open, failing: Path, tmp_path: Path, what: str
    ) -> None:
        data = data_of(failing)
        scene = data["scenes"]["0"]
        if what == "fate":
            extension = next(one for one in data["report"]["scenarios"][0]["extensions"].values() if one["written"])
            extension["fates"]["vanished"] = 1
            test = self.test_each_fate_is_as_wide_as_its_share
        elif what == "lane":
            scene["bins"][3].pop()
            test = self.test_each_lane_draws_its_records
        else:
            scene["rows"][40][5] = [["log/nowhere", 3]]
            test = self.test_the_tree_is_right_at_any_record
        broken = with_data(failing, data, tmp_path / "broken.html")
        told = failing if what == "tree" else broken
        with pytest.raises(AssertionError):
            test(lambda path, address="": opened(broken, address), told)

    def test_twenty_thousand_records_are_scrubbed_without_a_stall(self, opened: Open, failing: Path) -> None:
        page, rows = opened(failing, story_of(failing)), data_of(failing)["scenes"]["0"]["rows"]
        assert len(rows) > 15_000
        changes = sum(len(row[5]) for row in rows)
        far, near = page.tab.evaluate(SCRUB_MUCH)
        print(f"scrub of {len(rows):,} records: {far} far, {near} to the next")
        assert 0 < far[0] <= changes
        assert near[0] <= 2 * max(len(row[5]) for row in rows) + 2
        assert 20 < far[1] < 1_000
        assert near[1] < 1_000


def trees_at(rows: list[list[Any]], place: int) -> dict[str, Any]:
    """The tree after the changes up to a place."""
    tree: dict[str, Any] = {}
    for row in rows[: place + 1]:
        for path, entry in row[5]:
            tree.pop(path, None)
            if entry is not None:
                tree[path] = entry
    return tree


def directories(tree: dict[str, Any]) -> set[str]:
    """All directories, and where files lie of which no directory was told."""
    return {path for path, entry in tree.items() if entry == "dir"} | {
        path.rpartition("/")[0] or "." for path, entry in tree.items() if entry != "dir"
    }


class TestForEveryone:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 420])
    @pytest.mark.parametrize("view", ["", "#view=matrix", f"#clause={CLAUSE}", "story"])
    def test_axe_finds_nothing_and_nothing_is_cut(
        self, opened: Open, failing: Path, theme: str, width: int, view: str
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the dependency group `browser`")
        address = story_of(failing) if view == "story" else view
        page = opened(failing, address, color_scheme=theme, viewport={"width": width, "height": 900})
        found = axe.Axe().run(page.tab).response
        assert [(one["id"], [node["html"][:200] for node in one["nodes"][:2]]) for one in found["violations"]] == []
        assert len(found["passes"]) > 10
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= width

    def test_no_short_word_of_a_table_is_broken(self, opened: Open, failing: Path) -> None:
        page = opened(failing, story_of(failing), viewport={"width": 420, "height": 900})
        assert page.tab.locator("td").count() > 100
        assert page.tab.evaluate(TORN) == []

    def test_the_keyboard_alone_opens_a_clause(self, opened: Open, failing: Path) -> None:
        page = opened(failing)
        for _ in range(60):
            page.tab.keyboard.press("Tab")
            if page.tab.evaluate("document.activeElement.dataset.slug || ''"):
                break
        slug = page.tab.evaluate("document.activeElement.dataset.slug")
        page.tab.keyboard.press("Enter")
        page.tab.wait_for_selector(".statement")
        assert page.texts("#clause code") == [slug]

    def test_a_print_shows_what_the_screen_scrolls(self, opened: Open, failing: Path) -> None:
        page = opened(failing)
        page.tab.emulate_media(media="print")
        assert page.tab.evaluate("getComputedStyle(document.querySelector('.wide')).maxHeight") == "none"
        assert not page.tab.is_visible(".filters")

    def test_a_page_that_is_damaged_says_so(self, browser: Any, failing: Path, tmp_path: Path) -> None:
        text = failing.read_text(encoding="utf-8").replace('<div id="data" hidden>', '<div id="data" hidden>AAAA')
        (tmp_path / "damaged.html").write_text(text, encoding="utf-8")
        tab = browser.new_page()
        tab.goto(f"file://{tmp_path / 'damaged.html'}")
        tab.wait_for_function("() => document.getElementById('main').textContent.startsWith('This page is damaged')")
        tab.close()
