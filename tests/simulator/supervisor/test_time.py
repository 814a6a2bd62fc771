"""Time as a program has it: the kit's, moved by waiting.

And several threads and processes in one order.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.supervisor import timekeeper
from etp_kit.simulator.supervisor.native import Notification
from etp_kit.simulator.supervisor.places import Places
from etp_kit.simulator.supervisor.start import clock_is_had
from etp_kit.simulator.supervisor.waits import Wait

from .heard import Recorder, needs_kernel, seconds_of, told_by

pytestmark = [needs_kernel, pytest.mark.skipif(not clock_is_had(), reason="a program's clock cannot be taken here")]

SECOND = 1_000_000_000
_WAITS = {
    "a sleep": "time.sleep(1000)",
    "a wait for a lock": "threading.Event().wait(1000)",
    "a select of nothing": "import select; select.select([], [], [], 1000)",
    "a select of a silent pipe": "import select; r, w = os.pipe();"
    " assert select.select([r], [], [], 1000) == ([], [], [])",
    "a poll of a silent pipe": "import select; r, w = os.pipe(); p = select.poll(); p.register(r, 1);"
    " assert p.poll(1000000) == []",
    "an epoll of a silent pipe": "import select; r, w = os.pipe(); p = select.epoll(); p.register(r, 1); p.poll(1000)",
}


@pytest.mark.parametrize("wait", _WAITS)
def test_a_wait_takes_the_kits_time_and_none_of_ours(tmp_path: Path, wait: str) -> None:
    listener = Recorder()
    begin, end = "begin, wall = time.monotonic(), time.time()", "time.monotonic() - begin), round(time.time() - wall)"
    code = f"{begin}; {_WAITS[wait]}; say([round({end}])"
    assert seconds_of(lambda: _same(told_by(code, tmp_path, listener), ["[1000, 1000]"])) < 500
    assert listener.now == 1_000 * SECOND


def _same(found: list[str], due: list[str]) -> None:
    assert found == due


def test_what_came_while_the_others_went_on_to_wait_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the machine decides whether a thread that waits for its interpreter waits 5 ms."""
    keeper, listener = timekeeper.Timekeeper(-1), Recorder()
    keeper.keeps_clock, keeper.listener = False, listener
    monkeypatch.setattr(timekeeper, "is_waited_for", lambda *_: True)
    monkeypatch.setattr(timekeeper, "come", lambda *_: 0)
    monkeypatch.setattr(timekeeper, "let_go_on", lambda *_: None)
    wait = Wait("futex", 1, (), SECOND)
    keeper.held = {7: (Notification(0, 7, 0, ()), wait, SECOND)}
    keeper.pass_(Places("/dev/null"))
    assert (keeper.held, listener.now) == ({}, 0)


def test_the_clock_is_the_kits(tmp_path: Path) -> None:
    assert told_by("say([time.time(), time.monotonic(), time.gmtime()[:3]])", tmp_path, Recorder()) == [
        "[1767571200.0, 1000.0, (2026, 1, 5)]"
    ]


def test_what_is_waited_for_ends_the_wait(tmp_path: Path) -> None:
    code = """
import select
done = threading.Event()
r, w = os.pipe()
def work():
    time.sleep(1); done.set(); time.sleep(1); os.write(w, b'x')
threading.Thread(target=work).start()
begin = time.monotonic()
said = [done.wait(100), round(time.monotonic() - begin)]
said += [bool(select.select([r], [], [], 100)[0]), round(time.monotonic() - begin)]
say(said)"""
    assert told_by(code, tmp_path, Recorder()) == ["[True, 1, True, 2]"]


_THREADS = """
def work(number):
    for i in range(4):
        os.stat(f'{root}/{number}-{i}') if os.path.lexists(f'{root}/{number}-{i}') else None
threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()"""

_PROCESSES = """
children = []
for number in range(3):
    pid = os.fork()
    if not pid:
        for i in range(4): os.access(f'{root}/{number}-{i}', 0)
        os._exit(0)
    children.append(pid)
for pid in children: os.waitpid(pid, 0)"""


@pytest.mark.parametrize("code", [_THREADS, _PROCESSES], ids=["threads", "processes"])
def test_several_at_once_call_in_one_order(tmp_path: Path, code: str) -> None:
    orders = []
    for _ in range(5):
        listener = Recorder()
        told_by(code, tmp_path, listener)
        orders.append(tuple(listener.calls))
    assert len(orders[0]) == 12
    assert len(set(orders)) == 1
