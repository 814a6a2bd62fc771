"""A failure that lasts: ``.simulate/failures/ID/`` holds all that is needed to see it again.

Rules: ``scenario.toml`` is a scenario of the ordinary language. ``failure.json`` says with which
seed, world and collector it fails, and how. ``original.toml`` is what the sweep ran, and
``test_*.py`` a test to paste.
"""

from __future__ import annotations

import json
import platform
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from .._version import __version__
from ..base import BadInput
from ..safe import write_whole
from ..scenario import Scenario, load_scenario
from .generate import GENERATOR, data_hash
from .outcome import Found
from .scenario_file import scenario_text

DIRECTORY = Path(".simulate") / "failures"
_IDENTITY = re.compile(r"[a-z0-9.-]{1,120}\Z", re.ASCII)


class Recorded(BaseModel):
    """``failure.json``. ``original_seed``: None of a kit that kept the sweep's seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signature: str
    seed: int
    original_seed: int | None = None
    world: str
    collector: str
    reason: str
    history_sha256: str
    steps: int
    runs: int
    kit: str
    generator: int
    python: str
    cause: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A failure as it was read: how it failed, and the scenario that shows it."""

    recorded: Recorded
    scenario: Scenario


def keep(found: Found, directory: Path = DIRECTORY) -> str:
    """Write it down; its ID. The same failure gets the same ID. Raises BadInput where it cannot be
    written.
    """
    identity = f"{found.signature.replace('/', '-')}-{found.original_seed}-{data_hash(found.data)[:8]}"
    told = {key: value for key, value in asdict(found).items() if key not in {"data", "original"}}
    recorded = Recorded(**told, kit=__version__, generator=GENERATOR, python=platform.python_version())
    home = directory / identity
    try:
        home.mkdir(parents=True, exist_ok=True)
        write_whole(home / "scenario.toml", scenario_text(found.data))
        write_whole(home / "original.toml", scenario_text(found.original))
        write_whole(home / "failure.json", recorded.model_dump_json(indent=1) + "\n")
        write_whole(home / f"test_{_word(identity)}.py", pasted(found))
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(home)) from None
    return identity


def find(name: str, directory: Path = DIRECTORY) -> Kept:
    """The failure of that ID, or of the directory or scenario file at that path. Raises BadInput.
    """
    home = directory / name if _IDENTITY.match(name) and (directory / name).is_dir() else Path(name)
    if home.is_file():
        home = home.parent
    record = home / "failure.json"
    try:
        recorded = Recorded.model_validate(json.loads(record.read_text(encoding="utf-8")))
    except FileNotFoundError:
        hint = f"`simulate sweep` writes them below {directory}"
        raise BadInput("no failure is kept there", where=name, hint=hint) from None
    except (OSError, ValueError, ValidationError) as error:
        raise BadInput(f"cannot be read: {str(error).splitlines()[0]}", where=str(record)) from None
    scenario = load_scenario(str(home / "scenario.toml"))
    return Kept(recorded, scenario)


def pasted(found: Found) -> str:
    """The text of a test that fails as long as the failure is there."""
    name = _word(f"{found.signature}_{found.original_seed}")
    lines = [
        "from pathlib import Path",
        "",
        "from etp_kit.simulator.runner import RunSpec",
        "from etp_kit.simulator.scenario import load_scenario",
        "from etp_kit.simulator.suite import supervised",
        "",
        f"SCENARIO = {_literal(scenario_text(found.data))}",
        "",
        "",
        f"def test_{name}(tmp_path: Path) -> None:",
        f'    """{found.signature}: found with seed {found.original_seed}, and made small."""',
        '    file = tmp_path / "scenario.toml"',
        '    file.write_text(SCENARIO, encoding="utf-8")',
        f"    spec = RunSpec(load_scenario(str(file)), {found.seed}, {found.collector!r}, {found.world!r})",
        "    verdict = supervised(spec)",
        '    assert verdict.verdict == "pass", [clause.reason for clause in verdict.clauses]',
        "",
    ]
    return "\n".join(lines)


def _literal(text: str) -> str:
    """The text as Python says it: whole lines, where nothing in it needs an escape."""
    if "\\" in text or '"""' in text or not text.isascii():
        return ascii(text)
    return f'"""\\\n{text}"""'


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
