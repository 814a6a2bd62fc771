"""A mistake in the user's module is the user's: exit 4, one line with the place in their file,
their traceback with -v."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MISTAKES = {
    "a syntax error": ("def build(:\n", "SyntaxError", 1),
    "an error at import": ("x = 1\nraise ValueError('at import')\n", "ValueError: at import", 2),
    "the end of the program at import": ("import sys\n\nsys.exit(3)\n", "SystemExit: 3", 3),
    "what is no Exception": ("class Odd(BaseException): ...\nraise Odd('odd')\n", "Odd: odd", 2),
    "an interrupt of its own": ("x = 1\nraise KeyboardInterrupt\n", "KeyboardInterrupt", 2),
    "the end of the program while it is built": (
        "import sys\ndef build(*a, **k):\n    sys.exit(5)\n",
        "could not be built: it ends the program (SystemExit: 5)",
        3,
    ),
    "a module that it lacks": ("import no_such_module_here\n", "no_such_module_here", 1),
    "an attribute that it lacks, deep inside": (
        "import os\ndef deep():\n    return os.nothing\ndeep()\n",
        "AttributeError",
        3,
    ),
    "an error while it is built": ("def build(*a, **k):\n    raise OSError('no place')\n", "OSError: no place", 2),
    "an error of what it declares": (
        "class F:\n    __call__ = print\n    @property\n    def capabilities(self):\n        1 / 0\nbuild = F()\n",
        "ZeroDivisionError",
        5,
    ),
}


def simulate(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "etp_kit", *words]
    return subprocess.run(
        command,
        cwd=where,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "120"},
    )


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize(
    "verb",
    [("run", "--scenario", "quota-exact"), ("conform", "--scenario", "quota-exact", "--jobs", "2"), ("smoke",)],
    ids=lambda v: v[0],
)
def test_it_is_one_line_with_the_place(tmp_path: Path, mistake: str, verb: tuple[str, ...]) -> None:
    text, told, line = MISTAKES[mistake]
    (tmp_path / "mine.py").write_text(text)
    done = simulate(tmp_path, *verb, "--collector", "py:mine:build")
    assert done.returncode == 4, done.stdout + done.stderr
    *before, only = [one for one in done.stderr.splitlines() if one]
    assert before == (["2 runs for 5 clauses, 2 at a time"] if verb[0] == "conform" else []), "what it runs"
    assert told in only
    assert f"(mine.py, line {line})" in only


def test_a_copys_mistake_is_told_as_well(tmp_path: Path) -> None:
    (tmp_path / "mycopy").mkdir()
    (tmp_path / "mycopy" / "__init__.py").write_text("import os\nfrom . import lacking\n")
    (tmp_path / "mycopy" / "lacking.py").write_text("1 +\n")
    done = simulate(tmp_path, "run", "--scenario", "quota-exact", "--collector", "dir:mycopy")
    assert (done.returncode, "SyntaxError" in done.stderr) == (4, True), done.stderr
    assert "(mycopy/lacking.py, line 1)" in done.stderr


def test_the_traceback_is_shown_where_it_is_asked_for_and_none_of_it_is_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def deep():\n    raise ValueError('at import')\ndeep()\n")
    done = simulate(tmp_path, "run", "-v", "--scenario", "quota-exact", "--collector", "py:mine:build")
    files = [line for line in done.stderr.splitlines() if line.startswith("  File ")]
    assert len(files) == 2
    assert all("mine.py" in line for line in files)


def test_a_factory_that_is_not_there_is_told_beside_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def build(): ...\n")
    done = simulate(tmp_path, "run", "--scenario", "quota-exact", "--collector", "py:mine:biuld")
    assert done.stderr == "simulate: py:mine:biuld: mine has no 'biuld' (did you mean 'build'?)\n"


@pytest.mark.parametrize("raised", ["SystemExit(3)", "KeyboardInterrupt()", "Odd(3)", "GeneratorExit()"])
@pytest.mark.parametrize("scenario", ["quota-exact", "run/an-hour"])
def test_whatever_leaves_a_pass_is_the_collectors_and_a_verdict(tmp_path: Path, raised: str, scenario: str) -> None:
    """``sys.exit()`` in a pass ended as "the kit broke"."""
    (tmp_path / "mine.py").write_text(ENDING.replace("RAISED", raised))
    done = simulate(tmp_path, "run", scenario, "--collector", "py:mine:Mine")
    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    name = raised.partition("(")[0]
    assert f"raised: {name}" in done.stdout
    assert f"mine.py:{line_of('raise RAISED')} in leave" in done.stdout


ENDING = """
class Odd(BaseException):
    pass


def leave():
    raise RAISED


class Mine:
    def __init__(self, *places, **settings):
        pass

    def collect(self):
        leave()

    def service(self):
        return self

    run = collect

    def stopped(self):
        return False

    is_alive = stop = start = get_thread_name = stopped
    capabilities = {"service": True}
"""


def line_of(code: str) -> int:
    return next(number for number, line in enumerate(ENDING.splitlines(), 1) if code in line)
