"""Every call of a collector is heard once, in the same words in both worlds, and nobody else's."""

# ruff: noqa: SIM115 - files that stay open are what some of this is about

from __future__ import annotations

import gc
import glob
import io
import linecache
import logging
import os
import re
import sys
import threading
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.world import files
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.calls import CALLS, Route
from etp_kit.simulator.world.hooks import unseen
from etp_kit.simulator.world.signals import Killed, NotModelled, TimeUp, WouldBlock

from .bodies import BODIES
from .worlds import Stage, fake_stage, real_stage


def _comparable(stage: Stage) -> list[str]:
    """The trace without the root's own ancestors and tempfile's names: worlds differ in these."""
    above = {str(path) for path in Path(stage.root).parents}
    return [re.sub(r"\btmp\w{8}\b", "tmp", call) for call in stage.listener.trace if call.split(" ")[1] not in above]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_heard_alike_in_both_worlds(name: str, tmp_path: Path) -> None:
    body = BODIES[name]
    told = []
    for stage in (fake_stage(), real_stage(tmp_path / "world")):
        here = Path.cwd()
        if stage.seam.kernel.models_everything:
            os.chdir(stage.root)
        try:
            with stage.entered():
                result = body.run(stage.root)
        finally:
            os.chdir(here)
        told.append((result, _comparable(stage), stage.names()))
    faked, genuine = told
    assert faked == genuine
    assert faked[1] or name == "bad_arguments"
    if body.calls:
        assert faked[1] == body.calls


# --- what is not the collector's ------------------------------------------------------------------------------------------


def test_without_a_seam_nothing_changes(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "plain"
    with open(path, "w", encoding="utf-8") as file:
        file.write("text")
        assert not isinstance(file.buffer.raw, files.RawFile)
    with io.FileIO(path) as raw:
        assert raw.read() == b"text"
        assert isinstance(raw, io.FileIO)
    with os.scandir(tmp_path) as found:
        assert all(isinstance(entry, os.DirEntry) for entry in found)
    assert glob.glob(f"{tmp_path}/pl*") == [str(path)]
    assert os.stat in os.supports_dir_fd
    assert os.scandir in os.supports_fd
    assert os.DirEntry[str] is not None
    assert stage.listener.trace == []


def test_the_listeners_own_calls_are_unheard_and_reach_the_real_disk(stage: Stage, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    stage.listener.acts[0] = lambda: notes.write_text("before", encoding="utf-8")
    stage.listener.acts_after[0] = lambda: notes.write_text("after", encoding="utf-8")
    with stage.entered():
        os.stat(f"{stage.root}/d")
    assert notes.read_text(encoding="utf-8") == "after"
    assert stage.listener.trace == ["stat d"]


def test_aside_is_unheard(stage: Stage) -> None:
    with stage.entered():
        with seams.aside():
            assert os.path.exists(__file__)
        os.stat(f"{stage.root}/d")
    assert stage.listener.trace == ["stat d"]


def _raising_collector(source: Path) -> Any:
    code = "def collect(path):\n    import os\n    os.stat(path)\n    raise KeyError('of the collector')\n"
    source.write_text(code, encoding="utf-8")
    module = types.ModuleType("raising")
    exec(compile(code, str(source), "exec"), module.__dict__)
    linecache.clearcache()
    return module


def test_tracebacks_and_logs_of_a_collectors_errors_read_source_unheard(stage: Stage, tmp_path: Path) -> None:
    collector = _raising_collector(tmp_path / "raising.py")
    stream = io.StringIO()
    log = logging.Logger("seam-test")
    log.addHandler(logging.StreamHandler(stream))
    with stage.entered():
        try:
            collector.collect(f"{stage.root}/d")
        except KeyError:
            log.exception("it happened")
            text = traceback.format_exc()
        linecache.checkcache()
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            warnings.warn("something", stacklevel=1)
    assert "raise KeyError('of the collector')" in text
    assert "raise KeyError('of the collector')" in stream.getvalue()
    assert stage.listener.trace == ["stat d"]


def test_importing_is_unheard(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_by_a_collector.py").write_text("value = 5\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with stage.entered():
        module = __import__("imported_by_a_collector")
    del sys.modules["imported_by_a_collector"]
    assert module.value == 5
    assert stage.listener.trace == []


# --- writers' steps -------------------------------------------------------------------------------------------------------


def test_a_step_before_a_call_is_met_by_it(stage: Stage) -> None:
    stage.listener.acts[0] = lambda: stage.kernel.function("unlink")(f"{stage.root}/d/1.json")
    with stage.entered(), pytest.raises(FileNotFoundError):
        os.stat(f"{stage.root}/d/1.json")
    assert stage.listener.trace == ["stat d/1.json ENOENT"]


def test_a_fifo_swapped_in_at_the_open_is_a_verdict_and_no_hang(stage: Stage) -> None:
    def swap() -> None:
        stage.kernel.function("unlink")(f"{stage.root}/d/1.json")
        stage.kernel.function("mkfifo")(f"{stage.root}/d/1.json")

    stage.listener.acts[0] = swap
    with stage.entered(), pytest.raises(WouldBlock):
        open(f"{stage.root}/d/1.json", encoding="utf-8")
    assert stage.seam.dead


def test_the_listener_orders_listings_alike_for_listdir_and_scandir(stage: Stage) -> None:
    stage.listener.reversed = True
    with stage.entered():
        listed = os.listdir(f"{stage.root}/d")
        with os.scandir(f"{stage.root}/d") as found:
            scanned = [entry.name for entry in found]
    assert listed == scanned == sorted(listed, reverse=True)


def test_an_exhausted_or_closed_listing_makes_no_calls(stage: Stage) -> None:
    with stage.entered():
        found = os.scandir(f"{stage.root}/d/e")
        assert len(list(found)) == 1
        heard = len(stage.listener.trace)
        assert list(found) == []
        found = os.scandir(f"{stage.root}/d/e")
        found.close()
        assert list(found) == []
    assert len(stage.listener.trace) == heard + 1


# --- faults ---------------------------------------------------------------------------------------------------------------


def _fails() -> None:
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize("place", range(8))
def test_a_fault_may_strike_any_call_and_leaves_the_books_in_order(stage: Stage, place: int) -> None:
    body = BODIES["careful"]
    stage.listener.acts[place] = _fails
    with stage.entered():
        with pytest.raises(OSError, match="Input/output error"):
            body.run(stage.root)
        open_now = set(stage.seam.descriptors)
        for fd in list(open_now):
            os.close(fd)  # what the books call open is open
        assert not stage.seam.descriptors
    assert not stage.seam.dead


def test_a_failing_close_has_closed_all_the_same(stage: Stage) -> None:
    with stage.entered():
        fd = os.open(f"{stage.root}/d", os.O_RDONLY)
        stage.listener.acts[1] = _fails
        with pytest.raises(OSError, match="Input/output error"):
            os.close(fd)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
    assert stage.seam.descriptors == {}


def test_short_reads_are_legal_and_whole_file_reads_survive_them(stage: Stage) -> None:
    stage.listener.shortest = 3
    with stage.entered():
        fd = os.open(f"{stage.root}/d/1.json", os.O_RDONLY)
        assert len(os.read(fd, 100)) == 3
        assert len(os.pread(fd, 100, 0)) == 3
        os.close(fd)
        with open(f"{stage.root}/d/1.json", "rb") as file:
            assert len(file.read(12)) == 12
    assert stage.contents("d/1.json") == b'{"a": 1}\nline two\n'


# --- death ----------------------------------------------------------------------------------------------------------------


def _dies() -> None:
    raise Killed("here")


def test_nothing_of_a_dead_collector_runs_on(stage: Stage) -> None:
    stage.listener.acts[1] = _dies
    done = []

    def stubborn() -> None:
        for _ in range(3):
            try:
                os.unlink(f"{stage.root}/d/1.json")
                os.unlink(f"{stage.root}/d/2.json")
                done.append("all")
            except BaseException:
                continue
            finally:
                try:
                    os.rmdir(f"{stage.root}/d/e")
                    done.append("cleanup")
                except Killed:
                    pass

    with stage.entered():
        stubborn()
    assert done == []
    assert "1.json" not in stage.names("d")
    assert {"2.json", "e"} <= set(stage.names("d"))
    assert stage.listener.trace == ["unlink d/1.json", "unlink d/2.json"]


def test_a_crash_after_a_call_leaves_its_effect(stage: Stage) -> None:
    stage.listener.acts_after[0] = _dies
    with stage.entered(), pytest.raises(Killed):
        os.unlink(f"{stage.root}/d/1.json")
    assert "1.json" not in stage.names("d")


def test_buffers_of_a_dead_process_are_lost(stage: Stage) -> None:
    stage.listener.acts[1] = _dies

    def collector() -> None:
        with open(f"{stage.root}/out", "w", encoding="utf-8") as file:
            file.write("never flushed")
            os.stat(f"{stage.root}/d")

    with stage.entered(), pytest.raises(Killed):
        collector()
    assert stage.contents("out") == b""
    assert stage.listener.trace == ["open out", "stat d"]


def test_files_of_a_dead_process_touch_no_descriptor_of_the_next_one(stage: Stage) -> None:
    kept: list[Any] = []

    def collector() -> None:
        kept.append(open(f"{stage.root}/d/1.json", "rb"))
        kept.append(open(f"{stage.root}/out", "wb"))
        kept[-1].write(b"buffered")
        os.stat(f"{stage.root}/d")

    stage.listener.acts[2] = _dies
    with stage.entered(), pytest.raises(Killed):
        collector()
    second = seams.Seam(stage.kernel, stage.root, stage.listener)
    seams.enter_seam(second)
    reused = os.open(f"{stage.root}/d/2.json", os.O_RDONLY), os.open(f"{stage.root}/fresh", os.O_WRONLY | os.O_CREAT)
    kept.clear()
    gc.collect()
    assert os.read(reused[0], 3) == b"zw\xc3"
    assert os.write(reused[1], b"mine") == 4
    for fd in reused:
        os.close(fd)
    seams.enter_seam(None)
    assert stage.contents("fresh") == b"mine"
    assert stage.contents("out") == b""


def test_a_file_forgotten_by_a_living_collector_is_flushed_and_closed_between_its_passes(stage: Stage) -> None:
    with_holder = []
    seams.enter_seam(stage.seam)
    with_holder.append(open(f"{stage.root}/out", "wb"))
    with_holder[0].write(b"late")
    seams.enter_seam(None)
    assert stage.seam.descriptors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with_holder.clear()
        gc.collect()
    assert stage.seam.descriptors == {}
    assert stage.contents("out") == b"late"


def test_leaks_are_told_and_released(stage: Stage) -> None:
    with stage.entered():
        os.open(f"{stage.root}/d", os.O_RDONLY)
        fd = os.open(f"{stage.root}/d/1.json", os.O_RDONLY)
        os.dup(fd)
        assert stage.seam.release() == ["d", "d/1.json", "d/1.json"]
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)


def test_any_signal_leaves_the_seam_dead(stage: Stage) -> None:
    def out_of_time() -> None:
        raise TimeUp("budget")

    stage.listener.acts[0] = out_of_time
    with stage.entered():
        with pytest.raises(TimeUp):
            os.stat(stage.root)
        with pytest.raises(Killed):
            os.stat(stage.root)


# --- what is in nobody's model ----------------------------------------------------------------------------------------------


def test_what_the_fake_world_does_not_model_says_so_and_reaches_nothing_real() -> None:
    for name in [name for name, call in CALLS.items() if call.route is Route.REFUSED and hasattr(os, name)]:
        stage = fake_stage()
        with stage.entered(), pytest.raises(NotModelled, match=name):
            getattr(os, name)("x")
        assert stage.seam.dead


def test_calls_that_the_seam_knows_and_the_fake_kernel_lacks_kill_the_run() -> None:
    stage = fake_stage()
    with stage.entered(), pytest.raises(NotModelled, match="statvfs"):
        os.statvfs("/")
    assert stage.seam.dead


def test_every_call_that_takes_a_path_or_a_descriptor_is_hooked() -> None:
    """A Python that brings a new one fails here, until somebody decides what it is."""
    fake_stage()
    harmless = {
        # About processes, terminals, the machine or the flow of a program, not about files.
        "_exit", "abort", "add_dll_directory", "confstr", "cpu_count", "ctermid", "device_encoding", "fsdecode", "fsencode", "fspath", "fdopen",
        "get_exec_path", "get_handle_inheritable", "get_terminal_size", "getenv", "getenvb", "getloadavg", "getlogin", "getrandom", "kill",
        "killpg", "major", "makedev", "minor", "nice", "strerror", "sysconf", "times", "ttyname", "uname", "urandom", "wait", "wait3", "wait4",
        "waitid", "waitpid", "waitstatus_to_exitcode", "putenv", "unsetenv", "register_at_fork", "grantpt", "unlockpt", "ptsname",
        "posix_openpt", "tcgetpgrp", "tcsetpgrp", "process_cpu_count", "login_tty", "pidfd_open", "setns", "unshare", "plock",
        "eventfd_read", "eventfd_write", "timerfd_create", "timerfd_settime", "timerfd_settime_ns", "timerfd_gettime", "timerfd_gettime_ns",
        # Written in Python over hooked ones.
        "fwalk", "makedirs", "popen", "removedirs", "renames", "walk",
        # Processes: seen by the audit hook.
        "execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe", "spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv",
        "spawnve", "spawnvp", "spawnvpe",
    }  # fmt: skip
    unknown = [
        name
        for name in os.__all__
        if callable(getattr(os, name))
        and name.islower()
        and not isinstance(getattr(os, name), type)
        and name not in harmless
        and not hasattr(getattr(os, name), "etp_real")
        and not name.startswith(("get", "set", "sched_", "WIF", "init"))
    ]
    assert unknown == []


def test_uncaught_errors_of_threads_read_source_unheard(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = _raising_collector(tmp_path / "raising.py")
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(threading, "excepthook", unseen(threading.__excepthook__))  # pytest has its own
    with stage.entered():
        try:
            collector.collect(f"{stage.root}/d")
        except KeyError:
            threading.excepthook(threading.ExceptHookArgs([*sys.exc_info(), None]))
    assert "of the collector" in stream.getvalue()
    assert stage.listener.trace == ["stat d"]
