"""`simulate smoke`: how far a collector has come, and what is missing next."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.subjects.specs import REFERENCE
from etp_kit.simulator.suite.smoke import SmokeFinding, steps

ROOT = Path(__file__).resolve().parents[3]
HELLO = """printf '{"type":"hello","protocol":1,"capabilities":{}}\\n'"""


def smoke(collector: str) -> Result:
    return CliRunner().invoke(cli, ["smoke", "--collector", collector])


def test_every_step_is_a_scenario_of_known_clauses_and_says_what_is_next() -> None:
    hello, *others = steps()
    assert hello.name == "hello"
    assert len(others) == 9
    for step in others:
        assert set(step.as_scenario().clauses) <= set(CLAUSES)
        assert step.expects
        assert step.next


@pytest.mark.parametrize("collector", ["reference", f"cmd:{sys.executable} -m etp_kit.collector --protocol"])
def test_the_reference_takes_every_step(collector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))
    done = smoke(collector)
    assert done.exit_code == 0, done.output
    assert done.output.count("ok ") == 10
    assert "10 of 10 steps" in done.output


@pytest.mark.parametrize(
    ("answers", "missing", "came"),
    [
        ("exit 0", "starts and says what it can do", "ended with exit code 0"),
        (f"{HELLO}; exit 1", "makes a pass where nothing lies", "exit code 1 where an answer was due"),
        (f"""{HELLO}; printf '{{"type":"started"}}\\n'; while read r; do case "$r" in *collect*) printf '{{"type":"done"}}\\n';; *) exit 0;; esac; done""",
         "hands one event over", "did not look where"),
    ],
)  # fmt: skip
def test_the_first_missing_step_says_what_came_and_what_is_next(tmp_path: Path, answers: str, missing: str, came: str) -> None:
    path = tmp_path / "program.sh"
    path.write_text(f"read -r hello; {answers.replace('; ', '; ', 1)}")
    if "started" in answers:
        path.write_text(path.read_text().replace("; printf '{\"type\":\"started", "; read -r start || exit 0; printf '{\"type\":\"started"))
    done = smoke(f"cmd:sh {path}")
    assert done.exit_code == 1, done.output
    assert f"missing {missing}" in done.output
    assert came in done.output
    assert all(word in done.output for word in ("expected:", "next:"))


def test_a_wrong_collector_is_told_at_the_step_that_it_breaks() -> None:
    done = smoke("mutant:quota-raised")
    assert done.exit_code == 1
    assert "missing keeps the quota" in done.output
    assert "quota.per-extension" in done.output
    assert "8 of 10 steps" in done.output


def test_what_is_not_declared_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bare.py").write_text("from etp_kit.collector import build\ndef make(*a, **s):\n    return build(*a, **s)\nmake.capabilities = {}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    done = smoke("py:bare:make")
    assert done.exit_code == 0, done.output
    assert "skipped keeps the quota" in done.output
    assert "declares nothing" in done.output


def test_what_is_no_collector_is_bad_input() -> None:
    assert isinstance(smoke("cmd:no-such-program-here").exception, BadInput)


def test_the_walk_through_shows_what_is_printed() -> None:
    text = (ROOT / "docs" / "any-language.md").read_text(encoding="utf-8")
    shown = text.partition("$ simulate smoke --collector 'cmd:cat'\n")[2].partition("```")[0]
    assert shown
    assert smoke("cmd:cat").output == shown


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [(["pass", "pass", "skip"], 0), (["pass", "skip", "skip"], 10), (["skip"], 10), (["fail"], 1), (["pass", "error"], 3)],
)
def test_the_exit_code_is_that_of_what_was_seen(monkeypatch: pytest.MonkeyPatch, verdicts: list[str], code: int) -> None:
    findings = [SmokeFinding(step, verdict, "") for step, verdict in zip(steps(), verdicts, strict=False)]
    monkeypatch.setattr("etp_kit.simulator.cli.smoke.bring_up", lambda *_: iter(findings))
    assert smoke("reference").exit_code == code
