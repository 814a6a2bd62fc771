"""Which files a collector is made of."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from etp_kit.simulator.subjects import REFERENCE, collector_files
from etp_kit.simulator.subjects.collector_files import MOST_FILES


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "mine"
    (root / "__pycache__").mkdir(parents=True)
    (root / "__init__.py").write_text("raise SystemExit  # nothing is imported\n")
    (root / "data.json").write_text("{}")
    (root / "__pycache__" / "x.cpython-311.pyc").write_text("")
    return root


def test_the_reference_is_its_package() -> None:
    found = collector_files("reference", Path())
    assert found["collector/reader.py"] == hashlib.sha256((REFERENCE / "reader.py").read_bytes()).hexdigest()
    assert not [name for name in found if "__pycache__" in name]


def test_a_mutant_differs_by_its_edit_alone() -> None:
    plain, mutant = (collector_files(spec, Path()) for spec in ("reference", "mutant:quota-raised"))
    assert set(mutant) - set(plain) == {"mutant:quota-raised"}


@pytest.mark.parametrize("form", ["dir", "py"])
def test_a_package_is_all_its_files_but_bytecode(package: Path, form: str) -> None:
    spec = f"dir:{package}" if form == "dir" else "py:mine:build"
    assert sorted(collector_files(spec, package.parent)) == ["mine/__init__.py", "mine/data.json"]


def test_a_module_alone_is_its_file(tmp_path: Path) -> None:
    (tmp_path / "alone.py").write_text("raise SystemExit\n")
    assert list(collector_files("py:alone:build", tmp_path)) == ["alone.py"]


def test_a_program_is_what_is_started_and_each_argument_that_is_a_file(tmp_path: Path) -> None:
    script = tmp_path / "collector.sh"
    script.write_text("exit 0\n")
    found = collector_files(f"cmd:sh {script} --fast", tmp_path)
    assert sorted(found) == sorted([str(script), "sh"])


def test_one_byte_is_another_hash(package: Path) -> None:
    before = collector_files(f"dir:{package}", Path())
    (package / "data.json").write_text("[]")
    after = collector_files(f"dir:{package}", Path())
    assert [name for name in before if before[name] != after[name]] == ["mine/data.json"]


def test_a_fifo_among_them_is_not_waited_for(package: Path) -> None:
    os.mkfifo(package / "pipe")
    assert "mine/pipe" not in collector_files(f"dir:{package}", Path())


def test_a_tree_that_is_no_collector_has_no_list(package: Path) -> None:
    for number in range(MOST_FILES):
        (package / f"{number}.txt").touch()
    assert collector_files(f"dir:{package}", Path()) == {}
