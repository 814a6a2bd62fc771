"""read.*: from the bytes of a file to its elements, in bounded time and memory (the bounds are in test_bounds.py)."""

import json
import os
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .calls import every_call
from .nodes import as_ordinary_user
from .samples import MIB, QUOTA, data, encode, event, events, param
from .senders import Sender
from .worlds import World

MALFORMED = {name: text.encode("latin-1") for name, text in data("malformed.json").items()}
WELL_FORMED = {name: text.encode("latin-1") for name, text in data("well_formed.json").items()}
NOT_OBJECTS = [b"5", b"-1.5", b'"text"', b"null", b"true", b"false", b"NaN", b'"[]"']
GOOD = encode(event())


def test_read_shapes_one_object(world):
    world.write("1.json", event())
    assert world.run().messages == ["a message"]


def test_read_shapes_a_list(world):
    world.write("1.json", events(3))
    assert world.run().messages == ["m0", "m1", "m2"]


@pytest.mark.parametrize("raw", [b"[]", b" [ ] ", b"[\n]\r\n"])
def test_read_shapes_an_empty_list_is_no_event(world, raw):
    world.write("1.json", raw)
    outcome = world.run()
    assert outcome.ledger().read == 0
    assert outcome.ledger().processed == 1
    assert [notice for notice in outcome.report.notices if notice.kind != "collected"] == []
    assert world.names() == []


@pytest.mark.parametrize("raw", NOT_OBJECTS)
def test_read_shapes_anything_else_is_one_dropped_element(world, raw):
    world.write("1.json", b" " + raw + b"\n")
    outcome = world.run()
    assert outcome.drops() == {"NotAnObjectError": 1}
    assert outcome.ledger().processed == 1
    assert world.names() == []


def test_read_shapes_pretty_printed(world):
    world.write("1.json", json.dumps(events(2), indent=2).replace("\n", "\r\n").encode())
    assert world.run().messages == ["m0", "m1"]


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_read_malformed_is_dropped_noted_deleted(world, raw):
    world.write("1.json", raw)
    world.write("2.json", event())
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert world.names() == []
    assert outcome.notice("failed", "Ext").count == 1
    assert outcome.ledger().files_discarded == {"MalformedFileError": 1}


@pytest.mark.parametrize("name", [name for name, raw in MALFORMED.items() if raw.startswith(b"[")])
def test_read_malformed_costs_the_events_before_the_damage(world, name):
    world.write("1.json", b"[" + GOOD + b"," + MALFORMED[name][1:])
    assert world.run().messages == []
    assert world.names() == []


def test_read_malformed_costs_ever_so_many_events_before_the_damage(world):
    """Far beyond any window in which a file might be read."""
    padding = event(Pad="x" * 1000)
    world.write("1.json", encode([padding] * 300)[:-1] + b",]")
    outcome = world.run()
    assert outcome.messages == []
    assert outcome.notice("failed")


def test_read_malformed_names_the_file(world):
    world.write("1.json", b"{")
    outcome = world.run()
    assert outcome.notice("failed").text.startswith("Failed to process event file 1.json:")


def test_read_malformed_beyond_the_quota_is_open(world):
    """So is damage beyond the element with which the quota is reached: the file may count either way, whole."""
    world.write("1.json", encode(events(QUOTA))[:-1] + b", oops")
    assert len(world.run().messages) in (0, QUOTA)
    assert world.names() == []


@pytest.mark.parametrize("raw", WELL_FORMED.values(), ids=WELL_FORMED)
def test_read_malformed_spares_what_is_json(world, raw):
    world.write("1.json", b'[{"x": ' + raw + b", " + GOOD[1:] + b", " + raw + b"]")
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert outcome.ledger().read == 2
    assert not outcome.notices("failed")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_read_malformed_depth_100_is_read(world, opening):
    closing = b"]" if opening == b"[" else b"}"
    nested = opening * 98 + b"0" + closing * 98
    world.write("1.json", b'[{"x": ' + nested + b", " + GOOD[1:] + b"]")
    assert world.run().messages == ["a message"]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_read_malformed_depth_100000_is_malformed(world, opening, closed):
    closing = (b"]" if opening == b"[" else b"}") * closed
    world.write("1.json", opening * 100_000 + b"0" + closing * 100_000)
    world.write("2.json", event())
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert world.names() == []
    assert sum(outcome.ledger().files_discarded.values()) == 1


@pytest.mark.parametrize("depth", [200, 500, 1000, 1200, 3000, 20_000])
def test_read_malformed_between_the_depths_is_open_but_contained(world, depth):
    world.write("1.json", b'[{"x": ' + b"[" * depth + b"]" * depth + b", " + GOOD[1:] + b"]")
    world.write("2.json", event(Message="two"))
    assert world.run().messages in (["two"], ["two", "a message"])
    assert world.names() == []


def test_read_torn_three_tries_one_second_apart(world, sleeps):
    world.write("1.json", b"[{")
    outcome = world.run()
    assert sum(sleeps) == 2.0
    assert outcome.notice("failed").count == 1
    assert world.names() == []


def in_place(world, content):
    with open(world.path("1.json"), "wb") as out:
        out.write(content)


def by_rename(world, content):
    world.write("1.json.tmp", content)
    os.rename(world.path("1.json.tmp"), world.path("1.json"))


def appended(world, content):
    with open(world.path("1.json"), "ab") as out:
        out.write(content[len(b"[{") :])


@pytest.mark.parametrize("wait", [1, 2])
@pytest.mark.parametrize("complete", [in_place, by_rename, appended])
def test_read_torn_completed_meanwhile(world, clock, wait, complete):
    path = world.write("1.json", b"[{")
    before = os.stat(path).st_mtime
    after = []

    def act():
        complete(world, encode([event(), event(Message="second")]))
        world.set_age(path, -1.0)
        after.append(os.stat(path).st_mtime)

    clock.during_wait(wait, act)
    outcome = world.run()
    assert outcome.messages == ["a message", "second"]
    assert sum(clock.waits) == wait
    assert not outcome.notices("failed")
    assert outcome.ledger().processed == 1
    assert world.names() == []
    stamps = {datetime.fromisoformat(param(handed, "OpcodeName")).timestamp() for handed in outcome.accepted}
    assert len(stamps) == 1
    assert min(abs(stamp - moment) for stamp in stamps for moment in (before, *after)) < 1e-4


def test_read_torn_completed_too_late(world, clock):
    path = world.write("1.json", b"[{")
    clock.during_wait(3, lambda: pytest.fail("a third wait"))
    world.run()
    assert not os.path.exists(path)


def test_read_torn_budget_two_seconds_a_pass(world, sleeps):
    for handler in "ABCDE":
        for name in range(40):
            world.write(f"{name}.json", b"torn", handler=handler)
    outcome = world.run()
    assert sum(sleeps) == 2.0
    assert [outcome.ledger(handler).files_discarded for handler in "ABCDE"] == [{"MalformedFileError": 40}] * 5


def test_read_torn_budget_every_other_file_before_the_first_wait(world, clock):
    sender = Sender()
    for handler in "ABCDE":
        for name in range(20):
            world.write(f"{name}.json", event() if name % 2 else b"torn", handler=handler)
    at_wait = []
    clock.during_wait(1, lambda: at_wait.append(len(sender.accepted)))
    world.run(sender)
    assert at_wait == [50]


def test_read_torn_budget_each_round_hands_over_its_own(world, clock):
    sender = Sender()
    for name in ("1.json", "2.json", "3.json"):
        world.write(name, b"[")
    seen = []

    def first():
        world.write("1.json", event(Message="one"))
        world.write("2.json", event(Message="two"))

    def second():
        seen.extend(sender.messages)
        world.write("3.json", event(Message="three"))

    clock.during_wait(1, first)
    clock.during_wait(2, second)
    world.run(sender)
    assert seen == ["two", "one"]
    assert sender.messages == ["two", "one", "three"]


def test_read_torn_budget_against_what_is_left_of_the_quota(world, clock):
    world.write("1.json", events(QUOTA - 2))
    world.write("2.json", b"[")
    clock.during_wait(1, lambda: world.write("2.json", events(5, "late")))
    outcome = world.run()
    assert outcome.messages[QUOTA - 2 :] == ["late0", "late1"]
    assert len(outcome.notices("quota")) == 1
    assert world.names() == []


def test_read_torn_budget_with_nothing_left_it_is_discarded(world, clock):
    world.write("1.json", events(QUOTA))
    world.write("2.json", b"[")
    clock.during_wait(1, lambda: world.write("2.json", event(Message="late")))
    outcome = world.run()
    assert "late" not in outcome.messages
    assert world.names() == []
    assert sum(outcome.ledger().files_discarded.values()) == 1
    assert not outcome.notices("failed")


@pytest.mark.parametrize("wait", [1, 2])
def test_read_torn_budget_stopped_while_waiting_it_is_kept(world, clock, wait):
    sender = Sender()
    world.write("1.json", event())
    world.write("2.json", b"[{")

    def stop():
        sender.is_stopped = True

    clock.during_wait(wait, stop)
    outcome = world.run(sender)
    assert world.names() == ["2.json"]
    assert outcome.ledger().kept == 1
    assert sum(clock.waits) == wait


@pytest.mark.parametrize("how", ["unlink", "away"])
def test_read_vanished_at_every_call(worlds, calls, how):
    def scene(at):
        world = worlds()
        path = world.write("2.json", event(Message="two"))
        world.write("1.json", event(Message="one"))
        world.write("3.json", event(Message="three"))
        world.write("1.json", event(), handler="Bystander")

        def vanish():
            if os.path.exists(path):
                os.unlink(path) if how == "unlink" else os.rename(path, os.path.join(world.outside, "gone"))

        calls.before = at.then(vanish)
        with calls.watched():
            outcome = world.run()
        handed = [message for message in outcome.messages if message != "a message"]
        assert handed in (["three", "two", "one"], ["three", "one"])
        assert len(outcome.of("Bystander")) == 1
        assert world.names() == []
        assert not outcome.notices("error")
        assert not outcome.notices("clean")

    every_call(scene)


def test_read_vanished_while_waiting(world, clock):
    path = world.write("1.json", b"torn")
    clock.during_wait(1, lambda: os.unlink(path))
    outcome = world.run()
    assert outcome.ledger().vanished == 1
    assert not outcome.notices("failed")


def test_read_vanished_is_counted(world, calls):
    path = world.write("1.json", event())

    def vanish(_number, name, base):
        if name == "open" and base == "1.json":
            os.unlink(path)

    calls.before = vanish
    with calls.watched():
        outcome = world.run()
    assert outcome.ledger().vanished == 1
    assert outcome.ledger().listed == 1


def sized(characters, filler="x", **fields):
    """An event whose JSON text has this many characters, raw beyond ASCII."""
    bare = json.dumps(event(Pad="", **fields), ensure_ascii=False)
    return json.dumps(event(Pad=filler * (characters - len(bare)), **fields), ensure_ascii=False)


ELEMENT = 262_144


@pytest.mark.parametrize("filler", ["x", "\u65e5", "\U0001f600"])
@pytest.mark.parametrize("form", ["{}", "[{}]", "[0, {} ,0]"])
def test_read_element_of_exactly_the_limit_is_read(world, filler, form):
    world.write("1.json", form.replace("{}", sized(ELEMENT, filler)).encode())
    assert world.run().messages == ["a message"]


@pytest.mark.parametrize("filler", ["x", "\U0001f600"])
@pytest.mark.parametrize("form", ["{}", "[{}]", "[0, {} ,0]"])
def test_read_element_one_longer_is_dropped(world, filler, form):
    world.write("1.json", form.replace("{}", sized(ELEMENT + 1, filler, Message="never")).encode())
    world.write("2.json", event())
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert world.names() == []
    ledger = outcome.ledger()
    counted = [*ledger.dropped, *ledger.files_discarded]
    assert any(reason.startswith("OversizeElementError") for reason in counted), counted


@pytest.mark.parametrize("element", [b'"%s"' % (b"x" * ELEMENT), b"1" * (ELEMENT + 1), b"[" + b"0," * ELEMENT + b"0]"])
def test_read_element_of_any_type(world, element):
    world.write("1.json", b"[" + element + b"]")
    world.write("2.json", event())
    outcome = world.run()
    assert outcome.messages == ["a message"]
    ledger = outcome.ledger()
    counted = [*ledger.dropped, *ledger.files_discarded]
    assert any(reason.startswith("OversizeElementError") for reason in counted), counted


def test_read_element_white_space_is_no_part_of_it(world):
    world.write("1.json", b"[" + b" " * 300_000 + GOOD + b"\n" * 300_000 + b"]" + b"\t" * 300_000)
    assert world.run().messages == ["a message"]


def test_read_element_costs_no_other_file(world):
    world.write("2.json", sized(MIB).encode())
    world.write("1.json", events(3))
    world.write("3.json", events(3))
    assert len(world.run().messages) == 6


@pytest.mark.parametrize("tail", [b",0]", b"", b", oops", b"," + b'{"a":' * 200_000, b"]" + b"x" * 1000])
def test_read_element_rest_is_unread_after_the_quota(world, tail):
    """The rest may be well-formed or not; with damage the file may also be refused as a whole."""
    world.write("1.json", encode(events(QUOTA))[:-1] + tail)
    world.write("0.json", event(Message="never"))
    outcome = world.run()
    assert "never" not in outcome.messages or not outcome.messages[0].startswith("m")
    assert len(outcome.messages) in (QUOTA, 1)
    assert world.names() == []


def test_read_element_rest_of_a_large_file_is_unread_after_the_quota(world):
    damage_far_away = encode(events(QUOTA))[:-1] + b"," + b"0," * MIB + b"oops"
    world.write("1.json", damage_far_away)
    outcome = world.run()
    assert outcome.messages == [f"m{i}" for i in range(QUOTA)]
    assert outcome.ledger().read < 10_000


@pytest.mark.parametrize(
    "number",
    [b"NaN", b"-Infinity", b"1e999", b"-0", b"9" * 5000, b"-" + b"9" * 20_000, b"1" * 250_000, b"0." + b"3" * 100_000],
    ids=lambda raw: raw[:12].decode() + f" of {len(raw)}",
)
def test_read_numbers_in_an_unused_field_spoil_nothing(world, number):
    world.write("1.json", b"[" + GOOD + b', {"x": ' + number + b", " + GOOD[1:] + b", " + number + b", " + GOOD + b"]")
    outcome = world.run()
    assert outcome.messages == ["a message"] * 3
    assert outcome.drops() == {"NotAnObjectError": 1}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1.0", b"1e3", b"1e999"])
@pytest.mark.parametrize("field", ["EventPid", "Message"])
def test_read_numbers_in_a_used_field_spoil_their_event_alone(world, number, field):
    bad = encode(event(**{field: "@"})).replace(b'"@"', number)
    world.write("1.json", b"[" + GOOD + b"," + bad + b"," + GOOD + b"]")
    outcome = world.run()
    assert outcome.messages == ["a message"] * 2
    assert outcome.drops() == {f"WrongTypeError: {field.lower()}": 1}


@pytest.mark.parametrize("digits", [19, 20, 4300, 4301, 6000, 7000, 250_000])
@pytest.mark.parametrize("sign", [b"", b"-"])
def test_read_numbers_integer_pid_of_any_length(world, digits, sign):
    bad = encode(event(EventPid="@", Message="long")).replace(b'"@"', sign + b"7" * digits)
    world.write("1.json", b"[" + GOOD + b"," + bad + b"," + GOOD + b"]")
    outcome = world.run()
    assert [message for message in outcome.messages if message != "long"] == ["a message"] * 2
    pids = [param(handed, "EventPid") for handed in outcome.accepted]
    if digits <= 6000:
        assert pids == ["123", (sign + b"7" * digits).decode(), "123"]
    else:
        assert pids == ["123", "123"]
        assert sum(outcome.drops().values()) == 1


# The differential: what json.loads accepts is accepted, and yields the same.

WHITE = st.text(" \t\r\n", max_size=3)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["\ud800", "\x00", "\x7f"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=12,
)
ELEMENTS = st.one_of(
    st.builds(
        lambda message, extra: event(Message=message, Extra=extra), st.text("abc", min_size=1, max_size=5), VALUES
    ),
    VALUES,
)
SOUP = st.lists(
    st.sampled_from(
        ["[", "]", "{", "}", ",", ":", '"', '"a"', '"\\ud800"', "\\", "0", "-", "1.5", "e3", "null", "true", "NaN", "Infinity",
         " ", "\n", "\u00a0", "\ufeff", '{"a":1}', "[]", json.dumps(event()), "'", "/", "x", "\x00", "\x7f", "\x1f"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


def elements_of(text):
    """What json.loads makes of a file: its elements, or None for a malformed one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else [value]


def agree(world, text):
    elements = elements_of(text)
    world.write("1.json", text.encode("utf-8"))
    sender = Sender()
    outcome = world.run(sender)
    assert world.names() == []
    if elements is None:
        assert outcome.notices("failed"), text
        assert outcome.messages == []
        return
    assert not outcome.notices("failed"), text
    assert outcome.ledger().read == len(elements), text
    good = [
        (index, element["Message"].strip())
        for index, element in enumerate(elements)
        if isinstance(element, dict) and event().keys() <= element.keys()
    ]
    assert [
        (handed.key[2], message) for handed, message in zip(outcome.accepted, outcome.messages, strict=True)
    ] == good


LAWS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@LAWS
@given(st.lists(ELEMENTS, max_size=6), st.sampled_from([None, 1]), st.booleans())
def test_read_shapes_agree_with_json_loads_on_what_json_dumps_writes(world, elements, indent, ascii_only):
    text = json.dumps(elements, indent=indent, ensure_ascii=ascii_only)
    agree(world, text.encode("utf-8", "replace").decode())


@LAWS
@given(SOUP)
@example("[[],[]]")
@example('{"a":1}')
def test_read_malformed_agrees_with_json_loads_on_token_soup(world, text):
    agree(world, text)


@LAWS
@given(
    st.lists(ELEMENTS, min_size=1, max_size=4),
    st.integers(0, 10**6),
    st.integers(0, 3),
    st.sampled_from(["", ",", '"', "]", "}", "[", "\\", "\x01", "1", " ", "\u00e9"]),
)
def test_read_malformed_agrees_with_json_loads_on_damage(world, elements, at, cut, put):
    """A cut and a splice inside unused text; an event that the damage reached is not compared (its keys may be gone)."""
    text = json.dumps([{"only": element} for element in elements])
    at %= len(text)
    agree(world, text[:at] + put + text[at + cut :])


@LAWS
@given(st.lists(st.tuples(WHITE, VALUES, WHITE), max_size=5), WHITE, WHITE)
def test_read_shapes_white_space_anywhere(world, members, before, after):
    text = before + "[" + ",".join(left + json.dumps(value) + right for left, value, right in members) + "]" + after
    agree(world, text)


def test_read_as_an_ordinary_user(open_root, clock):
    """An unreadable file costs itself."""

    def play():
        world = World(open_root, clock)
        os.chmod(world.write("2.json", event(Message="never")), 0)
        world.write("1.json", event())
        world.write("1.json", event(), handler="Bystander")
        return world.run().messages

    assert as_ordinary_user(play) == ["a message", "a message"]


def test_read_torn_changed_at_the_very_end_is_kept(world, sleeps):
    """A file that its writer touches after the last try is not the one that was found damaged."""
    path = world.write("1.json", b"{")

    class Touching(Sender):
        def stopped(self):
            if len(sleeps) == 2:
                with open(path, "ab") as out:
                    out.write(b" ")
            return super().stopped()

    outcome = world.run(Touching())
    assert world.names() == ["1.json"]
    assert outcome.ledger().kept == 1


def test_read_bounded_time_of_a_file_that_grows(world, calls):
    path = world.write("1.json", event())

    def grow(_number, name, base):
        if (name, base) == ("fstat", "1.json"):
            with open(path, "ab") as out:
                out.write(b" " * 1000)

    with calls.watched():
        calls.after = grow
        outcome = world.run(max_parse=500)
    assert outcome.messages == []
    assert outcome.ledger().files_discarded == {"WorkLimitError": 1}
