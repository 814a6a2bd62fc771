"""What can stand between a file and its events.

Each problem knows what the pass does about it, so that no caller has to ask for types:

* `retry`: the file gets the torn-file rounds first (read.torn, select.hardlink);
* `keep`: at the end it is left for the next pass, because nothing says that the file itself is at fault;
* `reason` and `kind`: the text that is counted, and the kind of notice, both fixed by CONTRACT.md.
"""

import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

# The process lacks something, not the file: it stays for a better time.
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


class Stopped(Exception):
    """The sender, or the service, has stopped; nothing more is handed over, removed or cleaned."""


class Absent(Exception):
    """There is no such directory, and none is missed (discover.hands-off)."""


class FileProblem(Exception):
    """A file that does not become events; `str()` says why, without any of its content."""

    reason = ""
    kind = ""
    retry = False
    keep = False
    size = 0


class Vanished(FileProblem):
    """read.vanished: it is gone, and that is all."""


class Changed(FileProblem):
    """It became another file, or got other content, while it was read."""

    retry = True
    keep = True


class Scarce(FileProblem):
    """The process could not read now: no descriptors, no memory."""

    kind = "error"
    retry = True
    keep = True


class Malformed(FileProblem):
    """read.malformed: not JSON, or not readable; perhaps only torn."""

    reason = "MalformedFileError"
    kind = "failed"
    retry = True


class BadText(Malformed):
    """It is not UTF-8. Agent events count these apart (agent.errors)."""


class WrongShape(FileProblem):
    """An agent event that is well-formed and yet no event: waiting will not mend it (agent.torn)."""

    reason = "MalformedFileError"
    kind = "failed"


class OversizeElement(FileProblem):
    """read.element: the file is dropped with its element, as its end cannot be found without parsing it."""

    reason = "OversizeElementError"
    kind = "failed"


class Irregular(FileProblem):
    """select.regular: a FIFO, socket, device or link, never opened."""

    reason = "IrregularFileError"
    kind = "irregular"


class Linked(Irregular):
    """select.hardlink: a writer may be between link and unlink."""

    retry = True


class Subdirectory(Irregular):
    """A directory with the name of an event file stays and is noted."""

    keep = True


class Oversize(FileProblem):
    """select.size: more bytes than allowed."""

    reason = "OversizeFileError"
    kind = "size"

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


class WorkLimit(FileProblem):
    """read.bounded-time: this pass has parsed enough of the extension."""

    reason = "WorkLimitError"


def problem_of(error: OSError) -> FileProblem:
    """The problem that a failed file-system call on an event file is."""
    if error.errno == errno.ENOENT:
        return Vanished()
    if error.errno in _SCARCE:
        return Scarce(describe(error))
    return Malformed(describe(error))


def describe(error: BaseException) -> str:
    """The name and text of an error, without the path that an OSError carries."""
    text: "Optional[str]" = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {text or error}"
