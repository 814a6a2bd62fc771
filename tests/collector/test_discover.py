"""discover.*: which directories are visited, and that nothing leads out of them."""

import os
import shutil
import types

import pytest

from etp_kit import collector

from .calls import Hang, every_call
from .nodes import as_ordinary_user, make_socket
from .samples import data, event, events, param
from .senders import Sender
from .worlds import World, tree

OLD = 10_000.0


@pytest.mark.parametrize("handler", data("handlers.json"), ids=range(len(data("handlers.json"))))
def test_discover_layout_visits_whatever_the_name(world, handler):
    world.write("1.json", event(), handler=handler)
    outcome = world.run()
    assert outcome.accepted[0].key == (handler, "1.json", 0)
    assert param(outcome.accepted[0], "EventName") == handler + "-1.2.3.4"
    assert world.names(handler) == []


def test_discover_layout_visits_all(world):
    handlers = data("handlers.json")
    for handler in handlers:
        world.write("1.json", events(3), handler=handler)
    outcome = world.run()
    assert sorted(key[0] for key in {handed.key for handed in outcome.accepted}) == sorted(handlers * 3)


def test_discover_layout_never_enters_subdirectories(world):
    world.write("1.json", event())
    inner = world.path("2.json.d")
    os.makedirs(os.path.join(inner, "events"))
    for place in (inner, os.path.join(inner, "events")):
        world.place(os.path.join(place, "9.json"), event(Message="never"), age=OLD)
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert os.path.exists(os.path.join(inner, "9.json"))
    assert os.path.exists(os.path.join(inner, "events", "9.json"))


@pytest.mark.parametrize(
    "place", ["9.json", "Ext/9.json", "Ext/Events/9.json", "Ext/sub/events/9.json", "events/9.json"]
)
def test_discover_layout_reads_and_cleans_nowhere_else(world, place):
    world.write("1.json", event())
    path = os.path.join(world.log_dir, place)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    world.place(path, event(Message="never"), age=OLD)
    assert world.run().messages == ["a message"]
    assert os.path.exists(path)


def test_discover_dash(world):
    for handler in ("-Ext", "-", "--help"):
        world.write("1.json", event(Message="never"), handler=handler, age=OLD)
        world.write("residue.tmp", b"", handler=handler, age=OLD)
    world.write("1.json", event(), handler="Ext-")
    before = tree(os.path.join(world.log_dir, "-Ext"))
    outcome = world.run()
    assert [handed.key[0] for handed in outcome.accepted] == ["Ext-"]
    assert tree(os.path.join(world.log_dir, "-Ext")) == before
    assert world.names("-") == world.names("--help") == ["1.json", "residue.tmp"]


def test_discover_no_log_dir_costs_one_report_a_pass(world):
    shutil.rmtree(world.log_dir)
    subject = world.build(Sender())
    for _ in range(3):
        outcome = world.run(subject=subject)
        assert [notice.kind for notice in outcome.report.notices] == ["log-dir"]
        assert outcome.report.ledger == {}


def test_discover_no_log_dir_next_pass_runs(world):
    os.rename(world.log_dir, world.log_dir + ".away")
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    os.rename(world.log_dir + ".away", world.log_dir)
    world.write("1.json", event())
    assert world.run(sender, subject).messages == ["a message"]


def test_discover_no_log_dir_when_it_is_a_file(world):
    os.rmdir(world.log_dir)
    world.place(world.log_dir, b"text")
    outcome = world.run()
    assert outcome.notice("log-dir")
    assert tree(world.root)["log"][1] == b"text"


def test_discover_hands_off_makes_and_renames_nothing(world, calls):
    world.write("1.json", event())
    world.write("2.json", b"torn")
    world.write("old.tmp", b"", age=OLD)
    os.mkdir(os.path.join(world.log_dir, "Bare"))
    world.place(os.path.join(world.log_dir, "Bare", "extension.log"), b"log", age=OLD)
    world.place(os.path.join(world.log_dir, "agent.log"), b"log", age=OLD)
    expected = {name: found for name, found in tree(world.log_dir).items() if "/events/" not in name}
    with calls.watched():
        world.run()
    assert tree(world.log_dir) == expected
    assert calls.of(*calls.WRITERS) == []
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    assert all(not call[2][1] & writing for call in calls.of("open"))
    assert len(calls.of("open")) > 3


def test_discover_hands_off_is_silent_about_a_handler_without_events(world):
    os.mkdir(os.path.join(world.log_dir, "Bare"))
    world.place(os.path.join(world.log_dir, "agent.log"), b"log")
    outcome = world.run()
    assert list(outcome.report.notices) == []
    assert outcome.records == []


@pytest.mark.parametrize("level", ["handler", "events"])
def test_discover_links_are_not_followed(world, level):
    outside = os.path.join(world.outside, "events" if level == "handler" else "")
    os.makedirs(outside, exist_ok=True)
    world.place(os.path.join(outside, "1.json"), event(Message="never"), age=OLD)
    world.place(os.path.join(outside, "old.tmp"), b"kept", age=OLD)
    link = os.path.join(world.log_dir, "Ext")
    if level == "events":
        os.mkdir(link)
        link = os.path.join(link, "events")
    os.symlink(world.outside, link)
    world.write("1.json", event(), handler="Bystander")
    before = tree(world.outside)
    outcome = world.run()
    assert [handed.key[0] for handed in outcome.accepted] == ["Bystander"]
    assert tree(world.outside) == before
    assert os.path.islink(link)


def test_discover_links_to_another_handler_give_nothing_twice(world):
    world.write("1.json", event())
    os.symlink("Ext", os.path.join(world.log_dir, "Alias"))
    os.mkdir(os.path.join(world.log_dir, "Thief"))
    os.symlink("../Ext/events", os.path.join(world.log_dir, "Thief", "events"))
    assert [handed.key for handed in world.run().accepted] == [("Ext", "1.json", 0)]


@pytest.mark.parametrize("target", ["nowhere", "events", "/", "/dev/zero"])
def test_discover_links_that_dangle_loop_or_lead_far(world, target):
    os.mkdir(os.path.join(world.log_dir, "Ext"))
    os.symlink(target, os.path.join(world.log_dir, "Ext", "events"))
    world.write("1.json", event(), handler="Bystander")
    assert [handed.key[0] for handed in world.run().accepted] == ["Bystander"]


def test_discover_links_the_log_dir_itself_may_be_one(world):
    world.write("1.json", event())
    os.rename(world.log_dir, world.log_dir + ".real")
    os.symlink(world.log_dir + ".real", world.log_dir)
    assert world.run().messages == ["a message"]
    assert world.names() == []


@pytest.mark.parametrize("kind", ["file", "fifo", "socket"])
def test_discover_not_a_directory(world, kind):
    handler = os.path.join(world.log_dir, "Ext")
    os.mkdir(handler)
    path = os.path.join(handler, "events")
    {"file": world.place, "fifo": os.mkfifo, "socket": make_socket}[kind](path)
    world.write("1.json", event(), handler="Bystander")
    before = tree(handler)
    outcome = world.run()
    assert [handed.key[0] for handed in outcome.accepted] == ["Bystander"]
    assert outcome.notice("not-a-directory").extension == "Ext"
    assert [notice.kind for notice in outcome.report.notices if notice.extension == "Ext"] == ["not-a-directory"]
    assert tree(handler) == before


def test_discover_not_a_directory_unreadable(open_root, clock):
    def play():
        world = World(open_root, clock)
        world.write("1.json", event(Message="never"))
        world.write("1.json", event(), handler="Bystander")
        os.chmod(world.events_dir(), 0)
        try:
            outcome = world.run()
        finally:
            os.chmod(world.events_dir(), 0o700)
        kinds = [notice.kind for notice in outcome.report.notices if notice.extension == "Ext"]
        return outcome.messages, kinds, world.names()

    assert as_ordinary_user(play) == (["a message"], ["not-a-directory"], ["1.json"])


def swaps(world):
    """The ways in which an events dir is put elsewhere while the pass may be inside it."""
    place, away = os.path.join(world.log_dir, "Ext", "events"), os.path.join(world.log_dir, "Ext", "away")

    def by_link():
        os.rename(place, away)
        os.symlink(world.outside, place)

    def by_handler_link():
        handler = os.path.join(world.log_dir, "Ext")
        os.rename(handler, os.path.join(world.log_dir, "-away"))
        os.symlink(world.outside, handler)

    def by_rename():
        os.rename(place, away)

    def by_removal():
        shutil.rmtree(place)

    return {"link": by_link, "handler-link": by_handler_link, "renamed": by_rename, "removed": by_removal}


@pytest.mark.parametrize("how", ["link", "handler-link", "renamed", "removed"])
def test_discover_swap_at_every_call(worlds, calls, how):
    def scene(at):
        world = worlds()
        os.mkdir(os.path.join(world.outside, "events"))
        for outside in (world.outside, os.path.join(world.outside, "events")):
            for name in ("1.json", "2.json", "old.tmp"):
                world.place(os.path.join(outside, name), event(Message="never"), age=OLD)
        world.write("1.json", event(Message="one"))
        world.write("2.json", event(Message="two"))
        world.write("old.tmp", b"", age=OLD)
        before = tree(world.outside)
        calls.before = at.then(swaps(world)[how])
        with calls.watched():
            outcome = world.run()
        assert set(outcome.messages) <= {"one", "two"}
        assert len(outcome.messages) == len(set(outcome.messages))
        assert tree(world.outside) == before

    every_call(scene)


@pytest.mark.parametrize(
    "raw", [b"Ext-\xff\xfe", b"\xed\xa0\x80", b"line\nfeed", b"\x1b[31mred", b"\x01\x7f", b"\xc2\x85"]
)
def test_discover_name_bytes(world, raw):
    place = os.path.join(os.fsencode(world.log_dir), raw, b"events")
    os.makedirs(place)
    world.place(os.path.join(place, b"1.json"), event())
    world.write("1.json", event(), handler="Bystander")
    outcome = world.run()
    assert len(outcome.accepted) == 2
    assert os.listdir(place) == []
    for handed in outcome.accepted:
        for _name, value in handed.parameters:
            text = str(value)
            text.encode("utf-8")
            assert all(char in "\t\n\r" or char >= " " for char in text)
    assert sum(param(handed, "EventName").endswith("-1.2.3.4") for handed in outcome.accepted) == 2


def test_discover_name_bytes_under_its_own_key(world):
    place = os.path.join(os.fsencode(world.log_dir), b"Ext-\xff", b"events")
    os.makedirs(place)
    world.place(os.path.join(place, b"1.json"), event())
    world.write("1.json", event(), handler="Ext-\ufffd")
    assert len({handed.key for handed in world.run().accepted}) == 2


def test_discover_watchdog_is_no_exception():
    """The collector contains every Exception; a hang must get through."""
    assert not issubclass(Hang, Exception)


def test_discover_swap_between_two_stages(world, clock):
    """While a torn file waits, another directory takes the place of the events dir:
    nothing in it is touched.
    """
    world.write("1.json", b"{")
    path = world.events_dir()

    def swap():
        os.rename(path, os.path.join(world.outside, "events"))
        world.write("1.json", b"{")
        world.write("2.json", event())

    clock.during_wait(1, swap)
    outcome = world.run()
    assert outcome.accepted == []
    assert world.names() == ["1.json", "2.json"]
    assert outcome.ledger().vanished == 1


def test_discover_layout_where_python_cannot_scan_a_descriptor(world, monkeypatch):
    """Python 3.6: the names come all at once."""
    world.write("1.json", event())
    monkeypatch.setattr(collector.directory, "sys", types.SimpleNamespace(version_info=(3, 6)))
    assert len(world.run().accepted) == 1


def listing_of(directory, memory):
    return collector.listing.Listing(directory, collector.listing.event_files, 1_000, lambda: None, memory)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 11])
def test_discover_flood_by_batches_of_names(tmp_path, count, monkeypatch):
    """Every name once and in order, however many there are; what came later is none of them."""
    for name in range(count):
        (tmp_path / f"{name:03}.json").touch()
    monkeypatch.setattr(collector.directory, "SOME", 2)
    with collector.directory.Directory.open(str(tmp_path)) as directory:
        listing = listing_of(directory, 200)
        (tmp_path / "000000.json").touch()
        assert list(iter(lambda: listing.next(directory), "")) == [f"{name:03}.json" for name in reversed(range(count))]
        assert listing.begun == count
        assert not listing.next(directory)


@pytest.mark.parametrize("begun", [1, 4, 11])
@pytest.mark.parametrize("memory", [200, 1 << 20])
def test_discover_flood_the_rest_is_each_name_that_was_not_begun(tmp_path, begun, memory, monkeypatch):
    """From memory where all names are there, else listed anew; what came later is not among them.
    """
    monkeypatch.setattr(collector.directory, "SOME", 2)
    for name in range(11):
        (tmp_path / f"{name:03}.json").touch()
    with collector.directory.Directory.open(str(tmp_path)) as directory:
        listing = listing_of(directory, memory)
        (tmp_path / "000000.json").touch()
        for _ in range(begun):
            listing.next(directory)
        assert sorted(listing.rest(directory)) == [f"{name:03}.json" for name in range(11 - begun)]


@pytest.mark.parametrize("order", [1, -1, 7])
def test_discover_flood_names_in_memory_are_the_newest(tmp_path, order, monkeypatch):
    """Whatever the order of the directory: a name that was dropped never stands behind one that was
    kept."""
    names = [f"{place * order % 11:03}.json" for place in range(11)]
    with collector.directory.Directory.open(str(tmp_path)) as directory:
        monkeypatch.setattr(directory, "some_names", lambda: (names[at : at + 3] for at in range(0, 11, 3)))
        listing = listing_of(directory, 400)
        assert list(iter(lambda: listing.next(directory), "")) == sorted(names, reverse=True)


def test_discover_flood_of_names_that_go(tmp_path, monkeypatch):
    monkeypatch.setattr(collector.directory, "SOME", 2)
    for name in range(9):
        (tmp_path / f"{name}.json").touch()
    with collector.directory.Directory.open(str(tmp_path)) as directory:
        listing = listing_of(directory, 130)
        for name in range(7):
            (tmp_path / f"{name}.json").unlink()
        assert list(iter(lambda: listing.next(directory), "")) == ["8.json", "7.json"]
