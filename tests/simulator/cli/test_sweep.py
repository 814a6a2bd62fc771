"""The verbs of sweeps: exit codes, and one line for what cannot be used."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base import BadInput, Exit
from etp_kit.simulator.cli import sweep as sweep_verb
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.sweep import Summary
from etp_kit.simulator.sweep.summary import Signature

from .small import SCENARIO


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def called(*words: str) -> Result:
    return CliRunner().invoke(cli, words, standalone_mode=False)


@pytest.mark.parametrize(
    ("into", "told"), [(("--into", "kept.db"), "0 runs are kept in kept.db; --resume goes on"), ((), "")]
)
def test_one_that_is_interrupted_says_what_is_kept(
    into: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep_verb, "sweep", stop)
    ended = CliRunner().invoke(cli, ["sweep", "--seeds", "0:2", *into])
    assert ended.exit_code
    assert ended.stderr.strip().removesuffix("Aborted!").strip() == told


BAD: dict[tuple[str, ...], str] = {
    ("sweep", "--seeds", "5"): "--seeds: '5' is no range of seeds",
    ("sweep", "--seeds", "9:3"): "--seeds: '9:3' is no range of seeds",
    ("sweep", "--seeds", "0:"): "--seeds: has no end",
    ("sweep", "--for", "soon"): "--for: a duration is",
    ("sweep", "--clause", "quotas.*"): "--clause: no clause is named 'quotas.*'",
    ("sweep", "--resume"): "--resume: goes with --into FILE",
    ("sweep", "--summary", "none.db"): "none.db: cannot be read as a store",
    ("replay", "none"): "none: no failure is kept there",
    ("shrink", "none"): "no scenario is named 'none'",
    ("why", "none"): "no scenario is named 'none'",
}  # fmt: skip


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_used_is_told_in_a_line(words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput) as raised:
        cli.main(list(words), standalone_mode=False)
    assert str(raised.value).startswith(BAD[words])
    assert "\n" not in str(raised.value)


def test_a_mutant_is_found_kept_and_explained(tmp_path: Path) -> None:
    swept = called("sweep", "--seeds", "0:6", "--collector", "mutant:clean-up-skipped", "--into", "s.db", "--jobs", "2")
    assert swept.return_value == Exit.NOT_CONFORMANT
    assert "the first decision that differs:" in swept.output
    with sqlite3.connect("s.db") as connection:
        assert connection.execute("select count(*) from runs").fetchone() == (6,)
    connection.close()
    identity = next((tmp_path / ".simulate" / "failures").glob("clean.processed*")).name
    assert called("replay", identity).return_value == Exit.NOT_CONFORMANT
    assert called("replay", identity, "--collector", "reference").return_value == Exit.CONFORMANT
    assert "unlink log/A/events" in called("why", identity).output
    summed = called("sweep", "--summary", "s.db", "--html", "s.html")
    assert summed.return_value == Exit.NOT_CONFORMANT
    assert "clean.processed" in (tmp_path / "s.html").read_text()


class TestAFileThatNamesACollector:
    """Whoever wrote the file would choose what is run."""

    @pytest.fixture(autouse=True)
    def failure(self, tmp_path: Path) -> str:
        """A kept failure of a collector that lies in the working directory."""
        (tmp_path / "mine.py").write_text("from pathlib import Path\nPath('ran').touch()\n\ndef make(*_): 0 / 0\n")
        (tmp_path / "scenario.toml").write_text(SCENARIO)
        recorded = {
            "signature": "run.errors/refused", "seed": 0, "world": "fake", "collector": "py:mine:make", "reason": "",
            "history_sha256": "", "steps": 0, "runs": 0, "kit": "0", "generator": 1, "python": "3",
        }  # fmt: skip
        (tmp_path / "failure.json").write_text(json.dumps(recorded))
        return "scenario.toml"

    @pytest.mark.parametrize("verb", ["replay", "why"])
    def test_it_is_asked_for(self, verb: str, failure: str, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="its file names the collector 'py:mine:make'"):
            cli.main([verb, failure], standalone_mode=False)
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize("verb", ["replay", "why"])
    @pytest.mark.parametrize("words", [["--trust"], ["--collector", "py:mine:make"]])
    def test_it_is_run_where_somebody_says_so(self, verb: str, words: list[str], failure: str, tmp_path: Path) -> None:
        called(verb, failure, *words, "--cage", "off")
        assert (tmp_path / "ran").exists()

    @pytest.mark.parametrize("verb", ["replay", "why"])
    def test_what_it_writes_where_somebody_works_is_refused(self, verb: str, failure: str, tmp_path: Path) -> None:
        called(verb, failure, "--trust")
        assert not (tmp_path / "ran").exists()

    def test_another_one_is_run_in_its_place(self, failure: str, tmp_path: Path) -> None:
        called("why", failure, "--collector", "reference")
        assert not (tmp_path / "ran").exists()

    def test_the_twin_is_looked_for_in_the_working_directory_too(self, failure: str, tmp_path: Path) -> None:
        called(
            "why",
            failure,
            "--collector",
            "mutant:clean-up-skipped",
            "--clause",
            "clean.processed",
            "--against",
            "py:mine:make",
            "--cage",
            "off",
        )
        assert (tmp_path / "ran").exists()


def test_what_holds_is_conformant() -> None:
    swept = called("sweep", "--seeds", "0:6", "--world", "fake", "--checked", "1")
    assert (swept.return_value, swept.exception) == (Exit.CONFORMANT, None)
    assert "never reached: " in swept.output


def test_a_page_escapes_what_it_is_told(tmp_path: Path) -> None:
    from etp_kit.simulator.cli.sweep_report import page

    summary = Summary("<script>", "*", signatures=[Signature("<b>", 1)])
    assert "<script>" not in page(summary)
    assert "<b>" not in page(summary)
