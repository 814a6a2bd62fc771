"""event.*: which events are accepted, and what they become."""

import os
import re
import time
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .samples import ABSENT, COMMON, FIELDS, data, encode, event, param
from .worlds import World

OVERSIZE = "OversizeEventError: max event size allowed: 6144"
EMPTY = "EmptyMessageError: Message should not be empty"
TARGET = {
    "EventLevel": "CapabilityUsed",
    "TaskName": "TaskName",
    "Message": "Context1",
    "Timestamp": "Context2",
    "OperationId": "Context3",
    "EventPid": "EventPid",
    "EventTid": "EventTid",
    "Version": "EventName",
}


def value_of(handed, field):
    value = param(handed, TARGET[field])
    return value[len("Ext-") :] if field == "Version" else value


def only(world, content):
    """The single event that comes of a file; its file's other elements were dropped."""
    world.write("1.json", content)
    (handed,) = world.run().accepted
    return handed


def fate(world, content):
    """{reason: count} of a file of which nothing is accepted."""
    world.write("1.json", content)
    outcome = world.run()
    assert outcome.accepted == []
    assert world.names() == []
    return outcome.drops()


def missing(field):
    return "MissingKeyError: {} not found".format("Message" if field == "Message" else field.lower())


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.swapcase, str.title], ids=lambda spell: spell.__name__)
def test_event_keys_compare_without_regard_to_case(world, spell):
    handed = only(world, {spell(key): value for key, value in event().items()})
    assert {field: value_of(handed, field) for field in FIELDS} == event()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("spelling", [" {}", "{} ", "{}\n", "\u200b{}", "{}\u0000", "{}s"])
def test_event_keys_are_not_stripped(world, field, spelling):
    changed = event(**{field: ABSENT})
    changed[spelling.format(field)] = "x"
    assert fate(world, changed) == {missing(field): 1}


def test_event_keys_unknown_are_ignored(world):
    extra = {
        "": None,
        "MessageId": 5,
        "Context1": "no",
        "EventName": [],
        "\u65e5": {},
        "level": True,
        "providerId": "x",
    }
    handed = only(world, {**extra, **event()})
    assert {field: value_of(handed, field) for field in FIELDS} == event()


@pytest.mark.parametrize("field", FIELDS)
def test_event_keys_of_two_spellings_the_later_wins(world, field):
    early = event(**{field: "early"})
    assert value_of(only(world, {**early, field.upper(): "late"}), field) == "late"
    assert value_of(only(world, {field.lower(): "early", **event(**{field: "late"})}), field) == "late"


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "Message"])
def test_event_keys_the_later_wins_even_if_empty(world, field):
    assert value_of(only(world, {**event(), field.upper(): ""}), field) == ""


def test_event_keys_the_later_message_wins_even_if_empty(world):
    assert fate(world, {**event(), "MESSAGE": ""}) == {EMPTY: 1}
    assert only(world, {"MESSAGE": "", **event()})


@pytest.mark.parametrize("field", FIELDS)
def test_event_keys_of_an_exact_duplicate_the_last_wins(world, field):
    raw = encode(event(**{field: "early"}))[:-1] + b', "%s": "late"}' % field.encode()
    assert value_of(only(world, raw), field) == "late"


def test_event_keys_all_last_of_any_number_of_spellings(world):
    raw = (
        encode(event(TaskName="1"))[:-1]
        + b', "taskname": "2", "TASKNAME": "3", "TaskName": "4", "tAsKnAmE": "5", "TaskName": "6"}'
    )
    assert param(only(world, raw), "TaskName") == "6"


def test_event_keys_all_place_in_the_document_counts(world):
    """A mapping keeps the place of the first "TaskName"; the document's last is the second "TaskName"."""
    raw = b'{"TaskName": "1", "TASKNAME": "2", "TaskName": "3", ' + encode(event(TaskName=ABSENT))[1:]
    assert param(only(world, raw), "TaskName") == "3"


@pytest.mark.parametrize("loser", ["5", "null", "[]", "{}", "true", '"%s"' % ("x" * 7000)])
@pytest.mark.parametrize("field", FIELDS)
def test_event_keys_all_only_the_winner_is_validated(world, field, loser):
    raw = b'{"%s": %s, ' % (field.upper().encode(), loser.encode()) + encode(event())[1:]
    assert value_of(only(world, raw), field) == event()[field]


@pytest.mark.parametrize("field", FIELDS)
def test_event_keys_all_a_wrong_winner_drops(world, field):
    assert fate(world, {**event(), field.upper(): None}) == {f"WrongTypeError: {field.lower()}": 1}


@pytest.mark.parametrize(
    ("field", "spelling"),
    [
        ("TaskName", "Tas\u212aName"),
        ("TaskName", "Ta\u017fkName"),
        ("Message", "Me\u017f\u017fage"),
        ("Message", "Me\u00dfage"),
        ("Version", "Ver\u017fion"),
        ("EventPid", "EventP\u0130d"),
        ("EventPid", "EventP\u0131d"),
        ("Message", "\uff2dessage"),
    ],
    ids=ascii,
)
def test_event_keys_all_only_ascii_letters_fold(world, field, spelling):
    changed = event(**{field: ABSENT})
    changed[spelling] = "x"
    assert fate(world, changed) == {missing(field): 1}


@pytest.mark.parametrize("field", FIELDS)
def test_event_required(world, field):
    assert fate(world, event(**{field: ABSENT})) == {missing(field): 1}


def test_event_required_drops_that_event_alone(world):
    world.write("1.json", [event(Message="a"), event(TaskName=ABSENT), event(Message="b"), event(TaskName=ABSENT)])
    outcome = world.run()
    assert outcome.messages == ["a", "b"]
    assert outcome.drops() == {missing("TaskName"): 2}


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n"])
@pytest.mark.parametrize("field", [field for field in FIELDS if field != "Message"])
def test_event_empty_ok(world, field, blank):
    assert value_of(only(world, event(**{field: blank})), field) == ""


def test_event_empty_ok_all_at_once(world):
    handed = only(world, event(**{field: "" for field in FIELDS if field != "Message"}))
    assert param(handed, "EventName") == "Ext-"


@pytest.mark.parametrize("value", ["LogAlways", "nonsense", "12", "<script>", "{}", "\u65e5", "0" * 500, "-0", "1e3"])
@pytest.mark.parametrize("field", ["EventLevel", "Timestamp", "EventPid", "EventTid"])
def test_event_open_values(world, field, value):
    assert value_of(only(world, event(**{field: value})), field) == value


SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_event_strip_every_white_space(world, space):
    handed = only(world, event(**dict.fromkeys(FIELDS, space * 2 + f"a{space}b" + space)))
    kept = space if space in "\t\n\r" or space >= " " else "\ufffd"
    assert {value_of(handed, field) for field in FIELDS} == {f"a{kept}b"}


@pytest.mark.parametrize("char", ["\u200b", "\ufeff", "\u180e", "\u2060"], ids=ascii)
def test_event_strip_nothing_else(world, char):
    assert param(only(world, event(Message=char + "a" + char)), "Context1") == char + "a" + char


def test_event_strip_before_the_cut(world):
    handed = only(world, event(Message=" " * 5000 + "a" * 3072 + " " * 5000))
    assert param(handed, "Context1") == "a" * 3072


def test_event_strip_before_the_sizes(world):
    handed = only(world, event(OperationId=" " * 9000 + "x", EventPid="\n" * 9000, Version="\t" * 9000))
    assert param(handed, "Context3") == "x"


@pytest.mark.parametrize("number", [0, 1, -1, 65535, 2**31, 2**63, 2**64, 10**40, -(10**40)])
@pytest.mark.parametrize("field", ["EventPid", "EventTid"])
def test_event_pids(world, field, number):
    handed = only(world, event(**{field: number}))
    assert value_of(handed, field) == str(number)
    assert type(value_of(handed, field)) is str


@pytest.mark.parametrize("field", ["EventPid", "EventTid"])
def test_event_pids_negative_zero(world, field):
    raw = encode(event(**{field: "@"})).replace(b'"@"', b"-0")
    assert value_of(only(world, raw), field) == "0"


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("field", ["EventPid", "EventTid"])
def test_event_pids_bool(world, field, value):
    assert fate(world, event(**{field: value})) == {f"WrongTypeError: {field.lower()}": 1}


WRONG = [None, 5, 0, 1.5, True, False, [], ["a"], {}, {"a": "b"}]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("field", FIELDS)
def test_event_types(world, field, value):
    if field in ("EventPid", "EventTid") and type(value) is int:
        assert only(world, event(**{field: value}))
        return
    assert fate(world, event(**{field: value})) == {f"WrongTypeError: {field.lower()}": 1}


@pytest.mark.parametrize("value", [1.0, 1e3, -0.0])
def test_event_types_a_number_with_a_fraction_is_no_pid(world, value):
    assert fate(world, event(EventPid=value)) == {"WrongTypeError: eventpid": 1}


@pytest.mark.parametrize(
    "other",
    [{"Message": ABSENT}, {"Message": ""}, {"EventLevel": ABSENT}, {"EventLevel": "x" * 7000}],
    ids=["no Message", "empty Message", "no EventLevel", "long EventLevel"],
)
def test_event_types_come_before_all_others(world, other):
    assert fate(world, event(Timestamp=None, **other)) == {"WrongTypeError: timestamp": 1}


def test_event_types_drop_that_event_only(world):
    world.write("1.json", [event(Message="a"), event(Version=None), event(Message="b")])
    assert world.run().messages == ["a", "b"]


def test_event_types_are_not_judged_in_unused_fields(world):
    assert only(world, {**event(), "Pad": None, "Other": {"Message": 5}})


@pytest.mark.parametrize("length", [3071, 3072, 3073, 6144, 20_000])
@pytest.mark.parametrize("char", ["a", "\u65e5", "\U0001f600"], ids=ascii)
def test_event_message_cut(world, char, length):
    handed = only(world, event(Message=char * length))
    assert param(handed, "Context1") == char * min(length, 3072)


def test_event_message_cut_leaves_what_it_uncovers(world):
    """No second strip: white space before the cut stays."""
    handed = only(world, event(Message="a" * 3070 + "   " + "b"))
    assert param(handed, "Context1") == "a" * 3070 + "  "


def test_event_message_cut_after_redaction(world):
    message = "https://h/p?sig=" + "s" * 4000 + " tail"
    assert param(only(world, event(Message=message)), "Context1") == "https://h/p?<redacted> tail"


@pytest.mark.parametrize("message", ["", " ", "\t\r\n", "\u2003\u3000", "\x1c\x1f", " " * 5000], ids=ascii)
def test_event_message_empty(world, message):
    assert fate(world, event(Message=message)) == {EMPTY: 1}


def of_length(total, **fields):
    """An event whose eight lengths add up to `total`; OperationId fills it."""
    whole = event(OperationId="", **fields)
    rest = total - sum(len(str(value).strip()) for value in whole.values())
    return {**whole, "OperationId": "x" * rest}


def test_event_size_exactly_the_limit_with_an_empty_version_passes(world):
    assert only(world, of_length(6144, Version=""))
    assert only(world, of_length(6144, Version="", Message="m" * 3072))


@pytest.mark.parametrize("char", ["x", "\U0001f600"], ids=ascii)
def test_event_size_one_more_drops(world, char):
    whole = of_length(6145, Version="")
    whole["OperationId"] = char * len(whole["OperationId"])
    assert fate(world, whole) == {OVERSIZE: 1}


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in ("Message", "Version")])
def test_event_size_any_field_counts(world, field):
    fitting = event(**{name: "" for name in FIELDS if name not in ("Message", field)}, Message="m")
    assert only(world, {**fitting, field: "x" * 6143})
    assert fate(world, {**fitting, field: "x" * 6144}) == {OVERSIZE: 1}


def test_event_size_counts_the_cut_message(world):
    assert only(world, {**of_length(6144, Version="", Message="m" * 3072), "Message": "m" * 50_000})


def test_event_size_counts_pids_as_decimal_text(world):
    assert only(world, of_length(6144, Version="", EventPid=-(10**99)))
    assert fate(world, of_length(6145, Version="", EventPid=-(10**99))) == {OVERSIZE: 1}


def test_event_size_counts_after_redaction(world):
    secret = " https://h/p?sig=" + "s" * 5000
    assert only(world, event(OperationId="x" * 3000 + secret))


def test_event_size_all_version_counts(world):
    assert only(world, of_length(6144, Version="1.2.3.4"))
    assert fate(world, of_length(6145, Version="1.2.3.4")) == {OVERSIZE: 1}


def test_event_size_all_of_it_in_version(world):
    assert fate(world, event(Version="9" * 7000)) == {OVERSIZE: 1}


@pytest.mark.parametrize("case", data("reasons.json"), ids=lambda case: case["why"])
def test_event_reason_order(world, case):
    changed = case.get("event", event())
    changed = {**changed, **case.get("set", {}), **{field: "x" * n for field, n in case.get("long", {}).items()}}
    for field in case.get("absent", []):
        del changed[field]
    assert fate(world, changed) == {case["reason"]: 1}


def expected_parameters(handler, given, stamp):
    return [
        ("GAVersion", "9.9.9.9"),
        ("ContainerId", "container"),
        ("OpcodeName", stamp),
        ("EventTid", given["EventTid"]),
        ("EventPid", given["EventPid"]),
        ("TaskName", given["TaskName"]),
        *COMMON[6:],
        ("EventName", handler + "-" + given["Version"]),
        ("CapabilityUsed", given["EventLevel"]),
        ("Context1", given["Message"]),
        ("Context2", given["Timestamp"]),
        ("Context3", given["OperationId"]),
    ]


@pytest.mark.parametrize("form", [list, dict, tuple, iter], ids=lambda form: form.__name__)
def test_event_mapping_parameters_in_order(world, form):
    path = world.write("1767225600.json", event())
    os.utime(path, ns=(0, 1_767_225_599_123_456_000))
    (handed,) = world.run(common_parameters=lambda: form(COMMON)).accepted
    expected = expected_parameters("Ext", event(), "2025-12-31T23:59:59.123456Z")
    assert [tuple(parameter) for parameter in handed.parameters] == expected
    assert [(parameter.name, parameter.value) for parameter in handed.parameters] == expected
    assert [type(parameter.value) for parameter in handed.parameters] == [type(value) for _, value in expected]


def test_event_mapping_identity(world):
    handed = only(world, event())
    assert handed.eventId == 7
    assert handed.providerId == "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"
    assert handed.file_type == "json"
    assert handed.key == ("Ext", "1.json", 0)
    assert isinstance(handed.parameters, list)


def test_event_mapping_common_parameters_are_asked_for_anew(world):
    """The agent's values may change between passes, and one event's list is not another's."""
    version = []
    world.write("1.json", [event(), event()])
    first = world.run(common_parameters=lambda: version.append(1) or [*COMMON[1:], ("GAVersion", len(version))])
    assert first.accepted[0].parameters is not first.accepted[1].parameters
    assert len(COMMON) == 19


def test_event_mapping_of_an_integer_stays_text(world):
    handed = only(world, event(EventPid=7, EventTid=8))
    assert (param(handed, "EventPid"), param(handed, "EventTid")) == ("7", "8")
    assert (param(handed, "RAM"), param(handed, "Processors"), param(handed, "ImageOrigin")) == (4096, 2, 1)


@pytest.fixture
def zone(monkeypatch):
    def choose(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield choose
    monkeypatch.undo()
    time.tzset()


STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z")


@pytest.mark.parametrize("name", ["UTC", "XXX-14", "XXX+12", "XXX-5:45", "CET-1CEST,M3.5.0,M10.5.0/3"])
@pytest.mark.parametrize(
    "ns", [0, 999_999_999, 1_774_746_000_000_001_000, 1_767_225_599_999_999_999, 2_000_000_000_000_000_000]
)
def test_event_time_utc_in_any_zone(tmp_path, zone, name, ns):
    zone(name)
    world = World(tmp_path)
    os.utime(world.write("1.json", event()), ns=(ns, ns))
    world.set_age(world.write("2.json", b"[]"), 0)
    (handed,) = world.run().accepted
    stamp = param(handed, "OpcodeName")
    assert STAMP.match(stamp)
    told = datetime.fromisoformat(stamp)
    micros = (told - datetime.fromisoformat("1970-01-01T00:00:00Z")).total_seconds() * 1e6
    assert abs(micros - ns / 1000) <= 0.75


@pytest.mark.parametrize(
    ("seconds", "year"),
    [(-62_135_596_800, "0001"), (-62_135_596_801, "0001"), (-(2**40), "0001"), (253_402_300_799, "9999"),
     (253_402_300_800, "9999"), (2**40, "9999"), (2**45, "9999")],
)  # fmt: skip
def test_event_time_utc_clamped(memory_root, clock, seconds, year):
    world = World(memory_root, clock)
    path = world.write("1.json", event())
    os.utime(path, (seconds, seconds))
    if os.stat(path).st_mtime != seconds:
        pytest.skip("the file system holds no such time")
    (handed,) = world.run().accepted
    assert STAMP.match(param(handed, "OpcodeName"))
    assert param(handed, "OpcodeName").startswith(year)


UNFIT = [*map(chr, range(0x20)), "\ud800", "\udbff", "\udc00", "\udfff", "\ufffe", "\uffff"]
UNFIT = [char for char in UNFIT if char not in "\t\n\r"]
FIT = ["\t", "\n", "\r", " ", "\x7f", "\x80", "\x85", "\x9f", "\ud7ff", "\ue000", "\ufdd0", "\ufffd", "\U00010000", "\U0001fffe",
       "\U0010ffff", "<", "&", '"']  # fmt: skip


@pytest.mark.parametrize("char", UNFIT, ids=ascii)
def test_event_text_replaces_what_xml_cannot_carry(world, char):
    handed = only(world, event(**dict.fromkeys(FIELDS, f"a{char}b")))
    assert {value_of(handed, field) for field in FIELDS} == {"a\ufffdb"}


@pytest.mark.parametrize("char", FIT, ids=ascii)
def test_event_text_keeps_all_else(world, char):
    handed = only(world, event(**dict.fromkeys(FIELDS, f"a{char}b")))
    assert {value_of(handed, field) for field in FIELDS} == {f"a{char}b"}


def test_event_text_joined_surrogates_are_one_character(world):
    raw = encode(event(Message="@")).replace(b"@", b"\\ud83d\\ude00")
    assert param(only(world, raw), "Context1") == "\U0001f600"


def test_event_text_last_of_all(world):
    """After strip (U+001F is white space there), after redaction (no URL ends at it), after the cut."""
    assert param(only(world, event(Message="\x1fa\x1f")), "Context1") == "a"
    assert param(only(world, event(Message="https://h/p?sig=s\x1ftail")), "Context1") == "https://h/p?<redacted>"
    assert param(only(world, event(Message="before\x1fafter")), "Context1") == "before\ufffdafter"
    assert param(only(world, event(Message="\x00" * 4000)), "Context1") == "\ufffd" * 3072


@pytest.mark.parametrize("element", [None, True, 0, 1.5, "text", [], [event()]], ids=repr)
def test_event_non_object(world, element):
    world.write("1.json", [event(Message="a"), element, event(Message="b")])
    outcome = world.run()
    assert outcome.messages == ["a", "b"]
    assert outcome.drops() == {"NotAnObjectError": 1}


def test_event_non_object_an_empty_object_lacks_its_message(world):
    assert fate(world, [{}]) == {missing("Message"): 1}


# Laws.

LAWS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
TEXT = st.text(st.one_of(st.characters(), st.sampled_from(SPACES)), max_size=20)


@LAWS
@given(st.lists(TEXT, min_size=1, max_size=20))
def test_event_strip_as_python_does(world, texts):
    world.write("1.json", [event(TaskName=text) for text in texts])
    unfit = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    expected = [unfit.sub("\ufffd", text.strip()) for text in texts]
    assert [param(handed, "TaskName") for handed in world.run().accepted] == expected


LENGTHS = st.sampled_from([0, 1, 100, 3071, 3072, 3073, 6000, 6143, 6144, 6145])


def reason_for(fields):
    """The order of work, written a second time: the reason for which an event of textual fields is dropped, or None."""
    folded = {field.lower(): value for field, value in fields.items()}
    if "message" not in folded:
        return missing("Message")
    folded["message"] = folded["message"][:3072]
    if not folded["message"]:
        return EMPTY
    total = 0
    for key in sorted(field.lower() for field in FIELDS):
        if key not in folded:
            return missing(key)
        if total > 6144:
            return OVERSIZE
        total += len(folded[key])
    return OVERSIZE if total > 6144 else None


@LAWS
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), LENGTHS, min_size=6), min_size=1, max_size=12))
def test_event_reason_order_is_the_order_of_work(world, shapes):
    written = [{field: "x" * length for field, length in shape.items()} for shape in shapes]
    world.write("1.json", written)
    outcome = world.run()
    expected = {}
    for fields in written:
        expected[reason_for(fields)] = expected.get(reason_for(fields), 0) + 1
    assert len(outcome.accepted) == expected.pop(None, 0)
    assert outcome.drops() == expected


@LAWS
@given(st.integers(0, 6200), st.integers(0, 3100), st.integers(0, 50))
def test_event_size_is_the_sum_of_the_lengths(world, operation, message, version):
    fields = event(OperationId="x" * operation, Message="m" * (message + 1), Version="1" * version)
    world.write("1.json", fields)
    fits = sum(len(value) for value in {**fields, "Message": fields["Message"][:3072]}.values()) <= 6144
    assert bool(world.run().accepted) is fits


@pytest.mark.parametrize("text", ["&amp;&#65;", "%41%2f", "a\r\nb", "\\u0041\\n", "e\u0301\u00e9", "a\tb", '"quoted"', "+ +"])
def test_event_verbatim(world, text):
    """A text that looks like an encoding is none."""
    handed = only(world, event(Message=text))
    assert value_of(handed, "Message") == text
