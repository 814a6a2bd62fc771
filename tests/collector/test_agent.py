"""agent.*: events of the agent itself and of legacy extensions, which arrive as `*.tld` files."""

import os
import shutil
from datetime import datetime

import pytest

from etp_kit.collector.agent import parse
from etp_kit.collector.errors import Malformed, WrongShape

from .calls import every_call
from .nodes import as_ordinary_user, make_device, make_socket
from .samples import COMMON, MIB, SECRET, encode, event, param
from .senders import FlushingSender, Sender
from .test_select import IRREGULAR
from .worlds import World, tree

PROVIDER = "69B669B9-4AF8-4C50-BDC4-6006FA76E975"
KEY = ("", "1.tld", 0)
TLD = {"eventId": 1, "providerId": "p", "parameters": [{"name": "Name", "value": "x"}]}
COMMON_NAMES = [name for name, _value in COMMON]
KEPT = ["Name", "Version", "Operation", "OperationSuccess", "Message", "Duration"]
VALUES = {
    "Name": "Microsoft.Azure.Extensions.CustomScript",
    "Version": "2.1.3",
    "Operation": "scenario",
    "OperationSuccess": True,
    "Message": "a message",
    "Duration": 1200,
}


def telemetry(parameters=None, event_id=1, **more):
    parameters = VALUES if parameters is None else parameters
    pairs = parameters.items() if isinstance(parameters, dict) else parameters
    listed = [{"name": name, "value": value} for name, value in pairs]
    return {"eventId": event_id, "providerId": PROVIDER, "parameters": listed, **more}


def xml(parameters, event_id="1"):
    listed = "".join(f'<Param Name="{name}" Value="{value}" T="{kind}" />' for name, value, kind in parameters)
    return f'<Data><Provider id="{PROVIDER}"/><Event id="{event_id}"/>{listed}</Data>'.encode()


def pairs(handed):
    return [(parameter.name, parameter.value) for parameter in handed.parameters]


def only(world, name, content, **settings):
    world.tld(name, content)
    (handed,) = world.run_agent(**settings).accepted
    return handed


def left(world):
    return sorted(os.listdir(world.agent_dir))


def dropped(outcome):
    return sum(notice.count for notice in outcome.notices("agent-drops"))


@pytest.mark.parametrize(
    "name", ["1.tld", "1.waagent.tld", "any name.tld", ".tld", "x.waagent.x.tld", "\u65e5.tld", "9" * 251 + ".tld"]
)
def test_agent_pickup_reads_and_removes(world, name):
    assert only(world, name, telemetry())
    assert left(world) == []


@pytest.mark.parametrize(
    "name", ["1.TLD", "1.tld.tmp", "1.tmp", "1.json", "tld", "1.tld\n", "1.tld ", "1.Tld", "extension_1.json"]
)
def test_agent_pickup_leaves_other_names_alone(world, name):
    world.tld(name, telemetry(), age=100_000.0)
    world.tld("2.tld", telemetry())
    assert len(world.run_agent().accepted) == 1
    assert left(world) == [name]


def test_agent_pickup_of_many(world):
    for number in range(50):
        world.tld(f"{number}.waagent.tld", telemetry({"Name": "WALinuxAgent", "Message": str(number)}))
    outcome = world.run_agent()
    assert sorted(param(handed, "Message") for handed in outcome.accepted) == sorted(map(str, range(50)))
    assert left(world) == []


def test_agent_pickup_does_not_enter_directories(world):
    os.mkdir(os.path.join(world.agent_dir, "sub"))
    world.tld("sub/1.tld", telemetry())
    assert world.run_agent().accepted == []
    assert left(world) == ["sub"]


def test_agent_pickup_is_no_part_of_the_extension_pass(world):
    world.tld("1.tld", telemetry())
    world.write("1.json", event())
    assert len(world.run().accepted) == 1
    assert left(world) == ["1.tld"]


def test_agent_no_dir_costs_one_report(world):
    shutil.rmtree(world.agent_dir)
    subject = world.build(Sender())
    for _ in range(2):
        outcome = world.run_agent(subject=subject)
        assert [notice.kind for notice in outcome.report.notices] == ["agent-dir"]


def test_agent_no_dir_and_the_extension_pass_still_runs(world):
    shutil.rmtree(world.agent_dir)
    world.write("1.json", event())
    sender = Sender()
    subject = world.build(sender)
    world.run_agent(sender, subject)
    assert world.run(sender, subject).messages == ["a message"]


def test_agent_no_dir_configured(world):
    assert list(world.run_agent(agent_events_dir=None).report.notices) == []


@pytest.mark.parametrize("value", ["text", "", 5, -1, 0, 1.5, True, False, None, 2**70], ids=repr)
def test_agent_formats_json_values(world, value):
    handed = only(world, "1.waagent.tld", telemetry({"Name": "WALinuxAgent", "X": value}))
    assert pairs(handed) == [("Name", "WALinuxAgent"), ("X", value)]
    assert type(param(handed, "X")) is type(value)


def test_agent_formats_json_identity(world):
    handed = only(world, "1.waagent.tld", telemetry())
    assert (handed.eventId, handed.providerId, handed.file_type) == (1, PROVIDER, "json")


@pytest.mark.parametrize("event_id", [1, 4, 7, 99])
def test_agent_formats_json_any_event_id(world, event_id):
    assert only(world, "1.waagent.tld", telemetry(event_id=event_id)).eventId == event_id


def test_agent_formats_json_unknown_properties_are_ignored(world):
    content = telemetry({"Name": "WALinuxAgent"}, unknown={"a": [1]}, file_type="forged", key="forged")
    content["parameters"][0]["other"] = 5
    handed = only(world, "1.waagent.tld", content)
    assert pairs(handed) == [("Name", "WALinuxAgent")]
    assert handed.file_type == "json"


def test_agent_formats_json_as_real_extensions_write_it(world):
    """A leading space, key order of its own, an event id as text."""
    assert only(world, "1.tld", b" " + encode(telemetry()))
    reordered = {"eventId": "1", "parameters": telemetry()["parameters"], "providerId": PROVIDER}
    assert param(only(world, "2.tld", reordered), "Name") == VALUES["Name"]


TYPES = [
    ("text", "mt:wstr", "text"),
    ("5", "mt:wstr", "5"),
    ("true", "mt:wstr", "true"),
    ("", "mt:wstr", ""),
    ("5", "mt:uint64", 5),
    ("18446744073709551615", "mt:uint64", 2**64 - 1),
    ("1.5", "mt:float64", 1.5),
    ("3", "mt:float64", 3.0),
    ("true", "mt:bool", True),
    ("True", "mt:bool", True),
    ("1", "mt:bool", True),
    ("&lt;a href=&quot;x&quot;&gt; &amp;&#65;", "mt:wstr", '<a href="x"> &A'),
    ("\u65e5\U0001f600", "mt:wstr", "\u65e5\U0001f600"),
    ("x", "mt:unknown", "x"),
]


@pytest.mark.parametrize(("value", "kind", "expected"), TYPES)
def test_agent_formats_xml_values(world, value, kind, expected):
    handed = only(world, "1.waagent.tld", xml([("X", value, kind)]))
    assert pairs(handed) == [("X", expected)]
    assert type(param(handed, "X")) is type(expected)


def test_agent_formats_xml_identity(world):
    handed = only(world, "1.waagent.tld", xml([("Name", "WALinuxAgent", "mt:wstr")]))
    assert (handed.eventId, handed.providerId, handed.file_type) == ("1", PROVIDER, "xml")


def test_agent_formats_xml_order_and_white_space(world):
    content = b"<?xml version='1.0'?>\n" + xml([(f"P{i}", str(i), "mt:uint64") for i in range(9)]).replace(
        b"><", b">\n  <"
    )
    assert pairs(only(world, "1.waagent.tld", content)) == [(f"P{i}", i) for i in range(9)]


def test_agent_formats_xml_beside_json(world):
    world.tld("1.waagent.tld", telemetry())
    world.tld("2.waagent.tld", xml([("X", "1", "mt:uint64")]))
    assert sorted(handed.file_type for handed in world.run_agent().accepted) == ["json", "xml"]


def test_agent_intact(world):
    given = [
        ("B", 1),
        ("A", "  spaced  "),
        ("GAVersion", "old"),
        ("Name", "X"),
        ("B", 2),
        ("Message", "m" * 10_000),
        ("OpcodeName", "then"),
    ]
    assert pairs(only(world, "1.waagent.tld", telemetry(given))) == given


def test_agent_intact_of_any_name(world):
    """`.waagent.tld` is the mark, not the parameter Name."""
    assert pairs(only(world, "1.waagent.tld", telemetry())) == list(VALUES.items())


def stamp_of(path):
    return os.stat(path).st_mtime


def check_stamp(handed, moment):
    assert abs(datetime.fromisoformat(param(handed, "OpcodeName")).timestamp() - moment) < 1e-5


def test_agent_legacy_extension_json(world):
    forged = {
        "GAVersion": "forged",
        "Extra": 1,
        "RAM": 1,
        "TaskName": "forged",
        "ExtensionType": "forged",
        "IsInternal": True,
    }
    shuffled = [*list(VALUES.items())[::-1], *forged.items()]
    path = world.tld("1.tld", telemetry(shuffled), age=5000.25)
    moment = stamp_of(path)
    (handed,) = world.run_agent().accepted
    assert pairs(handed)[:6] == list(VALUES.items())[::-1]
    rest = pairs(handed)[6:]
    assert sorted(name for name, _value in rest) == sorted([*COMMON_NAMES, "ExtensionType", "IsInternal"])
    common = {name: value for name, value in COMMON if name != "OpcodeName"}
    assert {name: value for name, value in rest if name in common} == common
    assert (param(handed, "ExtensionType"), param(handed, "IsInternal")) == ("json", False)
    check_stamp(handed, moment)


def test_agent_legacy_extension_xml(world):
    parameters = [
        ("Name", "Ext", "mt:wstr"),
        ("Duration", "5", "mt:uint64"),
        ("Extra", "x", "mt:wstr"),
        ("OperationSuccess", "true", "mt:bool"),
    ]
    path = world.tld("1.tld", xml(parameters))
    moment = stamp_of(path)
    (handed,) = world.run_agent().accepted
    assert pairs(handed)[:3] == [("Name", "Ext"), ("Duration", 5), ("OperationSuccess", True)]
    assert sorted(name for name, _value in pairs(handed)[3:]) == sorted(COMMON_NAMES)
    check_stamp(handed, moment)


def test_agent_legacy_extension_with_another_event_id(world):
    handed = only(world, "1.tld", telemetry(event_id=2))
    assert sorted(name for name, _value in pairs(handed)[6:]) == sorted(COMMON_NAMES)


def test_agent_legacy_extension_with_few_parameters(world):
    handed = only(world, "1.tld", telemetry({"Name": "Ext"}))
    assert pairs(handed)[0] == ("Name", "Ext")
    assert sorted(name for name, _value in pairs(handed)[1:]) == sorted([*COMMON_NAMES, "ExtensionType", "IsInternal"])


@pytest.mark.parametrize("form", ["json", "xml"])
def test_agent_legacy_agent_gets_what_it_lacks(world, form):
    own = [("Name", "WALinuxAgent"), ("GAVersion", "own"), ("Extra", "kept"), ("VMId", "own id")]
    content = telemetry(own) if form == "json" else xml([(name, value, "mt:wstr") for name, value in own])
    handed = only(world, "1.tld", content)
    assert [pair for pair in pairs(handed) if pair in own] == own
    names = [name for name, _value in pairs(handed)]
    assert sorted(names) == sorted({*COMMON_NAMES, "Name", "Extra"})
    given = {name: value for name, value in COMMON if name not in ("GAVersion", "VMId", "OpcodeName")}
    assert {name: value for name, value in pairs(handed) if name in given} == given


def test_agent_legacy_agent_without_a_name(world):
    """Log and metric events have none, and come from an agent."""
    metric = {"Category": "CPU", "Counter": "% Processor Time", "Instance": "x", "Value": 1.5}
    handed = only(world, "1.tld", telemetry(metric, event_id=4))
    assert pairs(handed)[:4] == list(metric.items()) or set(metric.items()) <= set(pairs(handed))
    assert {name for name, _value in pairs(handed)} == {*COMMON_NAMES, *metric}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"<Data>", b"text", b"\x00", encode(telemetry())[:-5], xml([("X", "1", "mt:wstr")])[:-3]],
    ids=repr,
)
def test_agent_torn_three_tries_then_dropped(world, sleeps, raw):
    world.tld("1.tld", raw)
    world.tld("2.waagent.tld", telemetry())
    outcome = world.run_agent()
    assert len(outcome.accepted) == 1
    assert sum(sleeps) == 2.0
    assert dropped(outcome) == 1
    assert left(world) == []


@pytest.mark.parametrize("wait", [1, 2])
def test_agent_torn_completed_meanwhile(world, clock, wait):
    world.tld("1.waagent.tld", b"{")
    clock.during_wait(wait, lambda: world.tld("1.waagent.tld", telemetry()))
    outcome = world.run_agent()
    assert len(outcome.accepted) == 1
    assert dropped(outcome) == 0
    assert left(world) == []


def test_agent_torn_vanished_at_every_call(worlds, calls, clock):
    def scene(at):
        world = worlds()
        path = world.tld("1.waagent.tld", telemetry({"Message": "one"}))
        world.tld("2.waagent.tld", telemetry({"Message": "two"}))
        calls.before = at.then(lambda: os.path.exists(path) and os.unlink(path))
        with calls.watched():
            outcome = world.run_agent()
        messages = sorted(param(handed, "Message") for handed in outcome.accepted)
        assert messages in (["one", "two"], ["two"])
        assert left(world) == []
        assert sum(clock.waits) <= 2.0
        clock.waits.clear()

    every_call(scene)


WRONG_SHAPES = [[], 5, "text", None, True, [telemetry()], {"parameters": 5, "eventId": 1, "providerId": PROVIDER},
                {"parameters": [5], "eventId": 1, "providerId": PROVIDER}]  # fmt: skip


@pytest.mark.parametrize("shape", WRONG_SHAPES, ids=repr)
def test_agent_torn_wrong_shape_is_dropped_at_once(world, sleeps, shape):
    world.tld("1.tld", shape)
    world.tld("2.waagent.tld", telemetry())
    outcome = world.run_agent()
    assert len(outcome.accepted) == 1
    assert sleeps == []
    assert dropped(outcome) == 1
    assert left(world) == []


def test_agent_errors_a_bad_file_costs_itself(world):
    for number in range(8):
        world.tld(f"{number}.tld", b"{")
        world.tld(f"{number}.waagent.tld", telemetry())
    outcome = world.run_agent()
    assert len(outcome.accepted) == 8
    assert dropped(outcome) == 8
    assert left(world) == []


def test_agent_errors_first_five(world):
    for number in range(9):
        world.tld(f"{number}.tld", [])
    outcome = world.run_agent()
    notice = outcome.notice("agent-drops")
    assert notice.count == 9
    assert notice.text.startswith("DroppedEventsCount: 9\nReasons (first 5 errors): ")
    assert 1 <= sum(f"{number}.tld" in notice.text for number in range(9)) <= 5 or ".tld" not in notice.text
    assert sum("DroppedEventsCount: 9" in record for record in outcome.records) == 1


def test_agent_errors_unicode_apart(world):
    for number in range(3):
        world.tld(f"a{number}.tld", b'{"eventId": "\xff"}')
    for number in range(2):
        world.tld(f"b{number}.tld", [])
    outcome = world.run_agent()
    assert sorted(notice.count for notice in outcome.notices("agent-drops")) == [2, 3]
    assert left(world) == []


def test_agent_errors_of_the_sender(world):
    for number in range(5):
        world.tld(f"{number}.waagent.tld", telemetry())
    outcome = world.run_agent(Sender(raise_at={2}))
    assert len(outcome.accepted) == 4
    assert dropped(outcome) + len(outcome.notices("sender-error")) >= 1
    assert left(world) == []


def test_agent_errors_leak_no_secret(world):
    world.tld("1.tld", f"{{{SECRET}".encode())
    world.tld("2.tld", [SECRET])
    outcome = world.run_agent()
    assert dropped(outcome) == 2
    assert not [record for record in outcome.records if "SECRET" in record]


@pytest.mark.parametrize("value", ["false", "False", "0"])
def test_agent_xml_bool(world, value):
    assert param(only(world, "1.waagent.tld", xml([("X", value, "mt:bool")])), "X") is False


@pytest.mark.parametrize("kind", [kind for kind in IRREGULAR if kind != "link-to-sibling"])
def test_agent_regular_is_removed_unread(world, calls, sleeps, kind):
    path = os.path.join(world.agent_dir, "5.tld")
    target = os.path.join(world.outside, "target")
    os.mkdir(target)
    world.place(os.path.join(target, "9.tld"), telemetry({"Message": "never"}))
    {
        "fifo": lambda: os.mkfifo(path),
        "socket": lambda: make_socket(path),
        "device": lambda: make_device(path),
        "link-to-file": lambda: os.symlink(os.path.join(target, "9.tld"), path),
        "link-to-directory": lambda: os.symlink(target, path),
        "link-to-device": lambda: os.symlink("/dev/zero", path),
        "link-to-nothing": lambda: os.symlink("nothing", path),
        "link-to-itself": lambda: os.symlink("5.tld", path),
    }[kind]()
    world.tld("1.waagent.tld", telemetry())
    before = tree(world.outside)
    with calls.watched():
        outcome = world.run_agent()
    assert len(outcome.accepted) == 1
    assert left(world) == []
    assert tree(world.outside) == before
    assert calls.opened("5.tld") == []
    assert sleeps == []


def test_agent_regular_a_directory_stays(world):
    os.mkdir(os.path.join(world.agent_dir, "5.tld"))
    world.tld("1.waagent.tld", telemetry())
    assert len(world.run_agent().accepted) == 1
    assert left(world) == ["5.tld"]


def test_agent_regular_hard_link_gets_its_rounds(world, sleeps):
    other = os.path.join(world.outside, "other")
    os.link(world.tld("1.tld", telemetry()), other)
    outcome = world.run_agent()
    assert outcome.accepted == []
    assert sum(sleeps) == 2.0
    assert left(world) == []
    assert os.path.getsize(other)


@pytest.mark.parametrize("more", [0, 1])
def test_agent_regular_size(world, calls, more):
    content = encode(telemetry())
    world.tld("1.waagent.tld", content + b" " * (4 * MIB - len(content) + more))
    with calls.watched():
        outcome = world.run_agent()
    assert len(outcome.accepted) == 1 - more
    assert calls.bytes_read["1.waagent.tld"] == (1 - more) * 4 * MIB
    assert left(world) == []


def test_agent_regular_torn_budget(world, sleeps):
    for number in range(100):
        world.tld(f"{number}.tld", b"{")
    outcome = world.run_agent()
    assert sum(sleeps) <= 2.0
    assert dropped(outcome) == 100
    assert left(world) == []


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"<a>" * 100_000])
def test_agent_regular_deep_nesting(world, raw):
    world.tld("1.tld", raw)
    world.tld("2.waagent.tld", telemetry())
    assert len(world.run_agent().accepted) == 1
    assert left(world) == []


@pytest.mark.parametrize("digits", [5000, 250_000])
def test_agent_regular_long_numbers(world, digits):
    world.tld("1.waagent.tld", encode(telemetry({"X": "@"})).replace(b'"@"', b"9" * digits))
    world.tld("2.waagent.tld", xml([("X", "9" * digits, "mt:uint64")]))
    world.tld("3.waagent.tld", telemetry())
    outcome = world.run_agent()
    assert ("Name", VALUES["Name"]) in [pair for handed in outcome.accepted for pair in pairs(handed)]
    assert left(world) == []


DOCTYPES = {
    "doctype": '<!DOCTYPE Data>{}',
    "internal subset": "<!DOCTYPE Data [<!ELEMENT Data ANY>]>{}",
    "entity": '<!DOCTYPE Data [<!ENTITY e "text">]>{}',
    "external entity": '<!DOCTYPE Data [<!ENTITY e SYSTEM "file:///etc/hostname">]>{}',
    "external subset": '<!DOCTYPE Data SYSTEM "http://localhost:1/x.dtd">{}',
    "parameter entity": '<!DOCTYPE Data [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>{}',
    "laughs": '<!DOCTYPE Data [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ) + "]>{}",
}  # fmt: skip


@pytest.mark.parametrize("head", DOCTYPES.values(), ids=DOCTYPES)
@pytest.mark.parametrize("value", ["plain", "&e;", "&i;"])
def test_agent_xml_safe(world, head, value):
    world.tld("1.waagent.tld", head.replace("{}", "").encode() + xml([("X", value, "mt:wstr")]))
    world.tld("2.waagent.tld", telemetry())
    outcome = world.run_agent()
    assert [handed.file_type for handed in outcome.accepted] == ["json"]
    assert dropped(outcome) == 1
    assert left(world) == []


def test_agent_xml_safe_undefined_entity(world):
    world.tld("1.waagent.tld", xml([("X", "&e;", "mt:wstr")]))
    assert world.run_agent().accepted == []


@pytest.mark.parametrize("count", range(6))
def test_agent_stop(world, count):
    for number in range(6):
        world.tld(f"{number}.waagent.tld", telemetry({"Message": str(number)}))
    world.tld("torn.tld", b"{")
    sender = Sender(stop_after=count)
    world.run_agent(sender)
    handed = {param(one, "Message") + ".waagent.tld" for one in sender.accepted}
    assert len(handed) == count
    assert set(left(world)) - {"torn.tld"} == {f"{number}.waagent.tld" for number in range(6)} - handed


def test_agent_stop_while_waiting(world, clock):
    sender = Sender()
    world.tld("1.tld", b"{")
    clock.during_wait(1, lambda: setattr(sender, "is_stopped", True))
    world.run_agent(sender)
    assert left(world) == ["1.tld"]


def test_agent_stop_before(world):
    world.tld("1.tld", telemetry())
    world.run_agent(Sender(stop_after=0))
    assert left(world) == ["1.tld"]


def test_agent_regular_for_an_ordinary_user(open_root, clock):
    def play():
        world = World(open_root, clock)
        os.chmod(world.tld("1.tld", telemetry()), 0)
        world.tld("2.waagent.tld", telemetry())
        return len(world.run_agent().accepted)

    assert as_ordinary_user(play) == 1


def test_agent_regular_bounded_time(world):
    for name in range(5):
        world.tld(f"{name}.waagent.tld", TLD)
    outcome = world.run_agent(max_parse=2 * len(encode(TLD)))
    assert len(outcome.accepted) == 2
    assert os.listdir(world.agent_dir) == []
    assert outcome.ledger("").files_discarded == {"WorkLimitError": 3}


def test_agent_torn_more_than_may_wait_stay(world):
    for name in range(6):
        world.tld(f"{name}.tld", b"{")
    outcome = world.run_agent(max_rejects=2)
    assert len(os.listdir(world.agent_dir)) == 3
    assert outcome.ledger("").kept == 3


def test_agent_regular_deeper_than_the_parser_goes():
    with pytest.raises(Malformed, match="nested too deeply"):
        parse(b'{"parameters":' + b"[" * 40000, KEY)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"eventId": [1], "providerId": "P", "parameters": []}, "ids of the wrong type"),
        ({"eventId": 1, "providerId": 2, "parameters": []}, "ids of the wrong type"),
        ({"eventId": 1, "providerId": "P", "parameters": [{"name": 5, "value": 1}]}, "a parameter without a name"),
        ({"eventId": 1, "providerId": "P", "parameters": {"Name": "x"}}, "parameters is an object, a list is expected"),
        ({"eventId": 1, "providerId": "P", "parameters": {}}, "parameters is an object, a list is expected"),
        ({"eventId": 1, "providerId": "P", "parameters": 7}, "parameters is a number, a list is expected"),
        ({"eventId": 1, "providerId": "P", "parameters": True}, "parameters is true or false, a list is expected"),
        ({"eventId": 1, "providerId": "P", "parameters": [None]}, "a parameter is null, an object is expected"),
        ({"eventId": 1, "providerId": "P", "parameters": [{"name": "a"}]}, "a parameter has no value"),
        ({"eventId": 1, "parameters": []}, "it has no providerId"),
        (["eventId"], "it is a list, an object is expected"),
        (b"<Data/>", "no Event with an id"),
        (b'<Data><Provider/><Event id="1"/></Data>', "no Provider with an id"),
        (
            b'<Data><Provider id="P"/><Event id="1"/><Param Name="a" Value="x" T="mt:uint64"/></Data>',
            "a Param that is no number",
        ),
        (b'<Data><Provider id="P"/><Event id="1"/><Param Name="a"/></Data>', "a Param without a Value"),
    ],
)
def test_agent_formats_what_is_no_event_says_why_in_its_own_words(raw, words):
    with pytest.raises(WrongShape, match=f"no event: {words}"):
        parse(encode(raw), KEY)


@pytest.mark.parametrize("confirmed", [True, False])
def test_agent_pickup_at_least_once_removes_what_is_confirmed(world, confirmed):
    for name in range(3):
        world.tld(f"{name}.tld", TLD)
    sender = FlushingSender(flush_fails=[confirmed])
    outcome = world.run_agent(sender, delivery="at-least-once")
    assert len(outcome.accepted) == 3
    assert len(sender.confirmed) == len(sender.accepted) * confirmed
    assert len(os.listdir(world.agent_dir)) == (0 if confirmed else 3)
