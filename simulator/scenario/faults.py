"""Faults: small data objects aimed at a call, a delivery or a moment.

A fault is the environment's misbehaviour, not a writer's: the kernel gives an error, the process
dies, the sender stops, the wall clock is set. Each names where it strikes (label and path glob of a
call, its n-th match, the pass) and strikes once, or ``times`` times.
"""

from __future__ import annotations

import errno as errno_module
import fnmatch
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

#: The errors that a file system gives a collector in the field.
ERRNOS = ("EACCES", "EIO", "EINTR", "EMFILE", "ENOENT", "ENOSPC", "EPERM", "ESTALE")

#: What a collector does with its sender;
#: no call of the file system, and yet a process can die there.
SENDER_LABELS = ("deliver", "flush")


def _known_errno(name: str) -> str:
    if not hasattr(errno_module, name):
        raise ValueError(f"unknown errno {name!r} (usual: {', '.join(ERRNOS)})")
    return name


#: What each kind of fault does.
FAULT_KINDS: dict[str, str] = {
    "errno": "a call of the file system gives an error in place of its effect",
    "short-read": "a read gives half of what it was asked for",
    "endless": "a listing gives entries without end, behind those that are there; nobody opens or finds them",
    "crash": "the process dies at a call, a delivery or a flush; a new one makes the passes that follow",
    "sender-down": "the sender is stopped before the pass `in_pass` begins",
    "sender-stop": "the sender says at a delivery (or from a `call` on) that it is stopped, until the pass ends",
    "sender-mute": "a delivery raises, and so does the question whether the sender is stopped",
    "sender-error": "a delivery raises; the sender goes on",
    "sender-slow": "a delivery takes `seconds`",
    "flush-error": "the sender cannot confirm what it has",
    "clock-step": "the wall clock is moved by `seconds` before the pass `in_pass` begins",
}


class Fault(BaseModel):
    """One ``[[fault]]`` of a scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal[
        "errno",
        "short-read",
        "endless",
        "crash",
        "sender-down",
        "sender-stop",
        "sender-mute",
        "sender-error",
        "sender-slow",
        "flush-error",
        "clock-step",
    ] = Field(description="What goes wrong.")
    errno: Annotated[str, AfterValidator(_known_errno)] = Field(
        "EIO", description="errno: the error given instead of the call."
    )
    call: str = Field(
        "*",
        description="errno, endless, crash, sender-stop: glob over call labels (open, ...; of a crash also deliver and flush).",
    )
    path: str = Field("*", description="Of these and short-read: glob over the call's path, relative to the world.")
    nth: int = Field(1, ge=1, description="The n-th match (of a sender fault: the n-th delivery) is struck.")
    times: int = Field(1, ge=1, description="How many matches in a row are struck, from the n-th on.")
    when: Literal["before", "after"] = Field("before", description="crash: before the call takes effect, or after.")
    in_pass: int | None = Field(None, ge=0, description="Only in this pass (from 0); default: whichever comes.")
    seconds: float = Field(
        0.0, description="sender-slow: how long a delivery takes; clock-step: how far, forward or back."
    )

    said: bool = Field(False, description="flush-error: flush() returns False; default: it raises.")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Fault:
        if self.kind in {"sender-slow", "clock-step"} and self.seconds == 0:
            raise ValueError(f"a {self.kind} fault needs 'seconds'")
        if self.kind in {"clock-step", "sender-down"} and self.in_pass is None:
            raise ValueError(f"a {self.kind} fault needs 'in_pass': it happens just before that pass")
        return self

    @property
    def strikes_calls(self) -> bool:
        return self.kind in {"errno", "short-read", "endless", "crash"} or (
            self.kind == "sender-stop" and self.call != "*"
        )

    def matches(self, label: str, path: str) -> bool:
        """Whether a call of this label on this path is one of its matches."""
        if label in SENDER_LABELS and self.kind != "crash":
            return False
        # Any call on any path is what variants strike, and is asked at each call.
        return (self.call == "*" or fnmatch.fnmatchcase(label, self.call)) and (
            self.path == "*" or fnmatch.fnmatchcase(path, self.path)
        )


class Countdown:
    """How far a fault is from striking, in one run."""

    __slots__ = ("fault", "seen")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0

    def strike(self, in_pass: int) -> bool:
        """Count one match; True if it is struck."""
        if self.fault.in_pass is not None and self.fault.in_pass != in_pass:
            return False
        self.seen += 1
        return self.fault.nth <= self.seen < self.fault.nth + self.fault.times
