"""The plugin as its users meet it:
items, ids, outcomes, options, fixtures, and what it costs those who do not use it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import etp_kit.simulator.pytest_plugin.suite_items  # noqa: F401 - the same
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.suite.quick_tier import quick_tier
from etp_kit.simulator.suite.suite import Suite

pytest_plugins = ["pytester"]

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "pytest.md"
EXACT = ("--etp-scenario", "quota-exact", "--etp-world", "fake")
BROKEN = "--collector=mutant:quota-raised"
QUOTA = "conform::quota/quota-exact::quota[fake]"
#: For patterns of lines, in which brackets mean something.
QUOTA_LINE = "conform::quota/quota-exact::quota?fake?"

Outcome = Callable[..., pytest.RunResult]

#: The plugins of this project's environment that have nothing to do here,
#: but would be loaded in each run.
WITHOUT = ("-p", "no:faker", "-p", "no:benchmark", "-p", "no:cov", "-p", "no:hypothesispytest")


@pytest.fixture
def run(pytester: pytest.Pytester) -> Outcome:
    def run(*words: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess(*WITHOUT, *words)

    return run


def ids(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if line.startswith("conform::")]


# --- without --collector --------------------------------------------------------------------------------------------------

QUIET = """
import sys
import pytest

class Look:
    def pytest_sessionfinish(self):
        heavy = {"pydantic", "rich", "pyfakefs", "click", "etp_kit.simulator.scenario", "etp_kit.simulator.runner"}
        heavy.add("etp_kit.simulator.pytest_plugin.suite_items")
        print("LOADED", sorted(heavy & set(sys.modules)), "etp_kit.simulator.pytest_plugin" in sys.modules)

sys.exit(pytest.main(["-q", "-s", "-p", "etp_kit.simulator.pytest_plugin", "test_own.py"], plugins=[Look()]))
"""


def test_without_collector_nothing_of_the_kit_is_imported(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # other plugins load what they like
    done = subprocess.run([sys.executable, "-c", QUIET], cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "LOADED [] True" in done.stdout


def test_without_collector_only_own_tests_run(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile("def test_own(): pass")
    run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "words",
    [
        ("--etp-level", "core"),
        ("--etp-clause", "quota"),
        ("--etp-scenario", "flood"),
        ("--etp-known-failing", "x"),
        ("--etp-world", "fake"),
        ("--etp-quick",),
    ],
)
def test_what_says_what_of_the_suite_runs_goes_with_collector(run: Outcome, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"ERROR: {words[0]} *--collector*"])


# --- ids and selection ----------------------------------------------------------------------------------------------------


def test_an_item_is_a_family_of_a_scenario_in_a_world(run: Outcome) -> None:
    assert ids(run("--collector=reference", "--etp-scenario", "quota-exact", "--collect-only", "-q")) == [
        f"conform::quota/quota-exact::{family}[{world}]"
        for world in ("fake", "real")
        for family in ("discover", "select", "quota", "universal")
    ]


def test_every_pair_of_the_whole_suite_has_an_item_of_what_is_judged_everywhere(run: Outcome) -> None:
    found = ids(run("--collector=reference", "--collect-only", "-q"))
    assert found == list(dict.fromkeys(found))
    pairs = {re.sub(r"::[a-z]+\[", "[", nodeid) for nodeid in found}
    universal = {nodeid for nodeid in found if "::universal[" in nodeid}
    assert len(universal) == len(pairs) > 100


@pytest.mark.parametrize(
    ("given", "count"),
    [("conform", 8), ("conform::quota/quota-exact", 8), ("conform::quota/quota-exact::quota", 2), (QUOTA, 1)],
)
def test_ids_can_be_given_again(run: Outcome, given: str, count: int) -> None:
    assert len(ids(run("--collector=reference", "--etp-scenario", "quota-exact", "--collect-only", "-q", given))) == count


def test_an_id_that_there_is_not_is_told(run: Outcome) -> None:
    done = run("--collector=reference", *EXACT, "conform::quota/quota-exakt")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: not found: conform::quota/quota-exakt (did you mean*"])


def test_quick_runs_one_scenario_a_clause(run: Outcome) -> None:
    """As ``simulate conform --quick`` does."""
    found = ids(run("--collector=reference", "--etp-quick", "--collect-only", "-q"))
    found = [nodeid for nodeid in found if "::unchecked::" not in nodeid]  # each told with its reason
    assert {nodeid.split("::")[1] for nodeid in found} == set(quick_tier().values())
    assert len({nodeid.split("[")[1] + nodeid.split("::")[1] for nodeid in found}) == len(set(quick_tier().values()))
    run("--collector=reference", "--etp-quick", "--etp-clause", "select.name").assert_outcomes(passed=1)


def test_quick_names_its_scenarios_itself(run: Outcome) -> None:
    done = run("--collector=reference", "--etp-quick", "--etp-scenario", "flood")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: --etp-quick: names its scenarios itself (leave --etp-scenario out)"])


def test_paths_alone_run_no_suite(pytester: pytest.Pytester, run: Outcome) -> None:
    path = pytester.makepyfile("def test_own(): pass")
    done = run("--collector=reference", str(path))
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["conform: not run: paths were given*"])


def test_the_command_line_alone_means_the_suite_alone(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile("def test_own(): pass")
    assert "test_own" not in run("--collector=reference", *EXACT, "--collect-only", "-q").stdout.str()


@pytest.mark.parametrize("how", ["paths", "addopts"])
def test_the_suite_runs_beside_own_tests(pytester: pytest.Pytester, run: Outcome, how: str) -> None:
    path = pytester.makepyfile("def test_own(): pass")
    if how == "addopts":
        pytester.makeini("[pytest]\naddopts = --collector=reference")
        done = run(*EXACT, "--collect-only", "-q")
    else:
        done = run("--collector=reference", *EXACT, "--collect-only", "-q", str(path), "conform")
    assert len(ids(done)) == 4
    assert "::test_own" in done.stdout.str()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--collector=mutant:quota-rised",), "did you mean 'quota-raised'"),
        (("--collector=nonsense",), "expected reference"),
        (("--collector=py:no.such.module:make",), "cannot import no.such.module"),
        (("--collector=reference", "--etp-clause", "quotas"), "--etp-clause: no clause matches 'quotas'"),
        (("--collector=reference", "--etp-profile", "linux-agent"), "did you mean"),
        (("--collector=reference", "--etp-known-failing", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("--collector=reference", "--etp-seed", "-1"), "--etp-seed"),
    ],
)
def test_bad_input_is_one_line_and_exit_4(run: Outcome, words: tuple[str, ...], told: str) -> None:
    done = run(*words)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    lines = [line for line in done.errlines if line]
    assert len(lines) == 1, done.stderr.str()
    assert told in lines[0]


# --- outcomes -------------------------------------------------------------------------------------------------------------


def test_a_failure_names_the_clauses_and_the_line_that_shows_it_again(run: Outcome) -> None:
    done = run(BROKEN, *EXACT)
    done.assert_outcomes(passed=3, failed=1)
    done.stdout.fnmatch_lines(
        ["quota.per-extension: *361 events*", "again: simulate --scenario quota/quota-exact --seed 0 --collector mutant:quota-raised", f"FAILED {QUOTA_LINE}*"]
    )


TALKING = """
import logging

class Mine:
    def __init__(self, *places, **settings):
        pass

    def collect(self):
        for number in range(40):
            print("looked at", number)
        self.look_up({})

    def look_up(self, found):
        return found["missing-key"]
"""


MORE = "    and 60 more lines: -v shows what was kept"


@pytest.mark.parametrize(("words", "more"), [((), MORE), (("-v",), "looked at 0")])
def test_a_failure_shows_what_the_collector_raised_and_said(
    pytester: pytest.Pytester, run: Outcome, words: tuple[str, ...], more: str
) -> None:
    path = pytester.makepyfile(talking=TALKING)
    done = run("--collector=py:talking:Mine", "--etp-scenario", "quota-exact", "--etp-world", "fake", *words)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "missing-key" in text)
    done.stdout.fnmatch_lines(
        [
            "run.errors: pass 0 ended: raised KeyError*",
            f"raised: KeyError: 'missing-key' at talking.py:{line} in look_up (pass*",
            '        return found[[]"missing-key"]',
            "    KeyError: 'missing-key'",
            "    stdout: looked at 39",
            "again: simulate *",
        ]
    )
    assert more in done.stdout.str()


@pytest.mark.parametrize("entry", ['scenario = "quota/quota-exact"', 'clause = "quota.per-extension"\n{}[[known]]\nclause = "quota.notice"'])
def test_a_known_failure_is_xfailed_with_its_reason(pytester: pytest.Pytester, run: Outcome, entry: str) -> None:
    reason = 'reason = "being mended"\n'
    pytester.path.joinpath("known.toml").write_text(f"[[known]]\n{entry.format(reason)}\n{reason}")
    done = run(BROKEN, *EXACT, "--etp-known-failing", "known.toml", "-rx", QUOTA)
    done.assert_outcomes(xfailed=1)
    done.stdout.fnmatch_lines([f"XFAIL {QUOTA_LINE} - *being mended*"])
    assert done.ret == 0


def test_a_known_failure_that_passes_fails(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.path.joinpath("known.toml").write_text('[[known]]\nclause = "quota.notice"\nreason = "being mended"\n')
    done = run("--collector=reference", *EXACT, "--etp-known-failing", "known.toml")
    done.assert_outcomes(passed=3, failed=1)
    done.stdout.fnmatch_lines(["quota.notice: stale: listed as known failing, and passes: remove the entry"])


def test_a_known_failure_that_fails_elsewhere_is_not_stale(pytester: pytest.Pytester, run: Outcome) -> None:
    """A clause's entry holds as long as one scenario of the run fails it:
    no other item fails for passing.
    """
    entries = "".join(f'[[known]]\nclause = "{slug}"\nreason = "x"\n' for slug in ("quota.per-extension", "quota.notice"))
    pytester.path.joinpath("known.toml").write_text(entries)
    done = run(BROKEN, *EXACT, "--etp-scenario", "quota/rejects-use-none", "--etp-known-failing", "known.toml", "--etp-clause", "quota")
    outcomes = done.parseoutcomes()
    assert outcomes.get("failed", 0) == 0, done.stdout.str()
    assert outcomes["xfailed"] >= 1


POOR = "from etp_kit.collector import build\ndef make(*args, **settings): return build(*args, **settings)\nmake.capabilities = {'quota': False}\n"


def test_what_a_collector_does_not_declare_is_skipped_with_the_reason(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile(poor=POOR)
    done = run("--collector=py:poor:make", *EXACT, QUOTA, "-rs")
    done.assert_outcomes(skipped=1)
    done.stdout.fnmatch_lines(["SKIPPED*the collector declares no quota*"])


def test_a_break_of_the_kit_is_an_error(pytester: pytest.Pytester, run: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(JUDGES, "quota.notice")
    done = run("--collector=reference", *EXACT, QUOTA)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["quota.notice: no judge knows this clause"])


def test_a_collector_that_ends_its_process_fails_every_item_of_the_scenario(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile(dying="import os\nclass C:\n def collect(self): os._exit(0)\ndef make(*args, **settings): return C()\n")
    done = run("--collector=py:dying:make", *EXACT)
    done.assert_outcomes(failed=3, skipped=1)
    done.stdout.fnmatch_lines(["*(crash): the collector ended its process (exit code 0)"])


def test_what_runs_in_no_world_of_the_run_is_skipped(run: Outcome) -> None:
    """Not silently left out."""
    done = run("--collector=reference", "--etp-world", "fake", "--etp-clause", "discover.flood", "-rs")
    done.assert_outcomes(skipped=1)
    done.stdout.fnmatch_lines(["SKIPPED*discover.flood: its scenarios do not run in the fake world"])


# --- beside other parts of pytest ------------------------------------------------------------------------------------------


def test_one_run_serves_all_items_of_a_scenario(run: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    genuine = Suite.run
    monkeypatch.setattr(Suite, "run", lambda suite, *pair: ran.append(pair) or genuine(suite, *pair))
    run("--collector=reference", *EXACT).assert_outcomes(passed=4)
    assert ran == [("quota/quota-exact", "fake")]


def test_k_selects(run: Outcome) -> None:
    run("--collector=reference", *EXACT, "-k", "quota/quota-exact and select").assert_outcomes(passed=1, deselected=3)


def test_m_selects(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile("def test_own(): pass")
    done = run("--collector=reference", *EXACT, "conform", ".", "-m", "not conformance", "--strict-markers")
    done.assert_outcomes(passed=1, deselected=4)


def test_lf_runs_what_failed_last(run: Outcome) -> None:
    run(BROKEN, *EXACT).assert_outcomes(passed=3, failed=1)
    run(BROKEN, *EXACT, "--lf").assert_outcomes(failed=1, deselected=3)


def test_x_stops(run: Outcome) -> None:
    run(BROKEN, "--etp-scenario", "quota-exact", "-x").assert_outcomes(passed=2, failed=1)


def test_junit_names_scenario_and_family(pytester: pytest.Pytester, run: Outcome) -> None:
    run(BROKEN, *EXACT, "--junitxml=out.xml")
    cases = list(ElementTree.parse(pytester.path / "out.xml").getroot().iter("testcase"))
    assert [(case.get("classname"), case.get("name")) for case in cases if case.find("failure") is not None] == [
        ("conform.quota/quota-exact", "quota[fake]")
    ]


@pytest.mark.slow
def test_xdist_runs_the_same_items(run: Outcome) -> None:
    done = run(BROKEN, "--etp-scenario", "quota-exact", "-n", "2", "--dist", "loadscope", "-v")
    done.assert_outcomes(passed=6, failed=2)
    done.stdout.fnmatch_lines([f"*FAILED {QUOTA_LINE}*"])


# --- the document's examples, as they stand ---------------------------------------------------------------------------------


def examples() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("fixture", "example"), list(zip(["write_events", "event_world", "collector_under_test"], examples(), strict=True)))
def test_the_documents_example_runs(pytester: pytest.Pytester, run: Outcome, fixture: str, example: str) -> None:
    assert fixture in example
    pytester.makepyfile(example)
    done = run("-W", "error")
    done.assert_outcomes(passed=example.count("\ndef test_"))


def test_a_world_leaves_the_process_as_it_was(pytester: pytest.Pytester, run: Outcome) -> None:
    pytester.makepyfile(
        """
        import builtins, os, sys, time

        def state():
            return [getattr(os, name) for name in sorted(dir(os))], builtins.open, time.time, time.sleep, os.environ.get('TZ')

        BEFORE = state()

        def test_world(event_world, write_events):
            begin = time.time()
            write_events(events=1)
            event_world.collect()
            assert time.time() > begin

        def test_after():
            assert state() == BEFORE
        """
    )
    run().assert_outcomes(passed=2)
