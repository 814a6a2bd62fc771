"""What stands once: limits, units, marks and reasons are nowhere written again."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.base import SECOND
from etp_kit.simulator.contract.clauses import LIMITS
from etp_kit.simulator.core import Limits, agent_microseconds, is_about, is_nearest, microseconds_of, opcode_name

SIMULATOR = Path(__file__).parents[3] / "simulator"

#: The default of a run -> the limit of the contract, and how many of its units make one.
OF_CONTRACT = {
    "quota": ("quota", 1),
    "file_size": ("max_file_size", 1),
    "message": ("max_message", 1),
    "event": ("max_event", 1),
    "element": ("max_element", 1),
    "rejects": ("max_rejects", 1),
    "parse": ("max_parse", 1),
    "spared": ("max_spared", 1),
    "removals": ("max_early_removals", 1),
    "period": ("period", SECOND),
}


def written(pattern: str) -> set[str]:
    """The modules in which it is written."""
    return {
        path.relative_to(SIMULATOR).as_posix()
        for path in SIMULATOR.rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("name", Limits.__slots__)
def test_the_limits_of_a_run_are_the_contracts(name: str) -> None:
    limit, unit = OF_CONTRACT[name]
    assert getattr(Limits(), name) == LIMITS[limit].value * unit


@pytest.mark.parametrize(
    ("pattern", "home"),
    [
        (r"= 1_000_000_000\b|= 10\*\*9\b", "base/units.py"),
        (r'"etpsecret', "core/labels.py"),
        (r'"etp-outside', "core/paths.py"),
        (r'"log/|"lib/|LOG_DIR = "log"', "core/paths.py"),
        (r'"(Missing|Wrong|Empty|Oversize|Malformed|Irregular|NotAn)[A-Za-z]*Error', "core/drop_reasons.py"),
        (r'"CapabilityUsed", "TaskName"', "core/parameters.py"),
        (r"no profile is named", "contract/profiles.py"),
        (r"today=datetime\.datetime\.now", "suite/request.py"),
        (r"O_NONBLOCK \| os\.O_PATH \| os\.O_DIRECTORY", "world/calls.py"),
        (r'"os\.(rename|remove|mkdir|utime|chmod)"', "world/calls.py"),
        (r"actor-\{.*:03x\}", "core/paths.py"),
        (r"cls\.name = |name: ClassVar\[str\]", "hazards/base.py"),
    ],
)
def test_it_is_written_in_its_home_alone(pattern: str, home: str) -> None:
    assert written(pattern) == {home}


def test_the_period_of_passes_is_written_once() -> None:
    found = written(r'"period", 300\)|period.*= 300 \* SECOND')
    assert found - {"scenario/plan.py"} == {"core/limits.py"}  # the plan still has its own default


@pytest.mark.parametrize("micros", [0, 1, -1, 1_767_571_200_000_001, -62_135_596_800_000_000, 253_402_300_799_999_999])
def test_a_time_that_is_told_is_read_again(micros: int) -> None:
    assert microseconds_of(opcode_name(micros)) == micros


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-05T00:00:00Z",
        "2026-01-05T00:00:00.0000000Z",
        "2026-13-05T00:00:00.000000Z",
        "2026-01-05T00:00:00.000000",
        7,
        None,
    ],
)
def test_another_form_tells_no_time(text: object) -> None:
    assert microseconds_of(text) is None


def test_times_beyond_the_form_are_told_as_the_nearest() -> None:
    assert opcode_name(agent_microseconds(-(10**21))) == "0001-01-01T00:00:00.000000Z"
    assert opcode_name(agent_microseconds(10**21)) == "9999-12-31T23:59:59.999999Z"
    assert opcode_name(10**18) == ""


_TODAY = 1_767_571_200_000_000_000


@pytest.mark.parametrize(
    ("beside", "told", "about", "nearest"),
    [
        (0, 0, True, True),
        (789, 0, True, False),
        (789, 1, True, True),
        (123, 1, True, False),
        (600, 0, True, True),
        (400, 1, True, True),
        (999_999_877, 1_000_000, True, True),
        (0, 1, True, False),
        (0, 2, False, False),
        (789, -1, False, False),
    ],
)
def test_a_time_is_told_to_the_microsecond_and_the_nearest_one(
    beside: int, told: int, *, about: bool, nearest: bool
) -> None:
    """Where two are nearly as near the double of seconds decides: 0.1 µs are beyond it today."""
    moment = _TODAY // 1_000 + told
    assert (is_about(moment, _TODAY + beside), is_nearest(moment, _TODAY + beside)) == (about, nearest)


@given(st.integers(-62_135_596_800 * 10**9, 253_402_300_799 * 10**9))
def test_a_time_that_is_rounded_as_the_production_agent_does_is_the_nearest(nanoseconds: int) -> None:
    seconds, rest = divmod(nanoseconds, 10**9)
    told = datetime.datetime.fromtimestamp(seconds + rest * 1e-9, datetime.UTC).isoformat(timespec="microseconds")
    moment = microseconds_of(told.replace("+00:00", "Z"))
    assert moment is not None
    assert is_about(moment, nanoseconds)
    assert is_nearest(moment, nanoseconds)
