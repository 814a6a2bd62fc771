"""Whether the kernel has a thread wait."""

from __future__ import annotations

import types

import pytest

from etp_kit.simulator.world.threads import _is_asleep


@pytest.mark.parametrize("number", [None, 4_194_305], ids=["not begun", "ended"])
def test_a_thread_that_the_kernel_does_not_know_sits_in_no_call(number: int | None) -> None:
    thread = types.SimpleNamespace(native_id=number)
    assert not _is_asleep(types.SimpleNamespace(finished=False, thread=thread))
