"""The fast path: what reads and judges an ordinary event in one go, and what takes any event apart,
agree."""

import io
import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import etp_kit.collector.event as event_module
import etp_kit.collector.redact as redact_module
from etp_kit.collector import reader, telemetry
from etp_kit.collector.text import NOT_XML, is_encodable

from .samples import COMMON, FIELDS, encode, event

PART = st.one_of(
    st.sampled_from(
        ["", " ", "a", "\t", "\n", "\r", "\x00", "\x1f", "\x7f", "\x85", "\u00a0", "\ud800", "\ufffe",
         "\U0001fffe", "é", "?", "=", "%", "\\",
         "https://h/p?", "sv=1", "sig", "SIG", "sig=", "sig%3D", "sig\\u003d", "%73ig=", "s%2569g=",
         "?sip=", "x" * 3071, "x" * 3072, "y" * 1000]
    ),
    st.characters(),
)  # fmt: skip
TEXTS = st.lists(PART, max_size=4).map("".join)
PLAIN = st.text("abc 0", min_size=1, max_size=8)
VALUE = st.one_of(PLAIN, PLAIN, TEXTS, st.sampled_from([None, True, 5, -0.0, [], {}, "Message"]))
OBJECTS = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUE)),
    st.dictionaries(st.sampled_from(["message", "VERSION", "Extra", "EventPid"]), VALUE, max_size=1),
).map(lambda parts: {**parts[0], **parts[1]})


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.one_of(OBJECTS, st.lists(st.one_of(OBJECTS, st.none()), max_size=4)), st.booleans())
@example([event(Message="see https://h/p?sv=1 and sig=SECRET")], True)
@example([event(OperationId="y" * 6000, Message="x" * 200)], True)
def test_event_judged_in_one_go_as_when_taken_apart(value, ascii_only):
    raw = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "replace")
    slowly = list(reader.elements_of(reader.Text(io.BytesIO(raw).read, 262_144)))
    expected = [event_module.judge(element, reader.PAIRS, 3072, 6144) for element in slowly]
    shown, found = reader.elements(io.BytesIO(raw).read, len(raw), 262_144, event_module.usual_values)
    assert [event_module.judge(element, shown, 3072, 6144) for element in found] == expected


@settings(max_examples=600, deadline=None, derandomize=True)
@given(TEXTS)
def test_redact_what_holds_no_secret_for_sure_is_left_alone(text):
    """The quick looks at a text say yes only where the whole work finds nothing to do."""
    if redact_module.holds_none(text) and is_encodable(text):
        token, signature = redact_module._forms()
        assert token.search(text) is None
        assert signature.search(text) is None
    if is_encodable(text):
        assert not re.search(NOT_XML, text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (event(), reader.PLAIN),
        ([event(), event(Message="other")], reader.PLAIN),
        ([], reader.PLAIN),
        (event(Message="two\nlines"), reader.VALUES),
        (event(Message="größer"), reader.VALUES),
        (event(Extra=""), reader.PAIRS),
        ([event(), None], reader.PAIRS),
    ],
)
def test_event_ordinary_ones_are_shown_in_one_go(written, shown):
    """Or the law above compares a way with itself."""
    raw = encode(written)
    assert reader.elements(io.BytesIO(raw).read, len(raw), 262_144, event_module.usual_values)[0] == shown


def test_event_delete_character_stays_in_a_plain_file():
    """XML carries it, though it is not printable."""
    raw = encode(event(Message="a!b")).replace(b"!", b"\x7f")
    shown, (values,) = reader.elements(io.BytesIO(raw).read, len(raw), 262_144, event_module.usual_values)
    assert shown == reader.PLAIN
    assert event_module.judge(values, shown, 3072, 6144)[0][event_module.MESSAGE] == "a\x7fb"


def test_event_mapping_is_the_same_whatever_event_came_before():
    """Parameters that did not change are shared; the lists are not."""
    common = telemetry.common_parameters(COMMON)
    shared = telemetry.Template("Ext", common)
    made = []
    for number in range(40):
        fields = tuple(str(number >> place & 1) for place in range(8))
        opcode = f"time {number % 3}"
        alone = telemetry.Template("Ext", common).event("1.json", number, opcode, fields)
        made.append((shared.event("1.json", number, opcode, fields), alone))
        made[-1][0].parameters.reverse()  # a sender may do what it likes with what it was given
    for together, alone in made:
        assert together.parameters[::-1] == alone.parameters
        assert vars(together).keys() == vars(alone).keys()
        assert together.key == alone.key
