"""The pytest plugin: ``pytest --collector=py:mine:make`` runs the conformance suite as pytest
items; fixtures for a user's own tests.

Rules: every pytest of the environment loads this module, so it imports nothing that it does not
need, and without ``--collector`` it does nothing (docs/pytest.md). Options begin with ``--etp-``
but for ``--collector``, so that they meet nobody else's.
May import: sweep and below; pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from ..testing import CollectorUnderTest, EventWorld, WriteEvents

#: Options that say what of the suite runs: without ``--collector`` there is no suite.
_ABOUT_THE_SUITE = ("level", "clause", "scenario", "profile", "known_failing", "world", "quick", "contract")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The command's options, under names of their own."""
    group = parser.getgroup("etp", "conformance of collectors of extension telemetry (ETP Kit)")
    group.addoption(
        "--collector", metavar="C",
        help="run the conformance suite against it, in any form that `simulate conform --collector` takes; also what the fixture "
        "collector_under_test gives",
    )  # fmt: skip
    group.addoption("--etp-level", choices=["core", "hardened"], help="core alone, or both levels (default)")
    group.addoption("--etp-clause", action="append", default=[], metavar="GLOB", help="only these clauses; repeatable")
    group.addoption("--etp-scenario", action="append", default=[], metavar="GLOB", help="only these scenarios; repeatable")
    quick = "one short scenario a clause: between two changes of a line"
    group.addoption("--etp-quick", action="store_true", help=quick)
    contract = "judge by the clauses of this version, and list newer ones as not scored; default: all"
    group.addoption("--etp-contract", metavar="VERSION", help=contract)
    group.addoption("--etp-profile", metavar="NAME", help="whose differences by design are expected")
    group.addoption("--etp-known-failing", metavar="FILE", help="failures that are expected for a while, as `simulate conform` writes them")
    group.addoption("--etp-world", choices=["auto", "fake", "real"], help="auto (default): each scenario in every world that it declares")
    group.addoption("--etp-seed", type=int, default=0, metavar="N", help="the same seed gives the same run, everywhere (default: 0)")
    group.addoption(
        "--etp-timeout", type=float, default=30.0, metavar="SECONDS", help="seconds of processor time after which one pass counts as hanging (default: 30)"
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the suite where one is asked for."""
    config.addinivalue_line("markers", "conformance: an item of the suite that --collector runs (ETP Kit)")
    if config.option.etp_seed < 0:
        raise pytest.UsageError(f"--etp-seed: {config.option.etp_seed} is negative, a seed is 0 or more")
    if config.option.collector is None:
        given = [name for name in _ABOUT_THE_SUITE if config.getoption(f"etp_{name}")]
        if given:
            raise pytest.UsageError(f"--etp-{given[0].replace('_', '-')} says what of the suite runs, and goes with --collector")
        return
    with _told("--collector", _refuse):
        from . import suite_items  # noqa: PLC0415 - only where it is used

    config.pluginmanager.register(suite_items.plugin(config), "etp-kit-suite")


@pytest.fixture
def collector_under_test(request: pytest.FixtureRequest) -> CollectorUnderTest:
    """The collector that --collector names, the reference by default: ``spec``, ``capabilities``,
    and called it builds one in this process.
    """
    with _told("the fixture collector_under_test", _fail):
        from ..testing import CollectorUnderTest  # noqa: PLC0415 - a session without the fixture pays nothing for it

    return CollectorUnderTest(request.config.option.collector or "reference")


@pytest.fixture
def event_world(request: pytest.FixtureRequest, tmp_path: Path) -> EventWorld:
    """Real directories of extensions, and passes of a collector over them: in a process of its own,
    on a frozen clock.
    """
    with _told("the fixture event_world", _fail):
        from ..testing import EventWorld  # noqa: PLC0415 - a session without the fixture pays nothing for it

    option = request.config.option
    return EventWorld(tmp_path / "world", seed=option.etp_seed, collector=option.collector or "reference", timeout=option.etp_timeout)


@pytest.fixture
def write_events(event_world: EventWorld) -> WriteEvents:
    """``write_events(producer, events=10, ...)`` has an extension write into ``event_world``, and
    gives what must become of each event.
    """
    return event_world.write


@contextmanager
def _told(who: str, tell: Callable[[str], NoReturn]) -> Iterator[None]:
    """Tell in a line what is to be installed, where an import within finds it missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        from ..base import missing_extra  # noqa: PLC0415 - every pytest of the environment loads this module

        if missing := missing_extra(error, who):
            tell(str(missing))
        raise


def _refuse(line: str) -> NoReturn:
    raise pytest.UsageError(line)


def _fail(line: str) -> NoReturn:
    pytest.fail(line, pytrace=False)
