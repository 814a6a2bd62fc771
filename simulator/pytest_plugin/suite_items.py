"""The conformance suite as pytest items: one a (scenario, world, clause family).

Rules:

* An id is ``conform::SCENARIO::FAMILY[WORLD]``, with the scenario's id as ``simulate --scenario``
  takes it. ``universal`` holds the clauses that are judged in every scenario, where the scenario
  names none of their family. The order is the library's, in every process.
* A scenario runs once in a world, for the first of its items that asks; the others take what is kept. Under xdist that holds for each worker.
* What the command calls fail, expected and stale is failed, xfailed and failed here; a skip is a skip with its reason. What the kit breaks on is an
  error: it happens in the item's set-up. Bad input is told before anything runs, with pytest's own exit code for usage, 4.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..base import BadInput, KitBroke, did_you_mean
from ..contract import CLAUSES
from ..core import STARVED
from ..judging import EXPECTED, FAILING, UNIVERSAL, ClauseVerdict, ScenarioVerdict
from ..reports import LONGEST_COMMAND, lines_beside
from ..runner import Died, Job, cage_for, result_of
from ..safe import safe
from ..shipped import shipped_scenarios
from ..subjects import is_program, look_in, resolve
from ..suite import ConformanceRequest, ConformanceRun, Selection

#: The first part of every id.
ROOT = "conform"
#: Stands for a family in ids, see above.
ANY_FAMILY = "universal"

_LONGEST = 400
#: Lines of what a collector printed and logged that are shown unasked.
_MOST_LINES = 20


class NotConformant(Exception):
    """Clauses that failed, as lines to show."""


# --- results, kept ------------------------------------------------------------------------------------------------------------


class Results:
    """What became of each (scenario, world): run when first asked for, then kept."""

    def __init__(self, run: ConformanceRun) -> None:
        self.suite = run.suite
        self.expectations = run.expectations
        self._run = run
        self._found: dict[tuple[str, str], ScenarioVerdict] = {}

    def of(self, pair: tuple[str, str]) -> ScenarioVerdict:
        """Marked with what is expected, and with the line that shows it again. Raises BadInput."""
        if pair not in self._found:
            self._found[pair] = self._run.shown(self.suite.run(*pair))
        return self._found[pair]

    def stale(self, scenario: str, passed: ClauseVerdict, pairs: Iterable[tuple[str, str]]) -> str:
        """Why this clause should not have passed, or "": an entry that covers it, and fails in none
        of the pairs that run.
        """
        for expected in self.expectations.all():
            if expected.covers(scenario, passed.slug) and not any(self._fails(expected, pair) for pair in pairs):
                return expected.stale
        return ""

    def _fails(self, expected: Any, pair: tuple[str, str]) -> bool:
        """Whether anything that the expectation covers failed there; it is run for that where it
        has not been.
        """
        if not expected.kind or expected.scenario not in ("", pair[0]):
            return False
        return any(clause.verdict in FAILING and expected.covers(pair[0], clause.slug) for clause in self.of(pair).clauses)


# --- nodes --------------------------------------------------------------------------------------------------------------------


class SuiteNode(pytest.Collector):
    """All of it."""

    results: Results

    def collect(self) -> Iterator[pytest.Collector]:
        pairs = self.results.suite.selection.pairs
        for name in dict.fromkeys(name for name, _ in pairs):
            node: ScenarioNode = ScenarioNode.from_parent(self, name=name, nodeid=f"{ROOT}::{name}")
            node.results, node.worlds = self.results, tuple(world for known, world in pairs if known == name)
            yield node
        if self.results.suite.selection.unchecked:
            rest: UncheckedNode = UncheckedNode.from_parent(self, name="unchecked", nodeid=f"{ROOT}::unchecked")
            rest.selection = self.results.suite.selection
            yield rest


class ScenarioNode(pytest.Collector):
    """One scenario in its worlds."""

    results: Results
    worlds: tuple[str, ...]

    def collect(self) -> Iterator[pytest.Item]:
        suite = self.results.suite
        named = set(suite.library[self.name].clauses)
        for world in self.worlds:
            for family in families(named, suite.selection.clauses):
                name = f"{family}[{world}]"
                item: FamilyItem = FamilyItem.from_parent(self, name=name, nodeid=f"{self.nodeid}::{name}")
                item.results, item.pair, item.family, item.named = self.results, (self.name, world), family, named
                item.add_marker("conformance")
                yield item


def families(named: set[str], selected: Iterable[str]) -> list[str]:
    """The families of the clauses that a scenario names, as far as selected, and at last the one of
    what is judged everywhere.
    """
    chosen = list(selected)
    found = list(dict.fromkeys(CLAUSES[slug].family for slug in chosen if slug in named))
    rest = [slug for slug in UNIVERSAL if slug in chosen and CLAUSES[slug].family not in found]
    return [*found, ANY_FAMILY] if rest else found


class FamilyItem(pytest.Item):
    """The clauses of one family in one scenario and world."""

    results: Results
    pair: tuple[str, str]
    family: str
    named: set[str]

    def setup(self) -> None:
        """Run the scenario, unless another item did.

        What goes wrong here is an error, no failure of the collector.
        """
        try:
            self._clauses = self._own(self.results.of(self.pair))
        except BadInput as error:
            raise _error(str(error)) from None
        if not self._clauses and self.family != ANY_FAMILY:
            raise _error(f"the kit broke: {self.pair[0]} names clauses of the family {self.family}, and none was judged")
        starved = self.results.of(self.pair)
        if starved.kind == STARVED:
            raise _error(f"inconclusive: {starved.detail}\nagain: {starved.reproduce}")
        if any(clause.verdict == "error" for clause in self._clauses):
            raise _error("\n".join(_line(clause) for clause in self._clauses if clause.verdict in FAILING))

    def _own(self, result: ScenarioVerdict) -> list[ClauseVerdict]:
        own = families(self.named, self.results.suite.selection.clauses)
        if self.family != ANY_FAMILY:
            return [clause for clause in result.clauses if CLAUSES[clause.slug].family == self.family]
        return [clause for clause in result.clauses if CLAUSES[clause.slug].family not in own]

    def runtest(self) -> None:
        result = self.results.of(self.pair)
        failed = [clause for clause in self._clauses if clause.verdict == "fail" and clause.kind not in EXPECTED]
        lines = [_line(clause) for clause in failed]
        lines += [f"{clause.slug}: stale: {safe(why, _LONGEST)}" for clause, why in self._stale()]
        if lines:
            most = None if self.config.get_verbosity() > 0 else _MOST_LINES
            beside = lines_beside(result, {clause.slug for clause in failed}, most) if failed else []
            raise NotConformant("\n".join([*lines, *beside, f"again: {safe(result.reproduce, LONGEST_COMMAND)}"]))
        expected = [_line(clause) for clause in self._clauses if clause.verdict == "fail"]
        if expected:
            raise pytest.xfail.Exception("; ".join(expected))
        if not any(clause.verdict == "pass" for clause in self._clauses):
            self._skip(result)

    def _stale(self) -> Iterator[tuple[ClauseVerdict, str]]:
        running = list(dict.fromkeys(item.pair for item in self.session.items if isinstance(item, FamilyItem)))
        for clause in self._clauses:
            if clause.verdict == "pass" and (why := self.results.stale(self.pair[0], clause, running)):
                yield clause, why

    def _skip(self, result: ScenarioVerdict) -> None:
        reasons = dict.fromkeys(clause.reason for clause in self._clauses) or [result.detail or "nothing of them is seen in this scenario"]
        pytest.skip("; ".join(safe(reason, _LONGEST) for reason in reasons))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, NotConformant) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return shipped_scenarios()[self.pair[0]], 0, self.nodeid


def _error(text: str) -> BaseException:
    """What pytest shows as these lines alone; raised in a set-up it is an error."""
    return pytest.fail.Exception("\n".join(safe(line, 2_000) for line in text.splitlines()), pytrace=False)


def _line(clause: ClauseVerdict) -> str:
    kind = f" ({clause.kind})" if clause.kind else ""
    return f"{clause.slug}{kind}: {safe(clause.reason, _LONGEST)}"


class UncheckedNode(pytest.Collector):
    """Clauses that were selected, and that nothing of the selection checks."""

    selection: Selection

    def collect(self) -> Iterator[pytest.Item]:
        for slug, (verdict, reason) in self.selection.unchecked.items():
            item: UncheckedItem = UncheckedItem.from_parent(self, name=slug, nodeid=f"{self.nodeid}::{slug}")
            item.verdict, item.reason = verdict, reason
            item.add_marker("conformance")
            yield item


class UncheckedItem(pytest.Item):
    """One of them: a skip, or an error of the kit."""

    verdict: str
    reason: str

    def setup(self) -> None:
        if self.verdict == "error":
            raise _error(f"the kit broke: {self.name}: {self.reason}")

    def runtest(self) -> None:
        pytest.skip(f"{self.name}: {self.reason}")

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.nodeid


# --- the plugin ---------------------------------------------------------------------------------------------------------------


def plugin(config: pytest.Config) -> SuitePlugin:
    """The suite that the options ask for. Raises pytest.UsageError."""
    try:
        return SuitePlugin(config)
    except BadInput as error:
        raise pytest.UsageError(safe(str(error), 2_000)) from None


class SuitePlugin:
    """Adds the suite to what pytest collects."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.option
        request = ConformanceRequest(
            collector=option.collector,
            level=option.etp_level,
            clauses=option.etp_clause,
            scenarios=option.etp_scenario,
            profile=option.etp_profile,
            known_failing=option.etp_known_failing,
            world=option.etp_world,
            seed=option.etp_seed,
            timeout=option.etp_timeout,
            quick=option.etp_quick,
            contract=option.etp_contract,
            option="--etp-",
        )
        self.results = Results(request.settled())
        look_in(config.invocation_params.dir, option.collector)
        self.wanted = _taken(config)

    def pytest_report_header(self) -> str:
        suite = self.results.suite
        if self.wanted == []:
            return f"conform: not run: paths were given, and `{ROOT}` is not among them"
        scenarios = len({name for name, _ in suite.selection.pairs})
        clauses = len(suite.selection.named)
        return f"conform: {safe(suite.collector)}, {scenarios} scenarios, {clauses} clauses, seed {suite.seed}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Load the collector once, away from here: one that cannot be used is told before anything
        runs.
        """
        if hasattr(session.config, "workerinput") or self.wanted == []:
            return
        spec = self.results.suite.collector
        try:
            world = "real" if is_program(spec) else "fake"
            result_of(Job("load", lambda _: bool(resolve(spec).capabilities), world, self.results.suite.timeout, cage=cage_for(spec)))
        except (BadInput, KitBroke) as error:
            last = str(error).strip().splitlines()[-1]
            raise pytest.UsageError(safe(last, 2_000)) from None
        except Died as death:
            raise pytest.UsageError(f"{safe(spec)}: loading it ended so: {safe(death.detail, 2_000)}") from None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """The suite beside what the session collects."""
        report = yield
        if isinstance(collector, pytest.Session) and report.outcome == "passed" and self.wanted != []:
            node: SuiteNode = SuiteNode.from_parent(collector, name=ROOT, nodeid=ROOT)
            node.results = self.results
            report.result = [*report.result, node]
        return report

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the ids that were asked for. Raises UsageError for one that there is not."""
        if not self.wanted:
            return
        mine = [item.nodeid for item in items if item.nodeid.startswith(f"{ROOT}::")]
        for wanted in self.wanted:
            if not any(_below(nodeid, wanted) for nodeid in mine):
                raise pytest.UsageError(f"not found: {safe(wanted)} ({did_you_mean(wanted, mine) or 'pytest --collect-only -q shows them'})")
        items[:] = [item for item in items if item.nodeid not in mine or any(_below(item.nodeid, wanted) for wanted in self.wanted)]


def _taken(config: pytest.Config) -> list[str] | None:
    """The ids of the suite that were given, taken from the paths, as they are none; None: all of
    it.

    Where no path is given, ``--collector`` on the command line stands for the suite alone. In a
    configuration file it adds the suite to what runs.
    """
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        if any(str(word).partition("=")[0] == "--collector" for word in config.invocation_params.args):
            config.args[:] = []
        return None
    ids, others = [], []
    for arg in config.args:
        path, separator, rest = arg.partition("::")
        if path == ROOT or (separator and (config.invocation_params.dir / path).resolve() == config.rootpath / ROOT):
            ids.append(f"{ROOT}{separator}{rest}")
        else:
            others.append(arg)
    config.args[:] = others
    return None if ROOT in ids else ids


def _below(nodeid: str, wanted: str) -> bool:
    return nodeid == wanted or nodeid.startswith((f"{wanted}::", f"{wanted}["))
