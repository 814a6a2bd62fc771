"""read.bounded-*, discover.flood, redact.linear:
what hostile files cost, measured in a process of their own.

The limits are the contract's own, 32 MiB and 2 s. A sound collector stays below a half of each,
so noise cannot break these tests; an unsound one exceeds them several times over.
"""

import json
import os
import subprocess
import sys

import pytest

from etp_kit import collector

from .samples import MIB, QUOTA, encode, event
from .senders import Sender
from .worlds import World

SIZE = 4 * MIB
PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(collector.__file__)))
PROBE = os.path.join(os.path.dirname(__file__), "probe.py")


def cost(world, method="collect", **settings):
    arguments = [PACKAGE_ROOT, world.log_dir, world.agent_dir, method, json.dumps(settings)]
    done = subprocess.run([sys.executable, PROBE, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def within_limits(measured, accepted=0):
    assert measured["growth"] <= 32 * MIB, measured
    assert measured["cpu"] <= 2.0, measured
    assert measured["accepted"] == accepted, measured
    assert "error" not in measured["kinds"], measured


def listed(element, size=SIZE):
    """A list of as many of this element as fit."""
    count = (size - 1) // (len(element) + 1)
    return b"[" + b",".join([element] * count) + b"]"


def one_object(size):
    """An object with as many different keys as fit."""
    members, length = [], 2
    while True:
        member = b'"%x":0' % len(members)
        length += len(member) + 1
        if length > size:
            return b"{" + b",".join(members) + b"}"
        members.append(member)


def filled(pattern, size=250_000, field="Message"):
    """An element whose field is this pattern over and over, in JSON's own text."""
    text = pattern * (size // len(pattern))
    return encode(event(**{field: "@"})).replace(b"@", text)


def deep(depth):
    return b"[" * depth + b"]" * depth


GOOD = encode(event())
HOSTILE = {
    "events": listed(GOOD),
    "empty objects": listed(b"{}"),
    "empty lists": listed(b"[]"),
    "numbers": listed(b"0"),
    "floats": listed(b"1.5"),
    "empty strings": listed(b'""'),
    "nulls": listed(b"null"),
    "small objects": listed(b'{"a":0}'),
    "nested lists": listed(b"[[[[0]]]]"),
    "lists 99 deep": listed(deep(99)),
    "lists 900 deep": listed(deep(900)),
    "one object of 345,000 keys": one_object(SIZE),
    "objects of 20,000 keys": listed(one_object(262_000)),
    "objects of 5,000 keys": listed(one_object(60_000)),
    "objects beyond a small window": listed(one_object(70_000)),
    "one element of empty lists": b"[" + listed(b"[]", SIZE - 2) + b"]",
    "elements of empty lists": listed(listed(b"[]", 262_000)),
    "elements of empty objects": listed(listed(b"{}", 262_000)),
    "elements of floats": listed(listed(b"1.5", 262_000)),
    "elements of nested lists": listed(listed(deep(50), 262_000)),
    "one huge string": b'"' + b"x" * (SIZE - 2) + b'"',
    "huge strings": listed(b'"' + b"x" * 262_000 + b'"'),
    "strings of escapes": listed(b'"' + b"\\u65e5" * 43_000 + b'"'),
    "strings of emoji": listed(b'"' + "\U0001f600".encode() * 65_000 + b'"'),
    "one emoji, then ASCII": b'["' + "\U0001f600".encode() + b'",' + listed(b'"x"', SIZE - 10)[1:],
    "digits": listed(b"9" * 250_000),
    "one number": b"9" * SIZE,
    "a number in an object": listed(b'{"EventPid":' + b"9" * 250_000 + b"}"),
    "digits of a float": listed(b"0." + b"3" * 250_000),
    "exponents": listed(b"1e" + b"9" * 250_000),
    "open brackets": b"[" * SIZE,
    "open objects": b'{"a":' * (SIZE // 5),
    "white space": b" " * SIZE,
    "white space in a list": b"[" + b" \n" * (SIZE // 2 - 1) + b"]",
    "spaced elements": listed(b" " * 300 + b"{}" + b"\n" * 300),
    "quotes": b'"' * SIZE,
    "backslashes": b'"' + b"\\" * (SIZE - 2) + b'"',
    "NUL": b"\x00" * SIZE,
    "invalid UTF-8 at the end": b"[" + b" " * (SIZE - 3) + b"\xff]",
    "spellings of one key": listed(b"{" + b",".join([b'"Message":"","MESSAGE":"","mESSAGE":""'] * 6000) + b"}"),
    "long keys": listed(b'{"' + b"k" * 262_000 + b'":0}'),
}
ACCEPTED = {"events": QUOTA, "objects of 20,000 keys": 0}


@pytest.mark.parametrize("name", HOSTILE)
def test_read_bounded_memory_and_time(tmp_path, name):
    raw = HOSTILE[name]
    assert SIZE * 0.93 <= len(raw) <= SIZE
    world = World(tmp_path)
    world.write("1.json", raw)
    within_limits(cost(world), ACCEPTED.get(name, 0))
    assert world.names() == []


TORN = ["events", "empty objects", "empty lists", "numbers", "lists 99 deep", "lists 900 deep", "objects of 5,000 keys", "objects of 20,000 keys",
        "elements of empty lists", "elements of nested lists", "strings of emoji", "strings of escapes", "spaced elements"]  # fmt: skip


@pytest.mark.parametrize("name", TORN)
def test_read_bounded_time_when_torn(tmp_path, name):
    """Read three times, each time to the end if the damage is there."""
    world = World(tmp_path)
    world.write("1.json", HOSTILE[name][:-1] + b"x")
    measured = cost(world)
    assert measured["accepted"] in (0, QUOTA)
    within_limits(measured, measured["accepted"])
    assert world.names() == []


@pytest.mark.parametrize(
    "name", ["empty objects", "objects of 20,000 keys", "strings of emoji", "one emoji, then ASCII"]
)
def test_read_bounded_memory_over_many_files(tmp_path, name):
    """Memory is that of one file, however many there are."""
    world = World(tmp_path)
    for number in range(8):
        world.write(f"{number}.json", HOSTILE[name])
        world.write(f"{number}.json", HOSTILE[name], handler="Other")
    measured = cost(world)
    assert measured["growth"] <= 32 * MIB, measured


def padded(size):
    return GOOD + b" " * (size - len(GOOD))


def test_read_bounded_time_parses_at_most_16_mib_of_an_extension(world, calls):
    for number in range(7):
        world.write(f"{number}.json", padded(SIZE))
    world.write("100.json", event(), handler="Other")
    with calls.watched():
        outcome = world.run()
    assert [handed.key[1] for handed in outcome.of("Ext")] == ["6.json", "5.json", "4.json", "3.json"]
    assert len(outcome.of("Other")) == 1
    assert outcome.notice("work").extension == "Ext"
    assert outcome.ledger().files_discarded == {"WorkLimitError": 3}
    assert sum(calls.bytes_read[f"{number}.json"] for number in range(7)) <= 16 * MIB
    assert world.names() == []


def test_read_bounded_time_counts_every_try(world, calls):
    """Torn files are parsed again and again, out of the same allowance."""
    for number in range(10):
        world.write(f"{number}.json", b"[" + b" " * 999)
    with calls.watched():
        outcome = world.run(max_parse=15_000)
    assert sum(count for name, count in calls.bytes_read.items() if name.endswith(".json")) <= 15_000
    assert world.names() == []
    assert sum(outcome.ledger().files_discarded.values()) == 10


def test_read_bounded_time_as_set(world):
    for number in range(5):
        world.write(f"{number}.json", padded(1000))
    outcome = world.run(Sender(), max_parse=2999)
    assert len(outcome.accepted) == 2
    assert outcome.notice("work").count >= 1
    assert world.names() == []


def make_many(directory, names, content=b""):
    at = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in names:
            made = os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=at)
            if content:
                os.write(made, content)
            os.close(made)
    finally:
        os.close(at)


FLOOD = 100_000
FLOODS = {
    "events": ("{:013}.json", GOOD),
    "empty files of long names": ("{:0250}.json", b""),
    "young files of long names": ("{:0250}.temp", b""),
    "young files of wide names": ("{:06}" + "\U0001f600" * 62, b""),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOODS)
def test_discover_flood(memory_root, name):
    world = World(memory_root)
    pattern, content = FLOODS[name]
    make_many(world.events_dir(), map(pattern.format, range(FLOOD)), content)
    assert len(os.listdir(world.events_dir())) == FLOOD
    measured = cost(world)
    assert measured["growth"] <= 32 * MIB, measured
    assert measured["accepted"] == (QUOTA if content else 0)
    assert len(world.names()) == (0 if pattern.endswith(".json") else 1000)


@pytest.mark.slow
def test_discover_flood_of_handlers(memory_root):
    """The log dir itself may be flooded as well."""
    world = World(memory_root)
    for number in range(FLOOD // 10):
        os.mkdir(os.path.join(world.log_dir, f"{number:0250}"))
    make_many(world.log_dir, (f"{number:0250}.log" for number in range(FLOOD * 9 // 10)))
    world.write("1.json", event())
    measured = cost(world)
    assert measured["growth"] <= 32 * MIB, measured
    assert measured["accepted"] == 1


@pytest.mark.slow
def test_agent_regular_flood(memory_root):
    world = World(memory_root)
    make_many(world.agent_dir, (f"{number:0250}.tld" for number in range(FLOOD)))
    measured = cost(world, "collect_agent_events")
    assert measured["growth"] <= 32 * MIB, measured
    assert measured["accepted"] == 0


URLS = {
    "schemes": b"https://",
    "schemes of every kind": b"https://http://wss://ws://",
    "letters": b"h",
    "half schemes": b"https:/",
    "questions": b"https://?",
    "known parameters": b"https://h?sv=",
    "unknown parameters": b"https://h?a=1&",
    "almost sig": b"https://h?si&sig&",
    "one URL of parameters": b"&a=1",
    "sigs without a URL": b"?sig=1",
    "percent": b"%",
    "percent-encoded percents": b"%25",
    "percent-encoded": b"https%3A%2F%2F",
    "spaced URLs": b"https://h?a=1 ",
    "spaces": b" ",
    "wide spaces": "\u2003".encode(),
    "ends of redactions": b"<redacted>",
    "slashes": b"/",
    "escaped slashes": b"https:\\\\/",
    "backslashes": b"\\\\",
    "lone surrogates": b"\\ud800",
    "NUL": b"\\u0000",
    "short URLs": b"a://b ",
    "short signatures": b";sig= ",
    "marks and NUL": b";\\u0000",
    "letters and NUL": b"s\\u0000",
    "sigs and NUL": b"&sig\\u0000",
    "sigs and ampersands": b"sig&amp;amp;",
    "sigs and zeros": b"sig&#00",
    "sigs and backslashes": b"sig\\\\",
    "entities": b"&amp;",
    "escapes": b"\\\\u0026",
    "https after another scheme": b"a://https://",
}


@pytest.mark.parametrize("start", [b"", b"https://h/p?a=1&", b"https://"], ids=["bare", "in a query", "in a URL"])
@pytest.mark.parametrize("name", URLS)
def test_redact_linear_in_texts_of_4_mib(tmp_path, name, start):
    """In every field, with the caps on elements and messages taken away;
    linear work takes tens of milliseconds.
    """
    world = World(tmp_path)
    text = start + URLS[name] * ((SIZE - 1000) // len(URLS[name]))
    world.write("1.json", encode(event(Message="@")).replace(b"@", text))
    measured = cost(world, max_element=8 * MIB)
    assert measured["cpu"] <= 2.0, measured
    assert "error" not in measured["kinds"]


@pytest.mark.parametrize("name", ["schemes", "unknown parameters", "percent-encoded percents"])
def test_redact_linear_within_the_caps(tmp_path, name):
    world = World(tmp_path)
    world.write("1.json", listed(filled(URLS[name])))
    within_limits(cost(world), 16)


@pytest.mark.parametrize("method_name", ["json", "xml", "xml parameters", "xml text", "deep xml", "open attribute"])
def test_agent_regular_bounded_memory_and_time(tmp_path, method_name):
    world = World(tmp_path)
    raw = {
        "json": HOSTILE["empty lists"],
        "xml": b"<Data>" + b"<a/>" * (MIB - 10) + b"</Data>",
        "xml parameters": b"<Data>" + b'<Param Name="" Value="" T=""/>' * 139_000 + b"</Data>",
        "xml text": b"<Data>" + b"x" * (SIZE - 20) + b"</Data>",
        "deep xml": b"<a>" * (SIZE // 3),
        "open attribute": b'<Data><Param Name="' + b"x" * (SIZE - 30),
    }[method_name]
    world.tld("1.tld", raw)
    measured = cost(world, "collect_agent_events")
    assert measured["growth"] <= 32 * MIB, measured
    assert measured["cpu"] <= 2.0, measured
    assert os.listdir(world.agent_dir) == []
