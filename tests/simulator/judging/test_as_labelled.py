"""Whether events fared to the letter of their labels: for worlds that name no clause."""

from __future__ import annotations

import pytest

from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.judging.problems import as_labelled

from .tales import told

TAKEN = ["begin", "look", "deliver 1.json", "remove 1.json", "end"]
LEFT = ["begin", "look", "end"]


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (["write 1.json", *TAKEN], []),
        (["write 1.json cut", *TAKEN], []),
        (["write 1.tmp leave", *LEFT], []),
        (["write 1.json", "begin", "end"], None),
        (["write 1.json drop=Why", "begin", "look", "remove 1.json", "end"], []),
        (["write 1.json", *LEFT], ["Contoso.Agent: etp-000000000000 (collect) was waiting: overdue"]),
        (["write 1.json drop=Why", *TAKEN], ["Contoso.Agent: etp-000000000000 (drop, Why) was handed over"]),
        (["write 1.json drop=Why", *LEFT], ["Contoso.Agent: etp-000000000000 (drop, Why) was waiting"]),
        (["write 1.json", "begin", "look", "fault sender-error 1.json", "remove 1.json", "end"], []),
        (["write 1.json", "begin", "look", "notice work", "remove 1.json", "end"], None),
    ],
)
def test_events_fare_as_labelled(lines: list[str], problems: list[str] | None) -> None:
    assert as_labelled(Ledger(told(lines)).events) == problems
