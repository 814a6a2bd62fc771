"""docs/contract.md is what the data makes, all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etp_kit.simulator.contract import page as under_test
from etp_kit.simulator.contract.clauses import CLAUSES, FAMILIES, LIMITS, Clause, ContractError
from etp_kit.simulator.contract.page import PARTS, document, main, render
from etp_kit.simulator.contract.profiles import PROFILES, Difference, KnownFailure

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "contract.md"


def test_docs_contract_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `python -m etp_kit.simulator.contract.page`"


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=lambda clause: clause.slug)
def test_a_row_says_everything_about_a_clause(clause: Clause) -> None:
    rows = [line for line in document().splitlines() if line.startswith(f'| <a id="{clause.slug}"></a>')]
    assert len(rows) == 1
    cells = rows[0].strip("| ").split(" | ")
    assert cells[1:] == [clause.level, clause.statement, "; ".join([clause.harm, *clause.cwe]), clause.effect]


def test_every_family_limit_and_profile_has_its_place() -> None:
    text = document()
    assert re.findall(r"^### ([a-z]+): ", text, re.MULTILINE) == list(FAMILIES)
    for limit in LIMITS.values():
        assert f"| `{limit.name}` | {limit.value:,} |" in text
    for profile in PROFILES.values():
        assert f"| {profile.name} | {profile.about} | {profile.level} | {profile.quota} |" in text
        entries: tuple[Difference | KnownFailure, ...] = (*profile.difference, *profile.known_failure)
        for entry in entries:
            assert f"| `{entry.clause}` | " in text
            assert f" | {entry.reason} | " in text


def test_tables_have_as_many_cells_in_every_row() -> None:
    for block in document().split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count(" | ") for row in rows}) <= 1, rows[:1]


def test_a_marker_left_out_or_repeated_or_unknown_is_an_error() -> None:
    template = "\n".join(f"[[{name}]]" for name in PARTS)
    assert render(template)
    for bad in (
        template.replace("[[limits]]", ""),
        template + "\n[[limits]]",
        template.replace("limits", "limts"),
    ):
        with pytest.raises(ContractError, match=r"contract\.md\.tmpl: expected the markers"):
            render(bad)


def test_command_writes_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "contract.md"
    assert main(["--check", "--path", str(path)]) == 1
    assert not path.exists()
    assert main(["--path", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == document()
    assert main(["--check", "--path", str(path)]) == 0
    path.write_text(document() + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["--check", "--path", str(path)]) == 1
    assert capsys.readouterr().err == f"{path}: not current: run `python -m etp_kit.simulator.contract.page`\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("arguments", [["--chek"], ["extra"], ["--path"]])
def test_command_refuses_bad_usage_with_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_command_leaves_nothing_behind_where_it_cannot_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--path", str(tmp_path / "absent" / "contract.md")]) == 4
    assert main(["--path", str(tmp_path)]) == 4
    assert capsys.readouterr().err.count("\n") == 2
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_command_says_that_the_kit_broke(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(under_test, "data", lambda _: "no markers")
    assert main(["--check"]) == 3
    assert capsys.readouterr().err.startswith("contract.md.tmpl: ")
