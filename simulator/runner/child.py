"""A worker's whole life, in the process that may be killed by whatever it tests.

Rules: foreign code runs here. Whatever that does to the process ends as the collector's verdict
where it can be told from a failure of the kit's own. Nothing of it decides what the parent
executes (``simulator.runner.reply``).
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import resource
import signal
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ..base import BadInput
from ..cage import enclose
from ..subjects import Broken, adopt, end_all, hook_early
from ..world import (
    CLOCK,
    FakeWorld,
    RealWorld,
    enter_seam,
    install,
    install_escape_detector,
    install_files,
    install_process_watch,
    install_seam,
)
from .attended import attend, be_unattended
from .built_passes import passes_begun
from .ear import LAST_WORDS, LastWords, replace_streams
from .intact import Intact
from .job import Job
from .reply import Reply
from .watchdog import PROGRESS, Progress

#: Bytes of memory that a worker may ask for: ten times what the heaviest scenario takes, and less
#: than a machine under test has. A collector that reads without end meets a MemoryError instead of
#: taking the machine with it.
MOST_MEMORY = 4 << 30
#: What is told of a collector that took all of it; the kit alone takes a tenth.
_FULL = (
    f"the collector used up the memory that a run may have ({MOST_MEMORY >> 30} GiB):"
    " it keeps what it should let go, or reads without end"
)
_CHANGED = "the collector changed the kit's own code, which lies in its process ({})"
#: The exit code of a worker that cannot tell its result any more.
CLOSED = 71
#: Asks a worker where it stands: no collector uses it.
ASKED = signal.SIGRTMAX - 5


class Shared(NamedTuple):
    """What the parent can read of a worker that tells nothing any more, and what it made for it.

    ``stance``: a descriptor for where the worker stands. ``intact``: the kit's code before the
    fork; to look at it after that would copy its memory. ``scratch``: the temporary directory of
    what it starts.
    """

    progress: Progress
    words: LastWords
    stance: int
    intact: Intact
    scratch: str = ""


def live(reply: Reply, job: Job[Any], root: Path | None, shared: Shared) -> None:
    """In the real world at ``root`` or in the fake one."""
    reply.be_child()
    PROGRESS.share(shared.progress)
    LAST_WORDS.share(shared.words)
    faulthandler.register(ASKED, file=shared.stance)
    _be_deaf()
    adopt()
    if job.terminal is None:
        _be_silent()
    else:
        attend(job.terminal)
    hard = _limit_memory()
    _enclose(job, root, reply, shared)
    gc.freeze()  # what is here already is nobody's garbage, and to look at it would copy its memory
    logging.getLogger().setLevel(logging.DEBUG)  # a run hears every record of the collector
    result: tuple[str, Any]
    ours, intact = os.getpid(), shared.intact
    try:
        CLOCK.install()
        install_seam()
        install_files()
        install()
        install_escape_detector()
        hook_early()
        install_process_watch()
        place = FakeWorld() if root is None else RealWorld(root, temporary=job.keep is None)
        try:
            result = _checked(job.work(place), intact)
        finally:
            enter_seam(None)
            place.tear_down()
    except BadInput as error:
        result = ("bad-input", (error.what, error.where, error.hint, error.below))
    except Broken as broken:
        result = ("broken", (broken.kind, broken.detail))
    except MemoryError:
        # Room to say so: a collector may hold all there was to the end. Before its first pass it
        # holds nothing.
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        told = traceback.format_exc()
        result = ("broken", ("crash", _FULL)) if passes_begun() else ("kit-broke", told)
    except BaseException:
        told = traceback.format_exc()
        changed = intact.changed()
        result = ("broken", ("crash", _CHANGED.format(changed))) if changed else ("kit-broke", told)
    if os.getpid() != ours:
        os._exit(0)  # a child of the collector's that came back
    _tell(reply, *result)


def _tell(reply: Reply, kind: str, value: Any) -> None:
    """Tell the result; nothing that was started here outlives it.

    What has no form as JSON is the kit's mistake, not the collector's.
    """
    end_all()
    try:
        body = reply.written(kind, value)
    except (TypeError, ValueError):
        body = reply.written("kit-broke", traceback.format_exc())
    try:
        reply.send(body)
    except OSError:
        os._exit(CLOSED)


def _be_deaf() -> None:
    """Signals to the whole command are the parent's, which ends us."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # as multiprocessing ends what is left


def _enclose(job: Job[Any], root: Path | None, reply: Reply, shared: Shared) -> None:
    """Close the cage before foreign code runs."""
    scratch = shared.scratch
    if scratch:
        os.environ["TMPDIR"] = scratch
    if job.cage == "none":
        return
    if root is not None:
        with suppress(OSError, ValueError):  # the world tells what is wrong with it
            root.mkdir(parents=True, exist_ok=True)  # what is not there cannot be opened to anybody
    _let_go((*reply.kept, shared.stance))
    # What measures a process resets its peak there; of others' files there only root could write.
    proc = "/proc" if job.cage == "program" or os.geteuid() else "/proc/self"
    enclose([str(root), scratch] if root else [], [proc])


def _let_go(kept: Iterable[int]) -> None:
    """Close what was inherited and is nobody's here: pipes of the command and of other workers."""
    ours = {0, 1, 2, *kept}
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in ours:
            with suppress(OSError):
                os.close(int(name))


def _limit_memory() -> int:
    """Gives the hard limit, which stays."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    return hard


def _checked(value: Any, intact: Intact) -> tuple[str, Any]:
    """The result, made by what is the kit's still."""
    changed = intact.changed()
    return ("broken", ("crash", _CHANGED.format(changed))) if changed else ("result", value)


def _be_silent() -> None:
    """What a collector prints is kept aside, and belongs into nobody's report; what it starts
    prints nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    replace_streams()
    be_unattended()
