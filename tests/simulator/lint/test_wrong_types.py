"""What a finding says of a value of the wrong type: which type the contract takes there."""

from __future__ import annotations

import json
from pathlib import Path

from .agreement import linted
from .test_findings import NAME, changed


def test_of_a_pid_text_or_an_integer_is_expected(tmp_path: Path) -> None:
    events = tmp_path / "Contoso.Agent" / "events"
    events.mkdir(parents=True)
    (events / NAME).write_text(json.dumps([changed(EventPid=1.5, TaskName=7)]))
    ((_, outcome),) = linted(events)[1].entries
    wrong = [finding for finding in outcome.findings if finding.rule == "wrong-type"]
    assert {finding.key: finding.text.partition(", ")[2] for finding in wrong} == {
        "EventPid": "text or an integer is expected",
        "TaskName": "text is expected",
    }
