"""The short form: what is kept passes each target, some mutations of it do, and no target is blind.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etp_kit.collector import agent, event, reader
from etp_kit.collector import redact as redaction
from etp_kit.collector.program import protocol, response
from etp_kit.simulator.core import saved_history
from etp_kit.simulator.lint import inspection
from etp_kit.simulator.scenario import library
from etp_kit.simulator.subjects.program import messages

from .campaign import shares
from .mutations import inputs
from .refusal import check_refusal
from .targets import SHARES, target

#: Examples of hypothesis: the cheap targets get more.
_MANY, _FEW = 150, 20


@pytest.mark.parametrize("name", SHARES)
def test_what_is_kept_passes(name: str) -> None:
    found = target(name)
    assert len(found.corpus) >= 3
    for data in found.corpus:
        found.check(data)


@pytest.mark.parametrize("name", SHARES)
def test_mutations_of_it_pass(name: str) -> None:
    found = target(name)

    @settings(
        max_examples=_MANY if SHARES[name] >= 8 else _FEW,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(found.corpus))
    def run(data: bytes) -> None:
        found.check(data)

    run()


def _raises(*_: object, **__: object) -> Any:
    raise RuntimeError("planted")


#: Target: (where the fault is planted, its name, what stands there then, an input that shows it).
PLANTED: dict[str, tuple[Any, str, Any, bytes]] = {
    "reader": (reader.Text, "_complete", lambda _text, _end: True, b"\x00\x00" + b"[1,2,3,4,5,6, 123456,7,8]"),
    "event": (event, "encodable", lambda text: text, b"\x00\x01\xff\x00" + b"\x00\x01\x01\x07" * 8),
    "redact": (redaction, "holds_none", lambda _text: True, b"\x80https://h/p?sv=1&sig=abc tail"),
    "agent_event": (
        agent, "redact", lambda text: text,
        b'{"eventId":1,"providerId":"p","parameters":[{"name":"Message","value":"https://h?sig=1"}]}',
    ),
    "response": (
        response.Source, "exactly", lambda source, count: bytes(source.rest(count) or b""),
        b"\x03HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    ),
    "request": (protocol, "build", _raises, b'{"type":"start","protocol":1,"log_dir":"a","agent_events_dir":"b"}\n'),
    "answers": (messages, "_ANSWER", SimpleNamespace(validate_python=_raises), b'\x00{"type":"started"}\n'),
    "scenario": (library, "check_references", _raises, b""),
    "history": (saved_history, "_fields", lambda line, *_, **__: json.loads(line), b'{"i":0}\n'),
    "lint": (inspection.Inspection, "judge", lambda *_: ((), "planted"), b"\x00[1]"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARES)
def test_no_target_is_blind(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, what, instead, data = PLANTED[name]
    found = target(name)
    data = data or max(found.corpus, key=len)
    found.check(data)
    monkeypatch.setattr(owner, what, instead)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whichever the planted fault makes
        found.check(data)


def test_a_share_is_that_of_a_million() -> None:
    assert sum(shares(1_000_000, list(SHARES)).values()) == 1_000_000
    assert shares(1, ["reader"]) == {"reader": 1}


@given(st.binary(max_size=40))
def test_what_is_kept_comes_back(data: bytes) -> None:
    assert json.loads(json.dumps(data.decode("latin-1"))).encode("latin-1") == data




@pytest.mark.parametrize("told", ["", " ", "a\nb", "a\x1b[1mb", "a\u2028b"])
def test_a_refusal_is_one_printable_line(told: str) -> None:
    check_refusal(ValueError("a line"))
    with pytest.raises(AssertionError):
        check_refusal(ValueError(told))
