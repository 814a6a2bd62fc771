"""What does not come through the seam, or leads outside the world, is told;
what the interpreter and the kit do is not.
"""

from __future__ import annotations

import _io
import builtins
import fcntl
import os
import posix
import socket
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.world import escape, rebind
from etp_kit.simulator.world import seam as seams

from .bodies import BODIES
from .worlds import Stage, fake_stage, real_stage


@pytest.fixture(params=["fake", "real"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    made = fake_stage() if request.param == "fake" else real_stage(tmp_path / "world")
    escape.install_escape_detector()
    escape.watch_escapes(made.root)
    yield made
    escape.stop_watching()


@pytest.mark.parametrize("name", sorted(BODIES.keys() - {"real_paths"}))
def test_a_collector_that_stays_in_its_world_escapes_nowhere(name: str, stage: Stage) -> None:
    here = Path.cwd()
    os.chdir(stage.root if stage.seam.kernel.models_everything else here)
    try:
        with stage.entered():
            BODIES[name].run(stage.root)
    finally:
        os.chdir(here)
    assert escape.take_escapes() == []


PAST: dict[str, tuple[str, Callable[[str], Any]]] = {
    "posix.open": ("open", lambda path: posix.close(posix.open(path, os.O_RDONLY))),
    "_io.open": ("open", lambda path: _io.open(path).close()),
    "_io.FileIO": ("open", lambda path: _io.FileIO(path).close()),
    "posix.listdir": ("os.listdir", lambda path: posix.listdir(os.path.dirname(path))),
    "posix.scandir": ("os.scandir", lambda path: posix.scandir(os.path.dirname(path)).close()),
    "posix.rename": ("os.rename", lambda path: posix.rename(path, path + "2")),
    "posix.remove": ("os.remove", posix.remove),
    "posix.mkdir": ("os.mkdir", lambda path: posix.mkdir(path + "d")),
    "posix.link": ("os.link", lambda path: posix.link(path, path + "l")),
    "posix.symlink": ("os.symlink", lambda path: posix.symlink("x", path + "s")),
    "posix.chmod": ("os.chmod", lambda path: posix.chmod(path, 0o600)),
    "posix.utime": ("os.utime", posix.utime),
    "posix.truncate": ("os.truncate", lambda path: posix.truncate(path, 0)),
}


@pytest.mark.parametrize("name", PAST)
def test_a_call_past_the_seam_is_an_escape_in_both_worlds_and_wherever_it_leads(
    name: str, stage: Stage, tmp_path: Path
) -> None:
    target = tmp_path / "victim"
    target.write_text("text", encoding="utf-8")
    event, call = PAST[name]
    with stage.entered():
        call(str(target))
    assert event in [found for found, _ in escape.take_escapes()]
    assert escape.take_escapes() == []


def test_processes_and_the_network_are_escapes(stage: Stage) -> None:
    with stage.entered():
        with pytest.raises((OSError, seams.NotModelled)):
            subprocess.run(["/nonexistent/program"], check=False)
        stage.seam.dead = False
        with socket.socket() as sock, pytest.raises(ConnectionRefusedError):
            sock.connect(("127.0.0.1", 1))
        with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
            sock.bind("/nonexistent/directory/socket")
    events = [event for event, _ in escape.take_escapes()]
    assert [event for event in events if event != "os.posix_spawn"] == [
        "subprocess.Popen",
        "socket.connect",
        "socket.bind",
    ]


def test_descriptors_given_to_c_code_are_escapes_in_the_fake_world_alone(stage: Stage) -> None:
    with stage.entered():
        fd = os.open(f"{stage.root}/d/1.json", os.O_RDONLY)
        if stage.seam.kernel.models_everything:
            fcntl.flock(fd, fcntl.LOCK_SH)
        else:
            with pytest.raises(OSError, match="Bad file descriptor"):
                fcntl.flock(fd, fcntl.LOCK_SH)
    assert bool(escape.take_escapes()) is not stage.seam.kernel.models_everything


def test_outside_the_root_is_an_escape_in_the_real_world_links_followed(tmp_path: Path) -> None:
    stage = real_stage(tmp_path / "world")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").touch()
    (tmp_path / "world/way-out").symlink_to(tmp_path / "elsewhere")
    escape.install_escape_detector()
    escape.watch_escapes(stage.root)
    attempts: list[Callable[[], Any]] = [
        lambda: os.listdir(tmp_path),
        lambda: open(tmp_path / "elsewhere/file", encoding="utf-8").close(),
        lambda: open(f"{stage.root}/../elsewhere/file", encoding="utf-8").close(),
        lambda: open(f"{stage.root}/way-out/file", encoding="utf-8").close(),
        lambda: os.close(os.open("way-out", os.O_RDONLY, dir_fd=os.open(stage.root, os.O_RDONLY))),
        lambda: os.unlink("../elsewhere/file", dir_fd=os.open(stage.root, os.O_RDONLY)),
        lambda: os.mkdir(f"{tmp_path}/new"),
        lambda: os.rename(f"{stage.root}/d/1.json", f"{tmp_path}/stolen"),
    ]
    try:
        for attempt in attempts:
            with stage.entered():
                attempt()
            found = escape.take_escapes()
            assert found
            assert all(path.startswith(str(tmp_path)) and not path.startswith(stage.root) for _, path in found)
    finally:
        escape.stop_watching()


class _Posing:
    """A descriptor that says that it is another."""

    def __init__(self, real: int, posed: int) -> None:
        self._real, self._posed = real, posed

    def __index__(self) -> int:
        return self._real

    def __hash__(self) -> int:
        return hash(self._posed)

    def __eq__(self, other: object) -> bool:
        return other == self._posed


class _LooseFlags(int):
    """Flags that say that they follow no link."""

    def __and__(self, other: int) -> int:
        return other


def _below_another(inside: int, outside: Path) -> None:
    directory: Any = _Posing(os.open(outside, os.O_RDONLY), inside)
    os.unlink("victim", dir_fd=directory)


def _opened_below_another(inside: int, outside: Path) -> None:
    directory: Any = _Posing(os.open(outside, os.O_RDONLY), inside)
    os.open("victim", os.O_WRONLY | os.O_NOFOLLOW, dir_fd=directory)


def _links_followed(inside: int, outside: Path) -> None:
    os.symlink(outside / "victim", "way-out", dir_fd=inside)
    os.open("way-out", _LooseFlags(os.O_WRONLY), dir_fd=inside)


def _under_an_old_number(inside: int, outside: Path) -> None:
    posix.close(inside)
    again = os.open(outside, os.O_RDONLY)
    assert again == inside
    os.unlink("victim", dir_fd=again)


def _under_a_number_that_was_taken(inside: int, outside: Path) -> None:
    os.dup2(os.open(outside, os.O_RDONLY), inside)
    os.unlink("victim", dir_fd=inside)


@pytest.mark.parametrize(
    "pose",
    [_below_another, _opened_below_another, _links_followed, _under_an_old_number, _under_a_number_that_was_taken],
)
def test_what_is_made_to_look_as_if_it_were_inside_is_an_escape(
    pose: Callable[[int, Path], None], tmp_path: Path
) -> None:
    stage = real_stage(tmp_path / "world")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").touch()
    escape.install_escape_detector()
    escape.watch_escapes(stage.root, [f"{outside}/"])
    try:
        with stage.entered():
            inside = os.open(stage.root, os.O_RDONLY)
            assert escape.take_escapes() == []
            pose(inside, outside)
        assert str(outside / "victim") in [path for _, path in escape.take_escapes()]
    finally:
        escape.stop_watching()


def test_allowed_places_may_be_read_and_not_written(stage: Stage, tmp_path: Path) -> None:
    escape.watch_escapes(stage.root, [f"{tmp_path}/allowed/"])
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed/data").touch()
    with stage.entered():
        _io.open(tmp_path / "allowed/data").close()
        posix.listdir(tmp_path / "allowed/")
        assert [path for _, path in escape.take_escapes() if path != f"{tmp_path}/allowed"] == []
        _io.open(tmp_path / "allowed/data", "a").close()
    assert escape.take_escapes() == [("open", f"{tmp_path}/allowed/data")]


def test_who_opens_an_allowed_file_by_its_directory_may_read_it_and_not_write(tmp_path: Path) -> None:
    stage = real_stage(tmp_path / "world")
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed/data").touch()
    escape.install_escape_detector()
    escape.watch_escapes(stage.root, [f"{tmp_path}/allowed"])
    try:
        with stage.entered():
            directory = os.open(tmp_path / "allowed", os.O_RDONLY)
            data = os.open("data", os.O_RDONLY, dir_fd=directory)
            assert escape.take_escapes() == []
            os.open("data", os.O_WRONLY, dir_fd=directory)
            os.fchmod(data, 0o600)
        assert escape.take_escapes() == [(event, f"{tmp_path}/allowed/data") for event in ("open", "os.chmod")]
    finally:
        escape.stop_watching()


def test_importing_is_no_escape_and_what_an_imported_module_does_is(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/lazily_imported.py").write_text(
        "import _io\ndef read(path): _io.open(path).close()\n", encoding="utf-8"
    )
    (tmp_path / "lib/reads_at_import.py").write_text("import _io\n_io.open(__file__).close()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    with stage.entered():
        module = __import__("lazily_imported")
        assert escape.take_escapes() == []
        module.read(__file__)
        assert escape.take_escapes() == [("open", __file__)]
        __import__("reads_at_import")
    assert escape.take_escapes() == [("open", str(tmp_path / "lib/reads_at_import.py"))]
    for name in ("lazily_imported", "reads_at_import"):
        del sys.modules[name]


def test_the_listeners_work_is_no_escape(stage: Stage, tmp_path: Path) -> None:
    stage.listener.acts[0] = lambda: (tmp_path / "notes").write_text("x", encoding="utf-8")
    with stage.entered():
        os.stat(f"{stage.root}/d")
    assert escape.take_escapes() == []


def test_nothing_is_watched_outside_a_run(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")
    assert escape.take_escapes() == []


def test_a_flood_of_escapes_is_bounded(stage: Stage, tmp_path: Path) -> None:
    with stage.entered():
        for _ in range(2_000):
            posix.listdir(tmp_path)
    assert len(escape.take_escapes()) == 1_000


# --- functions bound before the hooks -----------------------------------------------------------------------------------

EARLY = """
import functools, glob, os
def plain(path): return sorted(listdir(path))
def by_default(path, _list=listdir): return sorted(_list(path))
def by_keyword(path, *, _list=listdir): return sorted(_list(path))
def _make():
    function = listdir
    def inner(path): return sorted(function(path))
    return inner
by_closure = _make()
TABLE = {"list": listdir}
CHAIN = [(str, listdir)]
PARTIAL = functools.partial(listdir)
class Lister:
    function = staticmethod(listdir)
    def method(self, path, _list=listdir): return sorted(_list(path))
    @classmethod
    def clsmethod(cls, path, _list=listdir): return sorted(_list(path))
    @property
    def prop(self, _list=listdir): return _list
def by_table(path): return sorted(TABLE["list"](path))
def by_chain(path): return sorted(CHAIN[0][1](path))
def by_partial(path): return sorted(PARTIAL(path))
def by_class(path): return sorted(Lister.function(path))
def by_method(path): return Lister().method(path)
def by_classmethod(path): return Lister.clsmethod(path)
def by_property(path): return sorted(Lister().prop(path))
def reading(path):
    with opened(path + "/d/1.json") as file: return file.read()
"""
WAYS = [
    "plain",
    "by_default",
    "by_keyword",
    "by_closure",
    "by_table",
    "by_chain",
    "by_partial",
    "by_class",
    "by_method",
    "by_classmethod",
    "by_property",
]


def _early() -> types.ModuleType:
    module = types.ModuleType("early")
    module.__dict__.update(listdir=posix.listdir, opened=_io.open)
    exec(EARLY, module.__dict__)
    return module


@pytest.mark.parametrize("way", WAYS)
def test_rebound_functions_are_heard(way: str, stage: Stage) -> None:
    module = _early()
    assert rebind(module) == []
    with stage.entered():
        assert getattr(module, way)(stage.root) == ["d"]
    assert stage.listener.trace == ["listdir ."]
    assert escape.take_escapes() == []


def test_rebound_open_is_heard(stage: Stage) -> None:
    module = _early()
    rebind(module)
    with stage.entered():
        assert module.reading(stage.root)
    assert stage.listener.trace == ["open d/1.json", "read d/1.json", "close d/1.json"]
    assert vars(module)["opened"] is builtins.open


@pytest.mark.parametrize("way", WAYS)
def test_functions_that_were_not_rebound_are_escapes(way: str, tmp_path: Path) -> None:
    stage = real_stage(tmp_path / "world")
    escape.install_escape_detector()
    escape.watch_escapes(stage.root)
    with stage.entered():
        getattr(_early(), way)(stage.root)
    escape.stop_watching()
    assert escape.take_escapes() == [("os.listdir", stage.root)]


def test_what_could_not_be_rebound_is_said(stage: Stage) -> None:
    module = types.ModuleType("early")
    module.__dict__.update(KEPT=frozenset([posix.listdir]), FROZEN={"a": [{posix.stat}]})
    assert rebind(module) == ["early.KEPT{}", "early.FROZEN.a[0]{}"]
