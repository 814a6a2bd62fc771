"""Fixtures of the direct tests, made of the clocks, worlds and calls beside."""

import os
import shutil
import signal
import tempfile

import pytest

from .calls import Calls, Hang
from .clocks import Clock
from .worlds import World


@pytest.fixture(autouse=True)
def watchdog():
    """A subject that blocks (on a FIFO,
    say) fails its test within a minute instead of stopping the run.
    """

    def bark(_signal, _frame):
        raise Hang("the test was blocked for a minute")

    old = signal.signal(signal.SIGALRM, bark)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


@pytest.fixture
def clock(monkeypatch):
    """Frozen time; no test waits."""
    return Clock(monkeypatch)


@pytest.fixture
def sleeps(clock):
    """The seconds of each wait that the subject made."""
    return clock.waits


@pytest.fixture
def world(tmp_path, clock):
    return World(tmp_path, clock)


@pytest.fixture
def worlds(tmp_path, clock):
    """Makes any number of fresh worlds, for tests that go through a table."""
    made = []

    def fresh():
        root = tmp_path / str(len(made))
        root.mkdir()
        made.append(World(root, clock))
        return made[-1]

    return fresh


@pytest.fixture
def calls(monkeypatch):
    return Calls(monkeypatch)


@pytest.fixture
def open_root():
    """A directory that every user may enter, unlike pytest's own."""
    root = tempfile.mkdtemp(prefix="collector-")
    os.chmod(root, 0o777)
    yield root
    os.chmod(root, 0o777)
    shutil.rmtree(root)


@pytest.fixture
def memory_root():
    """A directory in memory where there is one: floods are made and removed in seconds there,
    and times out of the range of a disc's file system can be set.
    """
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    root = tempfile.mkdtemp(prefix="collector-", dir=base)
    yield root
    shutil.rmtree(root)


def pytest_collection_modifyitems(items):
    if os.geteuid() != 0:
        for item in items:
            if item.get_closest_marker("root"):
                item.add_marker(pytest.mark.skip(reason="needs the superuser"))
