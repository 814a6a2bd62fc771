"""What is installed is one package, and a user's own packages stay the user's.

Rules: nothing is fetched. Environments are empty but for what the running one has of other
people's packages, by a path file, and for packages of a user under the three names; the same
names stand in the directory in which everything is started.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .source import ROOT

pytestmark = pytest.mark.slow

NAMES = ("collector", "simulator", "scenarios")
#: What the user's packages say of themselves, by where they lie.
INSTALLED, HERE = "the user's, installed", "the user's, in the working directory"

#: A collector of the user's in a module that the kit's own collector has not.
OWN_COLLECTOR = """
from etp_kit import collector as reference


def make(log_dir, agent_events_dir, sender, **settings):
    return reference.build(log_dir, agent_events_dir, sender, **{"quota": 300, **settings})


make.capabilities = {"delivery": ["at-most-once", "at-least-once"], "quota": 300}
"""

#: A test of the user's, beside the kit's plugin.
OWN_TEST = """
import collector
import scenarios
import simulator


def test_what_is_written_is_delivered(event_world, write_events, collector_under_test):
    written = write_events("plain", events=3, extension="Contoso.Agent")
    assert len(event_world.collect().events) == len(written) == 3
    assert collector_under_test.spec == "py:collector.main:make"
    assert {module.OWNER for module in (collector, scenarios, simulator)} == {OWNER}
"""

Environment = Path
Start = Callable[..., str]


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """What a command prints; nothing of the running process's paths is handed on."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "COV_"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # ours is loaded by its entry point, by name
    words = [str(word) for word in command]
    told = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert told.returncode == code, f"{words}: {told.returncode}\n{told.stdout}\n{told.stderr}"
    return told.stdout


def site_of(environment: Environment) -> Path:
    """Where packages of an environment lie."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))


def own_packages(place: Path, owner: str) -> None:
    """The user's packages of the three names, one with a collector in it."""
    for name in NAMES:
        (place / name).mkdir(parents=True)
        (place / name / "__init__.py").write_text(f"OWNER = {owner!r}\n")
    (place / "collector" / "main.py").write_text(OWN_COLLECTOR)


def empty_environment(place: Path) -> Environment:
    """An environment with other people's packages, and nothing of the kit."""
    venv.create(place, with_pip=False, symlinks=True)
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_of(place) / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n")
    return place


def install(environment: Environment, *what: str | Path) -> None:
    """By this environment's pip, with no index to fetch from."""
    options = (
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "--ignore-installed",
    )
    run(
        sys.executable, "-m", "pip", "--python", environment / "bin/python", "install", *options, *what, cwd=environment
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel installed, beside the user's three packages."""
    environment = empty_environment(tmp_path_factory.mktemp("from_wheel"))
    install(environment, wheel)
    own_packages(site_of(environment), INSTALLED)
    return environment


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An editable install of this checkout, beside the user's three packages."""
    environment = empty_environment(tmp_path_factory.mktemp("editable"))
    install(environment, "--editable", ROOT)
    own_packages(site_of(environment), INSTALLED)
    return environment


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working directory with the user's three packages."""
    own_packages(tmp_path, HERE)
    return tmp_path


@pytest.fixture
def start(from_wheel: Environment, work: Path) -> Start:
    """Start a program of the wheel's environment in the working directory."""

    def start(program: str, *arguments: str | Path, code: int = 0) -> str:
        return run(from_wheel / "bin" / program, *arguments, cwd=work, code=code)

    return start


def where(environment: Environment, cwd: Path, *options: str) -> list[str]:
    """The kit's place, then what the user's packages say, in a fresh process."""
    modules = "collector, scenarios, simulator"
    program = f"import etp_kit, {modules}; print(etp_kit.__file__, *[one.OWNER for one in ({modules})], sep='|')"
    return run(environment / "bin/python", *options, "-c", program, cwd=cwd).strip().split("|")


# --- the wheel ------------------------------------------------------------------------------------------------------------


def test_a_wheel_has_one_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (record,) = [name for name in archive.namelist() if name.endswith(".dist-info/RECORD")]
        paths = [row[0] for row in csv.reader(io.StringIO(archive.read(record).decode()))]
    assert {path.split("/")[0] for path in paths if ".dist-info/" not in path} == {"etp_kit"}
    folders = {path.split("/")[1] for path in paths if path.startswith("etp_kit/")}
    assert folders == {"__init__.py", "__main__.py", "py.typed", *NAMES}
    assert sum(path.startswith("etp_kit/scenarios/") for path in paths) == sum(
        1 for _ in (ROOT / "etp_kit/scenarios").rglob("*.toml")
    )


@pytest.mark.parametrize(("options", "owner"), [((), HERE), (("-P",), INSTALLED)])
def test_the_users_packages_are_the_users(
    from_wheel: Environment, work: Path, options: tuple[str, ...], owner: str
) -> None:
    place, *owners = where(from_wheel, work, *options)
    assert Path(place).is_relative_to(site_of(from_wheel))
    assert owners == [owner] * 3


def test_a_scenario_runs_from_a_wheel(start: Start) -> None:
    assert "flood" in start("simulate", "--scenario", "flood")


@pytest.mark.parametrize("collector", ["reference", "py:collector.main:make"])
def test_a_clause_is_judged_from_a_wheel(start: Start, collector: str) -> None:
    told = start(
        "simulate",
        "conform",
        "--collector",
        collector,
        "--clause",
        "quota.per-extension",
        "--scenario",
        "quota-exact",
        "--world",
        "fake",
    )
    assert "1 pass" in told


def test_lint_works_from_a_wheel(start: Start, work: Path) -> None:
    (work / "events").mkdir()
    (work / "events" / "1.json").write_text("{}")
    assert "1.json" in start("simulate", "lint", "events/1.json", code=1)


def test_the_pytest_plugin_works_from_a_wheel(start: Start, work: Path) -> None:
    (work / "test_own.py").write_text(OWN_TEST.replace("OWNER}", f"{HERE!r}}}"))
    words = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "etp-kit",
        "--collector=py:collector.main:make",
        "test_own.py",
    )
    assert "1 passed" in start("python", *words)


def test_vendor_works_from_a_wheel(start: Start, work: Path) -> None:
    start("simulate", "vendor", "vendored")
    start("simulate", "vendor", "--verify", "vendored")
    names = {path.name for path in (ROOT / "collector").glob("*.py")}
    assert names <= {path.name for path in (work / "vendored").iterdir()}


def test_kit_and_collector_are_programs(start: Start) -> None:
    assert "simulate" in start("python", "-m", "etp_kit", "--version")
    assert "usage" in start("python", "-m", "etp_kit.collector", "--help").lower()


# --- an editable install, and a checkout ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "owner"), [((), HERE), (("-P",), INSTALLED)])
def test_an_editable_install_shows_the_kit_alone(
    editable: Environment, work: Path, options: tuple[str, ...], owner: str
) -> None:
    place, *owners = where(editable, work, *options)
    assert Path(place).resolve() == ROOT / "etp_kit/__init__.py"
    assert owners == [owner] * 3


def test_an_editable_install_runs(editable: Environment, work: Path) -> None:
    assert "flood" in run(editable / "bin/simulate", "--scenario", "flood", cwd=work)
    assert "usage" in run(editable / "bin/python", "-m", "etp_kit.collector", "--help", cwd=work).lower()


def test_a_checkout_runs_from_its_root(tmp_path: Path) -> None:
    environment = empty_environment(tmp_path / "bare")
    python = environment / "bin/python"
    assert "simulate" in run(python, "-m", "etp_kit", "--version", cwd=ROOT)
    assert run(python, "-c", "import etp_kit; print(etp_kit.__file__)", cwd=ROOT).strip() == str(
        ROOT / "etp_kit/__init__.py"
    )
