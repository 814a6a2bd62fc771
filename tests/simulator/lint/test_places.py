"""Where lint looks: event files, events dirs, handlers, log dirs, agents' dirs;
and what it never opens, follows or waits for.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time

import pytest

from etp_kit.simulator.base.errors import BadInput

from .agreement import linted, seen
from .test_findings import AGENT, GOOD, NAME, put, said


def handler(root, name="Contoso.Agent"):
    path = root / name / "events"
    path.mkdir(parents=True)
    put(path, GOOD)
    return path


def looked_at(*paths):
    _, told = linted_all(*paths)
    return sorted((directory.kind, directory.handler, os.path.basename(directory.path)) for directory in told.directories)


def linted_all(*paths):
    from etp_kit.simulator.lint.lint_run import lint
    from etp_kit.simulator.lint.profile import Terms

    from .agreement import Told

    told = Told()
    summary = lint([str(path) for path in paths], Terms.of(), time.time(), [told])
    return summary, told


@pytest.mark.parametrize("depth", ["log", "handler", "events", "above", "file"])
def test_an_extension_is_found_from_anywhere_above(tmp_path, depth):
    events = handler(tmp_path / "var" / "log")
    path = {"log": events.parents[1], "handler": events.parent, "events": events, "above": tmp_path, "file": events / NAME}[depth]
    assert looked_at(path) == [("extension", "Contoso.Agent", "events")]
    assert linted(path)[0].events == {(NAME, 0): "collected"}


def test_every_handler_of_a_log_dir_is_looked_at_and_no_other_entry(tmp_path):
    for name in ("A", "B-1.0", "C c"):
        handler(tmp_path, name)
    (tmp_path / "no-handler").mkdir()
    (tmp_path / "D.log").write_text("x")
    assert [one[1] for one in looked_at(tmp_path)] == ["A", "B-1.0", "C c"]


def test_an_agents_events_dir_is_known_by_its_files(tmp_path):
    path = tmp_path / "waagent" / "events"
    path.mkdir(parents=True)
    put(path, AGENT, "1.tld")
    for given in (path, path.parent, tmp_path, path / "1.tld"):
        assert looked_at(given)[0][0] == "agent"


def test_files_of_one_directory_are_one_pass(tmp_path):
    names = [str(put(tmp_path, [GOOD] * 200, f"{number}.json")) for number in (1, 2)]
    summary, told = linted_all(*names)
    assert len(told.directories) == 1
    assert summary.events["collected"] == 360


def test_a_file_given_by_a_name_that_nobody_reads_is_looked_into(tmp_path):
    path = put(tmp_path, changed_level(), "sample.json")
    assert [one[0] for one in said(path)] == ["event-level", "sample-name"]
    assert [one[0] for one in said(put(tmp_path, AGENT, "x.TLD"))] == ["sample-name"]


def changed_level():
    return {**GOOD, "EventLevel": "Info"}


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        linted(tmp_path / "nothing")


def test_a_handler_with_a_dash_is_said_to_be_unread(tmp_path):
    handler(tmp_path, "-old")
    handler(tmp_path, "A")
    assert [one[:2] for one in said(tmp_path)] == [("dash", "discover.dash")]
    assert [one[:2] for one in said(tmp_path / "-old")] == [("dash", "discover.dash")]


def test_links_to_directories_are_not_followed(tmp_path):
    outside = handler(tmp_path / "outside", "Other")
    handler(tmp_path / "log", "A")
    (tmp_path / "log" / "B").symlink_to(outside.parent)
    (tmp_path / "log" / "C").mkdir()
    (tmp_path / "log" / "C" / "events").symlink_to(outside)
    found = said(tmp_path / "log")
    assert [one[:2] for one in found] == [("dir-link", "discover.links")] * 2
    assert [one[:2] for one in said(tmp_path / "log" / "B")] == [("dir-link", "discover.links")]
    assert len(linted(tmp_path / "log")[0].events) == 1


def test_events_that_is_no_directory(tmp_path):
    handler(tmp_path, "A")
    for name, make in {"B": lambda path: path.write_text(""), "C": os.mkfifo}.items():
        (tmp_path / name).mkdir()
        make(tmp_path / name / "events")
    assert [one[:2] for one in said(tmp_path)] == [("no-directory", "discover.not-a-directory")] * 2


def test_what_is_no_regular_file_is_named_and_never_opened(tmp_path):
    events = handler(tmp_path)
    os.mkfifo(events / "1.json")
    (events / "2.json").symlink_to("/dev/zero")
    (events / "3.json").symlink_to("3.json")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(events)
        bound.bind("4.json")
        os.chdir(here)
    (events / "5.json").mkdir()
    os.link(events / NAME, tmp_path / "second")
    before = seen(tmp_path)
    _, told = linted(events)
    found = {outcome.name: (outcome.findings[0].rule, outcome.findings[0].text.partition(" has")[0]) for _, outcome in told.entries}
    assert found == {
        "1.json": ("irregular", "a FIFO"),
        "2.json": ("irregular", "a symbolic link"),
        "3.json": ("irregular", "a symbolic link"),
        "4.json": ("irregular", "a socket"),
        "5.json": ("directory", "a directory"),
        NAME: ("hard-link", "the file"),
    }
    assert seen(tmp_path) == before


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_a_file_given_by_name_that_is_none(tmp_path, make):
    make(tmp_path / NAME)
    assert [one[:2] for one in said(tmp_path / NAME)] == [("irregular", "select.regular")]


def test_a_file_that_is_too_large(tmp_path):
    path = tmp_path / NAME
    with open(path, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.truncate(4_194_305)
    assert [one[:2] for one in said(path)] == [("oversize-file", "select.size")]


def test_an_element_that_is_too_long(tmp_path):
    put(tmp_path, json.dumps([GOOD, "x" * 262_144], indent=1))
    (finding,) = said(tmp_path / NAME)
    assert (finding[0], finding[1], finding[4]) == ("oversize-element", "read.element", (12, 2))


def test_more_bytes_than_a_pass_parses(tmp_path):
    events = handler(tmp_path)
    for number in range(6):
        put(events, b"[" + b" " * 4_000_000 + b"]", f"{number}.json")
    found = [one[0] for one in said(events)]
    assert found.count("work-limit") == 2  # the file that does not fit, and the directory


def test_more_rejects_than_a_pass_bears(tmp_path):
    put(tmp_path, "[" + ",".join(["{}"] * 10_050) + "]")
    found = said(tmp_path / NAME)
    assert found[-1][:3] == ("rejects", "quota.rejects", 10_000)
    assert len(found) == 8 * 10_000 + 1  # all eight keys are missing, and the limit is told


def test_a_tree_of_links_and_of_great_depth_ends(tmp_path):
    place = tmp_path
    for _ in range(150):
        place /= "d"
    os.makedirs(place)
    (place.parent / "loop").symlink_to(tmp_path)
    assert linted(tmp_path)[0].events == {}
    assert [one[0] for one in said(tmp_path)] == ["no-directory"]


@pytest.mark.parametrize("place", [".", "A", "A/status", "A/Events", "A/EVENTS ", "A/Events/x", "B", "B/Events", "C/deep/er", "A/status/events"])
def test_where_handlers_lie_side_by_side_the_layout_decides(tmp_path, place):
    """The one question that a publisher asks:
    an event outside of H/events is collected by nobody.
    """
    handler(tmp_path, "A")
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    put(tmp_path / place, GOOD, "7.json")
    fates, told = linted(tmp_path)
    assert fates.events == {(NAME, 0): "collected"}
    assert [(outcome.name, outcome.fate) for _, outcome in told.entries if outcome.name == "7.json"] == [("7.json", "spared")]
    assert [one[:2] for one in said(tmp_path)] == [("misplaced", "discover.layout")]


def test_a_misspelt_events_dir_alone_makes_a_handler(tmp_path):
    (tmp_path / "A" / "Events").mkdir(parents=True)
    put(tmp_path / "A" / "Events", GOOD)
    for given in (tmp_path, tmp_path / "A"):
        assert [one[:2] for one in said(given)] == [("misplaced", "discover.layout")]
        assert linted(given)[0].events == {}


def test_in_a_misspelt_events_dir_a_name_is_enough(tmp_path):
    handler(tmp_path, "A")
    (tmp_path / "B" / "Events").mkdir(parents=True)
    put(tmp_path / "B" / "Events", b"{")
    put(tmp_path / "B" / "Events", b"log", "some.log")
    assert [one[:2] for one in said(tmp_path)] == [("misplaced", "discover.layout")]


def test_what_else_a_handler_has_is_nobodys_business(tmp_path):
    handler(tmp_path, "A")
    (tmp_path / "A" / "status").mkdir()
    put(tmp_path / "A" / "status", [{"status": "success"}], "0.json")
    put(tmp_path / "A", b"line of a log\n", "CommandExecution.log")
    put(tmp_path / "A", GOOD, "7.json.tmp")
    assert said(tmp_path) == []


def test_a_directory_without_handlers_is_taken_for_what_lies_in_it(tmp_path):
    put(tmp_path, GOOD, "7.json")
    (tmp_path / "more").mkdir()
    put(tmp_path / "more", GOOD, "8.json")
    assert linted(tmp_path)[0].events == {("7.json", 0): "collected", ("8.json", 0): "collected"}


def test_the_agents_directory_makes_no_handlers_of_its_neighbours(tmp_path):
    """/var/lib holds waagent, whose `events` is the agent's own: beside it lie no handlers."""
    path = tmp_path / "waagent" / "events"
    path.mkdir(parents=True)
    put(path, AGENT, "1.tld")
    (tmp_path / "samples").mkdir()
    put(tmp_path / "samples", GOOD, "7.json")
    assert linted(tmp_path)[0].events == {("1.tld", 0): "collected", ("7.json", 0): "collected"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter everything")
def test_a_directory_that_cannot_be_entered_is_said(tmp_path):
    (tmp_path / "A").mkdir(mode=0)
    assert [one[0] for one in said(tmp_path)] == ["no-directory"]


def test_a_directory_that_vanishes_or_a_file_that_changes_is_no_error(tmp_path, monkeypatch):
    """What changes while lint looks is said to have changed."""
    from etp_kit.simulator.lint.readonly import ReadOnly

    path = put(tmp_path, GOOD)
    real = ReadOnly.open_file

    def touched(self, name, status, size):
        file = real(self, name, status, size)
        path.write_text(json.dumps(GOOD) + " ")
        return file

    monkeypatch.setattr(ReadOnly, "open_file", touched)
    assert "changed" in [one[0] for one in said(tmp_path)]


def test_errors_of_lint_itself_are_not_taken_for_the_directorys(tmp_path, monkeypatch):
    from etp_kit.simulator.lint import inspection

    put(tmp_path, GOOD)
    monkeypatch.setattr(inspection, "on_status", lambda status, now: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        linted(tmp_path)


BOUND = """
import os, resource, sys, time
sys.path.insert(0, os.getcwd())
from etp_kit.simulator.lint import Terms, lint
class Nobody:
    def begin(self, d): pass
    def entry(self, d, o): pass
    def end(self, d): pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
lint([sys.argv[1]], Terms.of(), time.time(), [Nobody()])
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_maxrss - before)
"""


def growth(path) -> float:
    """MiB by which a process grows that lints a path."""
    done = subprocess.run([sys.executable, "-c", BOUND, str(path)], capture_output=True, text=True, check=True, timeout=300)
    return int(done.stdout) / 1024


@pytest.mark.slow
@pytest.mark.parametrize("content", [
    b"[" + b",".join([b"{}"] * 1_398_000) + b"]",
    b"[" + b'"\xf0\x9f\x93\x8f",' * 500_000 + b"1]",
    b'[{"a":' + b"9" * 250_000 + b"}]" + b" " * 3_900_000,
    b"[" * 4_194_304,
    b"\n" * 4_194_304,
], ids=["tiny", "wide", "integer", "nested", "lines"])  # fmt: skip
def test_memory_is_bounded_for_a_hostile_file(tmp_path, content):
    put(tmp_path, content[:4_194_304])
    assert growth(tmp_path) < 80


@pytest.mark.slow
def test_memory_is_bounded_for_a_directory_of_100_000_entries(tmp_path):
    for number in range(50_000):
        os.close(os.open(tmp_path / f"{number:013d}.json", os.O_CREAT))
        os.close(os.open(tmp_path / f"tmp{number:010d}", os.O_CREAT))
    assert growth(tmp_path) < 64
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
