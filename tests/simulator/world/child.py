"""Tests that freeze time or hook threads run in a process of their own."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable
from typing import Any


def in_child(function: Callable[..., Any], *args: Any) -> Any:
    """What the function returns in a forked process; what it raises there fails here, as text.
    Ends a hang after a minute.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def work() -> None:
        try:
            theirs.send((True, function(*args)))
        except BaseException:
            theirs.send((False, traceback.format_exc()))

    process = context.Process(target=work, daemon=True)
    process.start()
    try:
        assert ours.poll(60), "no answer within a minute"
        worked, result = ours.recv()
    finally:
        process.kill()
        process.join()
    assert worked, result
    return result
