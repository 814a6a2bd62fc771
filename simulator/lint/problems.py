"""Files that do not become events: the collector's problems, as publishers are told of them."""

from __future__ import annotations

import stat

from ..safe import safe
from .finding import FileFate, FileOutcome, Finding, Place
from .reference import directory, errors

#: Class of a problem, most special first -> (rule, fate, what is said).
_PROBLEMS: tuple[tuple[type, str, FileFate, str], ...] = (
    (errors.Subdirectory, "directory", "spared", "a directory has the name of an event file: nothing in it is read"),
    (errors.Linked, "hard-link", "dropped", "the file has more than one link ({why}): it is removed unread"),
    (errors.Irregular, "irregular", "dropped", "{why}: it is never opened, and removed"),
    (errors.Oversize, "oversize-file", "dropped", "{why}: it is deleted unread"),
    (errors.OversizeElement, "oversize-element", "dropped", "{why}: the file is dropped whole"),
    (errors.WorkLimit, "work-limit", "discarded", "the pass has parsed enough of this directory: it is discarded unread, and what is older"),
    (errors.Malformed, "malformed", "dropped", "{why}: the file is dropped whole"),
    (errors.WrongShape, "malformed", "dropped", "{why}: the file is dropped whole"),
    (errors.FileProblem, "changed", "kept", "it could not be read now"),
)  # fmt: skip


def of_problem(name: str, problem: errors.FileProblem, place: Place | None, hint: str, clause: str = "") -> FileOutcome:
    """The outcome of a file that does not become events."""
    rule, fate, told = next((rule, fate, told) for kind, rule, fate, told in _PROBLEMS if isinstance(problem, kind))
    if str(problem).startswith("PermissionError"):
        hint = "you may not read it; an agent, which is root, may"
    text = told.format(why=safe(_why(problem), 200)) + (f" ({hint})" if hint else "")
    return FileOutcome(name, fate, problem.reason, findings=[Finding(rule, text, None, "", place, clause)])


#: How Python's parser ends what it says before a place, which we tell apart.
_DANGLING = (" starting at", " at")


def _why(problem: errors.FileProblem) -> str:
    text = str(problem)
    return next((text.removesuffix(end) for end in _DANGLING if text.endswith(end)), text)


_KINDS = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISFIFO, "a FIFO"), (stat.S_ISSOCK, "a socket"),
          (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))  # fmt: skip


def named(outcome: FileOutcome, place: directory.Directory) -> FileOutcome:
    """The outcome of something irregular, which says what it is."""
    try:
        mode = place.look(outcome.name).st_mode
    except OSError:
        return outcome
    kind = next((name for test, name in _KINDS if test(mode)), "")
    (finding,) = outcome.findings
    if kind:
        finding = finding._replace(text=f"{kind} has the name of an event file: it is never opened, and removed")
    outcome.findings = [finding]
    return outcome
