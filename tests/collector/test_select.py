"""select.*: which files are read, in which order, and how little of them."""

import os

import pytest

from .calls import every_call
from .nodes import make_device, make_socket
from .samples import MIB, encode, event, events
from .worlds import tree

LIMIT = 4 * MIB


def padded(size, **fields):
    """The bytes of one event, filled up with white space to `size` bytes."""
    raw = encode(event(**fields))
    return raw + b" " * (size - len(raw))


@pytest.mark.parametrize("name", ["1.json", "0.json", "00012.json", "5.JSON", "6.JsOn", "9" * 250 + ".json"])
def test_select_name_reads_digits_json(world, name):
    world.write(name, event())
    outcome = world.run()
    assert [handed.key for handed in outcome.accepted] == [("Ext", name, 0)]
    assert world.names() == []


@pytest.mark.parametrize(
    "name",
    ["a1.json", "1a.json", "1.jsonx", "1.json.tmp", "1.txt", ".json", "1 .json", " 1.json", "-1.json", "+1.json",
     "1.5.json", "0x1.json", "1json", "json", "1.json~", ".1.json", "1_000.json", "1.json.json", "1.js\\u006fn"],
)  # fmt: skip
def test_select_name_reads_nothing_else(world, name):
    world.write(name, event(Message="never"))
    world.write("1.json", event())
    assert world.run().messages == ["a message"]
    assert world.names() == [name]


@pytest.mark.parametrize(
    "name",
    ["\uff11.json", "\u0663.json", "1\u0663.json", "\u00b2.json", "\u2460.json", "1.json\n", "1.j\u017fon", "1.J\u017fON",
     "1.json\r", "\n1.json", "1\uff0ejson", "1.json\u0000"[:-1] + "\u200b"],
    ids=ascii,
)  # fmt: skip
def test_select_ascii(world, name):
    world.write(name, event(Message="never"))
    world.write("1.json", event())
    assert world.run().messages == ["a message"]
    assert world.names() == [name]


NAMES = [
    "1767225600.json",
    "1767225601.json",
    "1767225600123.json",
    "1767225600124.json",
    "1767225600123456.json",
    "1767225600123456789.json",
    "1767225599999999999.json",
    "1767225600123456790.JSON",
    "9.json",
    "10.json",
    "010.json",
    "1.json",
    "1.JSON",
    "1.Json",
]


def test_select_newest_first(world):
    for name in NAMES:
        world.write(name, [event(Message=f"{name} {i}") for i in range(2)])
    expected = [f"{name} {i}" for name in sorted(NAMES, reverse=True) for i in range(2)]
    assert world.run().messages == expected


def test_select_newest_first_not_by_modification_time(world):
    for age, name in enumerate(["1.json", "2.json", "3.json"]):
        world.write(name, event(Message=name), age=1000.0 * age)
    assert world.run().messages == ["3.json", "2.json", "1.json"]


@pytest.mark.parametrize("wait", [1, 2])
def test_select_newest_first_within_a_retry_round(world, clock, wait):
    for name in ("1.json", "2.json", "3.json", "4.json"):
        world.write(name, b"[")
    world.write("0.json", event(Message="0.json"))

    def complete():
        for name in ("3.json", "1.json", "4.json", "2.json"):
            world.write(name, event(Message=name))

    clock.during_wait(wait, complete)
    assert world.run().messages == ["0.json", "4.json", "3.json", "2.json", "1.json"]


def test_select_order_within(world):
    world.write("1.json", events(100))
    outcome = world.run()
    assert outcome.messages == [f"m{i}" for i in range(100)]
    assert [handed.key for handed in outcome.accepted] == [("Ext", "1.json", i) for i in range(100)]


def test_select_order_within_index_counts_every_element(world):
    world.write("1.json", [event(), 5, event(Message=""), event()])
    assert [handed.key[2] for handed in world.run().accepted] == [0, 3]


def test_select_size_exactly_the_limit_is_read(world):
    world.write("1.json", padded(LIMIT))
    assert os.path.getsize(world.path("1.json")) == 4_194_304
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert not outcome.notices("size")


def test_select_size_one_byte_more_is_not(world, calls):
    path = world.write("1.json", padded(LIMIT + 1, Message="never"))
    world.write("2.json", event())
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["a message"]
    assert world.names() == []
    assert calls.bytes_read["1.json"] == 0
    notice = outcome.notice("size", "Ext")
    assert notice.count == 1
    assert outcome.ledger().files_discarded == {"OversizeFileError": 1}
    wording = f"Skipping file: {path} as its size is 4.19 Mb > Max size allowed 4.2 Mb"
    assert wording in notice.text
    assert any(wording in record for record in outcome.records)


def test_select_size_many_are_one_summary(world):
    for name in range(30):
        world.write(f"{name}.json", b"")
        os.truncate(world.path(f"{name}.json"), LIMIT + 1)
    outcome = world.run()
    assert sum(notice.count for notice in outcome.notices("size", "Ext")) == 30
    assert outcome.ledger().files_discarded == {"OversizeFileError": 30}
    assert world.names() == []


def test_select_size_costs_no_wait(world, sleeps):
    world.write("1.json", padded(LIMIT + 1))
    world.run()
    assert sleeps == []


def test_select_size_setting(world):
    raw = encode(event())
    world.write("1.json", raw)
    world.write("2.json", raw + b" ")
    outcome = world.run(max_file_size=len(raw))
    assert [handed.key[1] for handed in outcome.accepted] == ["1.json"]


def test_select_size_race_grown_after_any_call(worlds, calls):
    """The file is valid JSON at every length, so only the limit can keep it out."""
    limit = 2000

    def scene(at):
        world = worlds()
        path = world.write("1.json", padded(limit - 1, Message="early"))

        def grow():
            with open(path, "ab") as out:
                out.write(b" " * 10_000)

        calls.after = at.then(lambda: os.path.exists(path) and grow())
        with calls.watched():
            outcome = world.run(max_file_size=limit)
        assert outcome.messages in ([], ["early"])
        assert calls.bytes_read["1.json"] <= 3 * (limit + 1)
        if not outcome.messages:
            assert outcome.ledger().files_discarded == {"OversizeFileError": 1}

    every_call(scene)


def test_select_size_race_growing_at_every_read(world, calls):
    path = world.write("1.json", padded(LIMIT - 10))

    def grow(_number, name, base):
        if name in ("fstat", "read") and base == "1.json":
            with open(path, "ab") as out:
                out.write(b" " * 65536)

    calls.after = grow
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == []
    assert calls.bytes_read["1.json"] <= 3 * (LIMIT + 1)
    assert world.names() == []


def test_select_size_race_a_small_file_that_grows_is_read_again(world, calls):
    """With its last byte one more is asked for: no other call is needed to see it."""
    path = world.write("1.json", event(Message="one"))

    def grow(_number, name, base):
        if name == "read" and base == "1.json" and os.path.getsize(path) < 1000:
            with open(path, "wb") as out:
                out.write(encode([event(Message="one"), event(Message="two"), event(Message="x" * 500)]))

    calls.before = grow
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["one", "two", "x" * 500]
    assert len(calls.opened("1.json")) == 2


def test_select_size_race_a_file_that_was_replaced_meanwhile_is_read_again(world, calls):
    """Judging a larger file takes a while, so its name is looked at once more before it is removed.
    """
    path = world.write("1.json", event(Message="one", Pad=" " * 5000))
    other = os.path.join(world.outside, "other.json")
    world.place(other, event(Message="two", Pad=" " * 5000))

    def replace(_number, name, base):
        if name == "read" and base == "1.json" and os.path.exists(other):
            os.rename(other, path)

    calls.after = replace
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["two"]
    assert world.names() == []


def irregular(world, kind, name="5.json"):
    """Makes one entry with an event file's name;
    what it leads to lies outside and holds a valid event.
    """
    world.events_dir()
    path = world.path(name)
    target = os.path.join(world.outside, "target")
    os.makedirs(os.path.join(target, "inner"), exist_ok=True)
    for inside in ("9.json", "inner/9.json"):
        world.place(os.path.join(target, inside), event(Message="never"), age=10_000.0)
    makers = {
        "fifo": lambda: os.mkfifo(path),
        "socket": lambda: make_socket(path),
        "device": lambda: make_device(path),
        "link-to-file": lambda: os.symlink(os.path.join(target, "9.json"), path),
        "link-to-directory": lambda: os.symlink(target, path),
        "link-to-device": lambda: os.symlink("/dev/zero", path),
        "link-to-nothing": lambda: os.symlink("nothing", path),
        "link-to-itself": lambda: os.symlink(name, path),
        "link-to-sibling": lambda: os.symlink("1.json", path),
    }
    makers[kind]()
    return path


IRREGULAR = [
    "fifo",
    "socket",
    pytest.param("device", marks=pytest.mark.root),
    "link-to-file",
    "link-to-directory",
    "link-to-device",
    "link-to-nothing",
    "link-to-itself",
    "link-to-sibling",
]


@pytest.mark.parametrize("kind", IRREGULAR)
def test_select_regular_is_removed_unread(world, calls, sleeps, kind):
    irregular(world, kind)
    world.write("1.json", event(Message="one"))
    before = tree(world.outside)
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["one"]
    assert world.names() == []
    assert tree(world.outside) == before
    assert calls.bytes_read["5.json"] == 0
    assert outcome.notice("irregular", "Ext").count == 1
    assert outcome.ledger().files_discarded == {"IrregularFileError": 1}
    assert sleeps == []


@pytest.mark.parametrize("kind", IRREGULAR)
def test_select_regular_is_never_opened(world, calls, kind):
    """Opening alone can act: a tape rewinds, a FIFO's writer wakes up."""
    irregular(world, kind)
    with calls.watched():
        world.run()
    assert calls.opened("5.json") == []
    assert calls.of("unlink", "remove")


def test_select_regular_young_or_old(world):
    os.mkfifo(os.path.join(world.events_dir(), "5.json"))
    world.set_age(world.path("5.json"), -5.0)
    world.run()
    assert world.names() == []


def test_select_regular_a_directory_stays_and_is_noted(world):
    inner = os.path.join(world.events_dir(), "5.json")
    os.mkdir(inner)
    world.place(os.path.join(inner, "9.json"), event(Message="never"), age=10_000.0)
    world.set_age(inner, 10_000.0)
    world.write("1.json", event(Message="one"))
    outcome = world.run()
    assert outcome.messages == ["one"]
    assert os.listdir(inner) == ["9.json"]
    assert outcome.notice("irregular", "Ext").count == 1


@pytest.mark.parametrize("kind", ["fifo", "link-to-file", "link-to-device", "link-to-nothing"])
def test_select_regular_swapped_in_at_every_call(worlds, calls, kind):
    def scene(at):
        world = worlds()
        path = world.write("5.json", event(Message="five"))
        world.write("1.json", event(Message="one"))

        def swap():
            if os.path.lexists(path):
                os.unlink(path)
                irregular(world, kind)

        calls.before = at.then(swap)
        os.makedirs(os.path.join(world.outside, "target"), exist_ok=True)
        with calls.watched():
            outcome = world.run()
        assert "never" not in outcome.messages
        assert outcome.messages in (["five", "one"], ["one"])
        outside = tree(world.outside)
        assert outside.get("target/9.json", (0, encode(event(Message="never"))))[1] == encode(event(Message="never"))
        for _name, _base, args, kwargs in calls.opened("5.json"):
            flags = args[1] if len(args) > 1 else kwargs["flags"]
            for needed in (os.O_NOFOLLOW, os.O_NONBLOCK, os.O_NOCTTY, os.O_CLOEXEC):
                assert flags & needed

    every_call(scene)


def test_select_regular_another_file_by_the_time_it_is_opened(world, calls):
    """The other one lies there before, so it never has the number of the first."""
    path = world.write("5.json", event(Message="looked at"))
    other = os.path.join(world.outside, "other.json")
    world.place(other, event(Message="opened"))
    world.write("1.json", event(Message="one"))

    def swap(_number, name, base):
        if (name, base) == ("open", "5.json") and os.path.exists(other):
            os.rename(other, path)

    with calls.watched():
        calls.before = swap
        outcome = world.run()
    assert not os.path.exists(other)
    assert outcome.messages == ["one", "opened"]  # in a round of its own, looked at anew
    assert len(calls.opened("5.json")) == 2


def test_select_hardlink_is_removed_unread_after_its_rounds(world, calls, sleeps):
    path = world.write("1.json", event(Message="never"))
    other = os.path.join(world.outside, "other")
    os.link(path, other)
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == []
    assert sum(sleeps) == 2.0
    assert calls.bytes_read["1.json"] == 0
    assert world.names() == []
    assert os.path.getsize(other) == len(encode(event(Message="never")))
    assert outcome.ledger().files_discarded == {"IrregularFileError": 1}


@pytest.mark.parametrize("wait", [1, 2])
def test_select_hardlink_is_read_once_its_writer_unlinks(world, clock, wait):
    path = world.write("1.json", event())
    other = os.path.join(world.events_dir(), "1.tmp")
    os.link(path, other)
    clock.during_wait(wait, lambda: os.unlink(other))
    assert world.run().messages == ["a message"]


def test_select_hardlink_within_one_directory(world, sleeps):
    """Two names of one file:
    once the first is removed the other has one link; it counts once at most.
    """
    os.link(world.write("1.json", event(Message="twin")), world.path("2.json"))
    world.write("3.json", event(Message="three"))
    outcome = world.run()
    assert outcome.messages in (["three"], ["three", "twin"])
    assert world.names() == []
    assert sum(sleeps) == 2.0
