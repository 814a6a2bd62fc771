"""Documents, docstrings and comments name files and modules that are there:
a path that moved takes its mentions with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: The changelog is left out: it tells of names that are gone.
TEXTS = [
    *(
        ROOT / name
        for name in (
            "README.md",
            "CONTRIBUTING.md",
            "pyproject.toml",
            "tox.ini",
            "action.yml",
            ".pre-commit-hooks.yaml",
        )
    ),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(path for top in ("collector", "simulator", "etp_kit") for path in (ROOT / top).rglob("*.py")),
    *sorted(path for form in ("*.toml", "*.tmpl") for path in (ROOT / "simulator").rglob(form)),
]

#: Files of a user, in examples.
_EXAMPLES = ("tests/data", "tests/test_mine.py", "simulator/hazards/padded.py", "scenarios/read/padded.toml")

_PATH = re.compile(r"(?<![\w/.*-])((?:collector|docs|etp_kit|scenarios|simulator|tests)/[A-Za-z0-9_/.-]*[A-Za-z0-9_])")
_MODULE = re.compile(r"(?<![\w./])((?:etp_kit\.(?:collector|simulator)|simulator|tests)(?:\.[A-Za-z_]+)+)")


def paths(text: str) -> list[str]:
    """The paths of the repository that a text names, but for examples of a user's own."""
    return [path for path in _PATH.findall(text) if not path.startswith(_EXAMPLES)]


def missing(name: str) -> bool:
    """Whether a dotted name is neither a module nor a name in one."""
    parts = name.removeprefix("etp_kit.").split(".")
    for rest in ([], parts[-1:]):
        module = ROOT.joinpath(*parts[: len(parts) - len(rest)])
        for file in (module.with_suffix(".py"), module / "__init__.py"):
            if file.is_file():
                return not all(re.search(rf"\b{one}\b", file.read_text(encoding="utf-8")) for one in rest)
        if not rest and module.is_dir():
            return False
    return True


def found() -> Iterator[tuple[Path, str]]:
    for file in TEXTS:
        yield file, file.read_text(encoding="utf-8")


def test_paths_that_texts_name_exist() -> None:
    named = [(file.relative_to(ROOT).as_posix(), path) for file, text in found() for path in paths(text)]
    assert len(named) > 100
    assert [(file, path) for file, path in named if not (ROOT / path).exists()] == []


def test_modules_that_texts_name_exist() -> None:
    named = [(file.relative_to(ROOT).as_posix(), name) for file, text in found() for name in _MODULE.findall(text)]
    assert len(named) > 20
    assert [(file, name) for file, name in named if missing(name)] == []


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("etp_kit.simulator.core", False),
        ("etp_kit.simulator.core.history", False),
        ("simulator.core.history.Record", False),
        ("etp_kit.collector.event", False),
        ("tests.mutation.campaign", False),
        ("simulator.history", True),
        ("simulator.core.history.Recorder", True),
        ("simulator.core.histories.Record", True),
    ],
)
def test_a_name_is_looked_up_as_a_module_or_in_one(name: str, gone: bool) -> None:
    assert missing(name) is gone


def test_a_path_is_found_where_it_stands_for_itself() -> None:
    text = "see `docs/lint.md`, simulator/core; not a/simulator/core, myagent.tests/x, tests/data/a.json or simulator/*.toml."
    assert paths(text) == ["docs/lint.md", "simulator/core"]
