"""docs/protocol.md has each message and each of its keys, as the models have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.subjects.program import protocol_page
from etp_kit.simulator.subjects.program.messages import message_schema

NAMES = ("protocol-request", "protocol-response")


def test_the_page_is_current() -> None:
    if not protocol_page.DOCUMENT.exists():
        pytest.skip("a wheel: no repository is beside it")
    assert protocol_page.main(["--check"]) == 0, f"run `python -m {protocol_page.PROGRAM}`"


def test_a_changed_page_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "protocol.md"
    monkeypatch.setattr(protocol_page, "DOCUMENT", page)
    assert protocol_page.main([]) == 0
    page.write_text(page.read_text(encoding="utf-8").replace("`raise_at`", "`fail_at`"), encoding="utf-8")
    assert protocol_page.main(["--check"]) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_type_and_key_is_told(name: str) -> None:
    text = protocol_page.document()
    schema = message_schema(name)
    for word, reference in schema["discriminator"]["mapping"].items():
        section = text.split(f"### `{word}`\n")[1 if name == NAMES[0] else -1].split("\n### ")[0]
        keys = set(schema["$defs"][reference.rpartition("/")[2]]["properties"]) - {"type"}
        assert {key for key in keys if f"| `{key}` |" in section} == keys
    assert "[string, string, integer]" in text
