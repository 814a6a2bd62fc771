"""Saved histories: what is read can be judged, and the rest is bad input in one line."""

from __future__ import annotations

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.core.saved_history import read_histories
from etp_kit.simulator.judging import recheck

from ..refusal import check_refusal


def check(data: bytes) -> None:
    try:
        for history in read_histories(data, "fuzz.ndjson"):
            recheck(history, (), "fuzz.ndjson")
    except BadInput as error:
        check_refusal(error)
