"""Elements that look bad and are due to be collected, by name."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import KEYS
from ..writers import COMPACT, NOTHING, Bare, Text
from .characters import GONE, LONE, NOT_XML
from .looks import VERBATIM
from .makers import (
    Maker,
    ascii_only,
    at_limit,
    cut_at,
    escaped_keys,
    exact_duplicate,
    long_message,
    many_spellings,
    say,
    spaced,
    swap_case,
    two_spellings,
    whole_event,
    with_keys,
    with_members,
    with_message,
    with_values,
    without_token,
)

#: Events that look bad and are due to be collected.
ODD: Mapping[str, Maker] = {
    "keys-lower": with_keys(str.lower),
    "keys-upper": with_keys(str.upper),
    "keys-mixed": with_keys(swap_case),
    "two-spellings": two_spellings,
    "many-spellings": many_spellings,
    "exact-duplicate": exact_duplicate,
    "unknown-keys": with_members(("Extra", '{"Message": null}'), ("", "[]"), ("Message ", "7")),
    "unknown-numbers": with_members(("a", "NaN"), ("b", "-Infinity"), ("c", "1e999"), ("d", "9" * 100_000)),
    "unknown-deep": with_members(("Deep", "[" * 90 + "]" * 90), first=True),
    "unknown-odd-numbers": with_members(
        ("a", "Infinity"),
        ("b", "1e-999"),
        ("c", "-0.0"),
        ("d", f"0.{'3' * 5_000}"),
        ("e", "1e99999999999999999999"),
        ("f", "9007199254740993"),
    ),
    "unknown-names-of-languages": with_members(
        ("__proto__", '{"Message":"x"}'),
        ("constructor", '{"prototype":null}'),
        ("toString", "1"),
        ("hasOwnProperty", "null"),
        ("$ref", '"#"'),
        ("@type", '"java.lang.Class"'),
        ("__class__", '"x"'),
        ("length", "-1"),
    ),
    "keys-escaped": escaped_keys,
    "everything-escaped": ascii_only,
    "white-space-in-json": spaced,
    "empty-but-message": with_values(**{key: NOTHING for key in KEYS if key != "Message"}),
    "blank-but-message": with_values(**{key: GONE for key in KEYS if key != "Message"}),
    "values-padded": with_values(
        TaskName=GONE + say("a b") + GONE,
        EventPid=say("7") + Text("\\n", ""),
        Version=Text(" ", "") + say("2"),
    ),
    "message-padded": with_message(say(" padded") + GONE, head=GONE),
    "level-unknown": with_values(EventLevel=say("Chatty")),
    "timestamp-unknown": with_values(Timestamp=say("yesterday at noon")),
    "pids-text": with_values(EventPid=say("one"), EventTid=say("0x7F")),
    "pids-integer": with_values(EventPid=Bare("7", "7"), EventTid=Bare("0", "0")),
    "pids-negative": with_values(EventPid=Bare("-1", "-1"), EventTid=Bare("-0", "0")),
    "pids-5000-digits": with_values(EventPid=Bare("9" * 5_000, "9" * 5_000)),
    "pids-beyond-doubles": with_values(
        EventPid=Bare(str(2**53 + 1), str(2**53 + 1)), EventTid=Bare(str(2**63), str(2**63))
    ),
    "pids-text-of-numbers": with_values(EventPid=say("007"), EventTid=say("+5")),
    "pids-huge": with_values(EventPid=Bare("9" * 40, "9" * 40), EventTid=Bare(str(2**64), str(2**64))),
    "message-at-limit": long_message(0),
    "message-under-limit": long_message(-1),
    "message-over-limit": long_message(1),
    "message-far-over": long_message(100_000),
    "message-cut-at-a-blank": cut_at(" "),
    "message-cut-at-a-line-end": cut_at("\n"),
    "message-cut-in-a-cluster": cut_at("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "message-cut-in-a-letter": cut_at("e\u0301"),
    "message-of-odd-blanks": without_token(say("\ufeff\u200b\u180e\u2060")),
    "message-of-a-nul": without_token(COMPACT.changed("\x00", "\ufffd")),
    "event-at-limit": whole_event(0),
    "event-at-limit-integer-pids": at_limit({"EventPid": Bare("7" * 90, "7" * 90), "EventTid": Bare("-0", "0")}),
    "event-at-limit-padded": at_limit(
        {"OperationId": GONE + say("o") + GONE, "EventLevel": say("e") + Text(" " * 900, "")}
    ),
    "event-at-limit-redacted": at_limit(
        {"OperationId": COMPACT.changed(f"https://a.example/x?sv=1&sp={'r' * 900}", "https://a.example/x?<redacted>")},
    ),
    "event-at-limit-with-version": whole_event(0, version="1.0.0"),
    "event-at-limit-message-cut": whole_event(0, version="1.0.0", message=5_000),
    "not-xml": with_message(say(" nul to ") + NOT_XML + say(" end")),
    "not-xml-raw": with_message(say(" raw ") + COMPACT.changed("\ufffe\uffff", "\ufffd" * 2) + say(" end")),
    "lone-surrogates": with_message(say(" lone ") + LONE + say(" end")),
    "surrogates-out-of-order": with_message(
        say(" odd ")
        + Text("\\udc00\\ud83d\\ude00\\ud83d\\ud83d\\ude00", "\ufffd\U0001f600\ufffd\U0001f600")
        + say(" end")
    ),
    "edges-not-blank": with_values(
        TaskName=say("\ufefftask\ufeff"),
        Version=say("\u200b1\u200b"),
        OperationId=say("\u180eo\u2060"),
        EventLevel=say("\u2063e\u2064"),
        Timestamp=say("\x7ft\u00ad"),
    ),
    "edges-not-xml": with_values(
        EventLevel=COMPACT.changed("\x00e\x08", "\ufffde\ufffd"),
        TaskName=COMPACT.changed("\x0e\x1b t \uffff", "\ufffd\ufffd t \ufffd"),
    ),
    "c1-and-delete": with_message(say(" \x7f\x80\x84\x86\x9f end")),
    "bidirectional": with_message(say(" \u202egnp.tnemucod\u202c \u2066isolated\u2069 \u200f\u061c end")),
    "ansi": with_message(say(" ") + COMPACT.changed("\x1b", "\ufffd") + say("[31mred\x9b0m") + say(" end")),
    "zero-width": with_message(say(" \u200b\u200d\ufeff\u00ad\u2060 end")),
    "combining": with_message(say(" Z\u0351\u036b\u0343\u036a\u0302" * 20)),
    **VERBATIM,
}
