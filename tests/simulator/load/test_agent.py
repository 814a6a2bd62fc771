"""How the agent of a load is started."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.load.agent import command_of

MINE = "def make(*given, **settings):\n    return type('Mine', (), {'collect': lambda self: None})()\n"


@pytest.mark.parametrize("spec", ["reference", "py:mine:make"])
def test_the_working_directory_shadows_nothing_and_is_looked_in_for_py(tmp_path: Path, spec: str) -> None:
    for name in ("simulator", "collector", "json", "pydantic"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the working directory')")
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "log").mkdir()
    command = command_of(spec, tmp_path / "log", str(tmp_path / "log"), {"period": 60})
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert child.stderr is not None
            first = child.stdout.readline()
            assert first, child.stderr.read()
        finally:
            child.kill()
    assert "serving" in json.loads(first)


@pytest.mark.parametrize(
    ("spec", "told"),
    [("cmd:", "names no program"), ("cmd:a 'b", "cannot be split"), ("cmd:sh a\0b", "names no program"), ("cmd:no-such-program", "no such program")],
)
def test_a_program_is_refused_in_the_words_of_all_commands(tmp_path: Path, spec: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        command_of(spec, tmp_path, str(tmp_path), {})
