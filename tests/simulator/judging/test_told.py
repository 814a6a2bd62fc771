"""What reports know of an extension: who wrote there, how much, and what became of it."""

from __future__ import annotations

from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.judging.told import extensions_of

from .tales import HANDLER, told


def _actor(number: int, producer: str) -> dict[str, str]:
    return {"name": f"{number}:{HANDLER}", "handler": HANDLER, "role": "plain", "producer": producer}


def test_of_two_writers_in_one_directory_both_are_named_and_only_what_is_written_counts() -> None:
    lines = ["write 1.json", "withdraw 1.json", "write 2.json", "begin", "look", "end"]
    ledger = Ledger(told(lines, actors=[_actor(0, "plain"), _actor(1, "aks"), _actor(2, "plain")]))
    entry = extensions_of(ledger)[HANDLER]
    assert (entry["producer"], entry["files"], entry["bytes"], entry["written"]) == ("plain, aks", 2, 200, 2)
