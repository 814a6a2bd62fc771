"""How what is refused is told: in one line, printable, whatever stood in the input."""

from __future__ import annotations


def check_refusal(error: Exception) -> None:
    """Raises AssertionError for words that spoil a terminal."""
    told = str(error)
    assert told.strip(), "it is refused without a word"
    assert len(told.splitlines()) == 1, f"it is refused in more than a line: {told!r}"
    assert "\x1b" not in told, f"an escape character gets through: {told!r}"
