"""The table of calls says what is true of ``os``,
of the interpreter's audit events and of the fake kernel.
"""

from __future__ import annotations

import os
import posix
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.world import escape
from etp_kit.simulator.world.calls import CALLS, Call, Route, may_wait
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.seam import Seam

from .worlds import Stage, real_stage

AUDITED = [call for call in CALLS.values() if call.audit is not None]
#: A call by its own arguments, for those whose first one is not all that they take.
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "chmod": (0o600,), "chown": (-1, -1), "fchmod": (0o600,), "fchown": (-1, -1), "ftruncate": (0,),
    "getxattr": ("user.x",), "lchown": (-1, -1), "link": ("new",), "open": (os.O_RDONLY,),
    "removexattr": ("user.x",), "rename": ("new",), "replace": ("new",), "setxattr": ("user.x", b""),
    "symlink": ("new",), "truncate": (0,),
}  # fmt: skip
BY_DESCRIPTOR = {"fchdir", "fchmod", "fchown", "ftruncate"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = real_stage(tmp_path / "world")
    escape.install_escape_detector()
    escape.watch_escapes(made.root)
    yield made
    escape.stop_watching()


def test_each_name_is_one_of_os_and_stands_once() -> None:
    assert len(CALLS) > 60
    assert [name for name in CALLS if not hasattr(os, name)] == []


def test_no_row_is_modelled_and_refused() -> None:
    assert [call.name for call in CALLS.values() if call.route is Route.REFUSED and call.modelled] == []


@pytest.mark.parametrize(
    "call", [call for call in CALLS.values() if call.route in {Route.OWN, Route.LISTING}], ids=lambda call: call.name
)
def test_a_call_that_passes_by_a_method_of_the_seam_has_it(call: Call) -> None:
    assert callable(getattr(Seam, call.name))


@pytest.mark.parametrize(
    "call",
    [call for call in CALLS.values() if call.modelled and call.route is not Route.LISTING],
    ids=lambda call: call.name,
)
def test_a_modelled_call_is_a_method_of_its_name(call: Call) -> None:
    assert FakeKernel().function(call.name).__name__ in {
        call.name,
        *(one.name for one in CALLS.values() if one.label == call.label),
    }


@pytest.mark.parametrize(
    "call", [call for call in AUDITED if call.audit and call.audit.paths], ids=lambda call: call.name
)
def test_the_interpreter_tells_of_a_call_by_the_event_of_its_row(
    call: Call, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    function: Callable[..., Any] = getattr(posix, call.name)
    monkeypatch.chdir(stage.root)
    fd = posix.open(stage.root, os.O_RDONLY)
    first: Any = fd if call.name in BY_DESCRIPTOR else "missing"
    with stage.entered():
        try:
            function(first, *ARGUMENTS.get(call.name, ()))
        except OSError:
            pass
        finally:
            posix.close(fd)
    assert call.audit is not None
    assert call.audit.event in [event for event, _ in escape.take_escapes()]


def test_an_open_waits_for_the_other_end_of_a_fifo_unless_its_flags_say_otherwise() -> None:
    assert may_wait(os.O_RDONLY)
    assert may_wait(os.O_WRONLY | os.O_NOFOLLOW)
    assert not any(may_wait(flags) for flags in (os.O_RDWR, os.O_NONBLOCK, os.O_PATH, os.O_DIRECTORY))
