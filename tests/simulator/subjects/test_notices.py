"""Notices and ledgers of a pass report: their kinds are a vocabulary, which the document tells, and
no report breaks the kit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from etp_kit.simulator.subjects.notices import KINDS, read_emitted, read_report
from etp_kit.simulator.subjects.specs import REFERENCE

DOCUMENT = Path(__file__).parents[3] / "docs" / "collectors.md"


def _report(**fields: object) -> SimpleNamespace:
    return SimpleNamespace(
        notices=[{"kind": "failed", "extension": None, "reason": None, "count": 1, "text": None, **fields}]
    )


def test_the_document_has_every_kind_with_what_it_tells() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| ([^|]+) \|$",
        DOCUMENT.read_text(encoding="utf-8").partition("## Notices")[2].partition("\n## ")[0],
        re.M,
    )
    assert dict(rows) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_knows_every_kind(kind: str) -> None:
    """Where a notice of that kind is made, or its sentence."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.py"))
    assert re.search(rf'(?:notice|note)\(\s*"{kind}"|kind = "{kind}"|return "{kind}"', source)


@pytest.mark.parametrize("kind", [*KINDS, "x-duration"])
def test_a_known_kind_fits(kind: str) -> None:
    assert read_report(_report(kind=kind)).problem == ""


@pytest.mark.parametrize("kind", ["", "Quota", None, 7, "quota ", "duration"])
def test_another_kind_does_not_fit(kind: object) -> None:
    assert f"one is of kind {kind!r}" in read_report(_report(kind=kind)).problem


def test_a_long_kind_is_cut_and_escaped() -> None:
    assert (
        read_report(_report(kind="\x1b[31m" + "x" * 1000)).problem
        == read_report(_report(kind="\x1b[31m" + "x" * 2000)).problem
    )
    assert "\x1b" not in read_report(_report(kind="\x1b[31m")).problem


@pytest.mark.parametrize(
    "text",
    [
        "Failed to process event file 1.json:NoneType: None",
        "1.json: None",
        "1.json: None (2 more like it)",
        "1.tld: no event: NoneType, 2.tld: other",
    ],
)
def test_an_error_that_is_none_does_not_fit(text: str) -> None:
    assert read_report(_report(text=text)).problem == "one of kind failed tells of an error and names none"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("collected", "Collected 3 events for extension: None"),
        ("failed", "Failed to process event file 1.json:TypeError: 'NoneType' object is not subscriptable"),
        ("failed", "Failed to process event file Contoso.NoneType: damaged"),
        ("irregular", "Skipping file: /log/a/1.json as it is no regular file of its own: a link to : None"),
    ],
)
def test_none_may_be_a_name(kind: str, text: str) -> None:
    assert read_report(_report(kind=kind, text=text)).problem == ""


@pytest.mark.parametrize("report", [None, {}, {"notices": "many"}, SimpleNamespace()])
def test_a_report_without_notices_does_not_fit(report: object) -> None:
    assert read_report(report).problem == "what a pass returned has none"


@dataclass(slots=True)
class Entry:
    read: int = 3
    dropped: dict[str | None, int] = field(default_factory=lambda: {None: 1, "MissingKeyError": 2})


@pytest.mark.parametrize("entry", [Entry(), {"read": 3, "dropped": {None: 1, "MissingKeyError": 2}}])
def test_a_ledger_entry_is_read_in_any_form(entry: object) -> None:
    assert read_report({"ledger": {"A": entry}}).ledger == {"A": {"read": 3, "dropped": {"": 1, "MissingKeyError": 2}}}


class Evil(str):
    __slots__ = ()
    __hash__ = None

    def __str__(self) -> str:
        raise RuntimeError("evil")


def _raising() -> Iterator[Any]:
    yield {"kind": "failed"}
    raise RuntimeError("evil")


def _endless() -> Iterator[Any]:
    while True:
        yield {"kind": "failed"}


@pytest.mark.parametrize(
    "notices",
    [
        [{"kind": Evil("quota")}],
        [{"kind": "failed", "extension": ["a"]}],
        [{"kind": "failed", "count": 10**5000}],
        [{"kind": "failed", "reason": Evil()}],
        [object()],
        [Evil()],
        _raising(),
        _endless(),
    ],
    ids=["kind", "extension", "count", "reason", "object", "text", "raising", "endless"],
)
def test_no_notice_breaks_the_kit(notices: Any) -> None:
    told = read_report({"notices": notices})
    assert all(type(value) in {str, int, bool, type(None)} for notice in told.notices for value in notice.values())
    assert all(abs(notice["count"]) < 2**63 for notice in told.notices)


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("evil")


def test_no_ledger_breaks_the_kit() -> None:
    assert read_report({"ledger": {"A": {"read": 10**5000, "dropped": {"why": -(10**5000)}}}}).ledger == {
        "A": {"read": 0, "dropped": {"why": 0}}
    }
    assert read_report({"ledger": {"A": {"dropped": {Unspeakable(): 1}}}}).ledger is None


def test_a_report_that_cannot_be_read_says_so() -> None:
    assert read_report({"notices": _raising()}).problem == "what a pass returned cannot be read: RuntimeError"


def test_notices_that_come_as_they_are_asked_for_are_read_once() -> None:
    told = read_report({"notices": ({"kind": kind} for kind in ("failed", "odd"))})
    assert [notice["kind"] for notice in told.notices] == ["failed", "odd"]
    assert told.problem.startswith("one is of kind 'odd'")


@pytest.mark.parametrize(
    ("kind", "first_line"),
    [
        ("failed", "Failed to process event file 1.json:Expecting value: line 1 column 1 (char 0)"),
        (
            "unremovable",
            "Failed to completely clear the /log/a/events directory. Exception: [Errno 1] Operation not permitted",
        ),
        ("agent-drops", "DroppedEventsCount: 2\nReasons (first 5 errors): 1.tld: no event"),
    ],
)
@pytest.mark.parametrize(
    ("below", "says_it"),
    [("", True), ("\nTraceback (most recent call last):\n  File ...\n", True), ("\n", True), ("\x00", True)],
)
def test_a_sentence_that_ends_with_an_error_may_go_on_below_its_line(
    kind: str, first_line: str, below: str, says_it: bool
) -> None:
    (told,) = read_report(
        {"notices": [{"kind": kind, "extension": "a", "reason": None, "count": 2, "text": first_line + below}]}
    ).notices
    assert ("reworded" not in told) == says_it


@pytest.mark.parametrize(
    "text",
    [
        "\nFailed to process event file 1.json:x",
        "Failed to process event file 1.json:\nx",
        "Failed to process event file 1.json",
    ],
)
def test_the_sentence_itself_stands_in_the_first_line(text: str) -> None:
    (told,) = read_report(
        {"notices": [{"kind": "failed", "extension": "a", "reason": None, "count": 1, "text": text}]}
    ).notices
    assert told["reworded"]


_HEAD = "Dropped events for Extension: a; Details:"
_EMPTY = "\n\tReason: [InvalidExtensionEventError] EmptyMessageError: Message should not be empty; Dropped Count: 2"
_MISSING = "\n\tReason: [InvalidExtensionEventError] MissingKeyError: version not found; Dropped Count: 3"


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        (_HEAD + _EMPTY, {"EmptyMessageError: Message should not be empty": 2}),
        (
            _HEAD + _EMPTY + _MISSING,
            {"EmptyMessageError: Message should not be empty": 2, "MissingKeyError: version not found": 3},
        ),
        (_HEAD + _EMPTY + _EMPTY, {}),
        (_HEAD + _EMPTY + _MISSING.replace("[InvalidExtensionEventError] ", ""), {}),
        (_HEAD + _EMPTY.replace("2", "9" * 19), {}),
        (_HEAD + _EMPTY + "\n", {}),
        (_HEAD, {}),
        (_EMPTY, {}),
        ("", {}),
        (None, {}),
        (7, {}),
    ],
)
def test_the_one_event_on_drops_tells_all_its_reasons(text: object, dropped: dict[str, int]) -> None:
    told = read_emitted({"kind": "drops", "extension": "a", "reason": "any", "count": 5, "text": text})
    assert told == {"kind": "drops", "extension": "a", "reason": None, "count": 5, "dropped": dropped}


def test_another_notice_for_the_agent_is_read_as_in_a_report() -> None:
    notice = {"kind": "quota", "extension": "a", "reason": None, "count": 5, "text": "full"}
    (told,) = read_report({"notices": [notice]}).notices
    assert read_emitted(notice) == told
