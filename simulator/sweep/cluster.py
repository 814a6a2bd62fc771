"""Batches on many machines: the same work, sent to a scheduler of dask.distributed.

Rules: inside a worker a batch runs in a forked child under its watchdog, so no collector can kill
a worker. Results come as they end. A lost worker's batches run again elsewhere; that each run
counts once is the store's key, and no promise of the scheduler.
"""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from .._version import __version__
from ..base import BadInput, KitBroke
from .batch import Batch
from .executor import Ended, LocalExecutor
from .generate import GENERATOR

#: Seconds that a scheduler has to answer.
_PATIENCE = 10
#: Batches in flight for each thread of a worker: one runs and one waits, so that none stands still.
_IN_FLIGHT = 2


class ClusterExecutor:
    """The workers of the scheduler at an address. Raises BadInput where there is none, or where
    its workers have another kit.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an extra
        except ImportError:
            raise BadInput("needs dask.distributed", where="--dask", hint="pip install 'etp-kit[dask]'") from None
        try:
            connect: Any = distributed.Client
            self._client: Any = connect(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise BadInput(f"no scheduler answers at {address}: {type(error).__name__}", where="--dask") from None
        self._address = address
        self._check()

    def _check(self) -> None:
        try:
            found = self._client.run(versions)
        except Exception as error:
            self.close()
            raise BadInput(
                f"a worker of {self._address} cannot tell its kit: {type(error).__name__}: {error}",
                where="--dask", hint="pip install 'etp-kit[dask]' on each of them",
            ) from None  # fmt: skip
        if not found:
            self.close()
            raise BadInput(f"the scheduler at {self._address} has no workers", where="--dask")
        for worker, its in found.items():
            if its != versions():
                self.close()
                raise BadInput(f"worker {worker} has kit and generator {its}, here are {versions()}", where="--dask")

    @property
    def threads(self) -> int:
        """How many batches run at a time."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def run(self, batches: Iterable[Batch]) -> Iterator[Ended]:
        """Each batch as it ends. Raises BadInput and KitBroke. Closing the iterator cancels what
        was not begun.
        """
        import distributed  # noqa: PLC0415 - an extra

        waiting = iter(batches)
        made: Any = distributed.as_completed
        running = made(loop=self._client.loop)
        outstanding: set[Any] = set()
        try:
            while True:
                while len(outstanding) < _IN_FLIGHT * self.threads and (batch := next(waiting, None)) is not None:
                    future = self._client.submit(run_batch, batch, versions(), pure=False)
                    outstanding.add(future)
                    running.add(future)
                if not outstanding:
                    return
                future = next(running)
                outstanding.discard(future)
                yield from _result(future)
        finally:
            self._client.cancel(list(outstanding))

    def close(self) -> None:
        self._client.close()


def _result(future: Any) -> list[Ended]:
    try:
        ended: list[Ended] = future.result()
    except (BadInput, KitBroke):
        raise
    except Exception as error:
        raise KitBroke(f"a batch was lost by the cluster: {type(error).__name__}: {error}") from error
    return ended


def versions() -> tuple[str, int]:
    """What must agree between whoever sends batches and whoever runs them."""
    return __version__, GENERATOR


def run_batch(batch: Batch, wanted: tuple[str, int]) -> list[Ended]:
    """A batch in a forked child of this process; more than one where a child died in its midst.
    Raises BadInput where the sender has another kit: a worker that came late was asked by nobody.
    """
    if wanted != versions():
        name = f"the worker {socket.gethostname()}, which came late,"
        raise BadInput(f"{name} has kit and generator {versions()}, here are {wanted}", where="--dask")
    try:
        batch.choose()
    except BadInput as error:
        raise BadInput(f"the worker {socket.gethostname()} cannot run a batch: {error}", where="--dask") from None
    with _may_fork():
        return list(LocalExecutor(1).run([batch]))


@contextmanager
def _may_fork() -> Iterator[None]:
    """A worker under dask's nanny is a daemon, which multiprocessing lets have no children: its
    nanny ends it, and with it ours.
    """
    configuration = multiprocessing.current_process()._config  # type: ignore[attr-defined] # no other way
    was = configuration.get("daemon")
    configuration["daemon"] = False
    try:
        yield
    finally:
        configuration["daemon"] = was
