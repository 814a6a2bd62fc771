"""Lines of a program under test: each is one of the protocol's answers, or told to be none."""

from __future__ import annotations

import json

from etp_kit.simulator.subjects.program.intake import Lines
from etp_kit.simulator.subjects.program.messages import answer_of

from ..refusal import check_refusal


def check(data: bytes) -> None:
    """In pieces the lines are the same as at once."""
    size, raw = 1 + data[0] % 9 if data else 1, data[1:]
    lines = Lines()
    lines.begin()
    for at in range(0, len(raw), size):
        lines.feed(raw[at : at + size])
    found = list(iter(lines.next, None))
    assert [*found, lines.half] == raw.split(b"\n")
    for line in found:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            continue
        try:
            answer = answer_of(message)
        except ValueError as error:
            check_refusal(error)
        else:
            assert answer.type == message["type"]
