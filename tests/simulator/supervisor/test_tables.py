"""The tables and what is made of them.

Numbers, labels, the filter, listings, the code that asks for the time. No kernel is asked.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.supervisor import calls, vdso
from etp_kit.simulator.supervisor.filter import ALLOW, HEAR, filter_of, refusal
from etp_kit.simulator.supervisor.listings import Entry, packed
from etp_kit.simulator.supervisor.machines import Machine, machines, this_machine
from etp_kit.simulator.world.calls import CALLS

NAMES = sorted(machines())
#: Calls of x86-64 that newer machines never had: each has an "at" form.
OLD = {
    "access", "arch_prctl", "chmod", "chown", "creat", "dup2", "epoll_wait", "fork", "futimesat", "getdents",
    "lchown", "link", "lstat", "mkdir", "mknod", "open", "poll", "readlink", "rename", "rmdir", "select", "stat",
    "symlink", "time", "unlink", "utime", "utimes", "vfork",
}  # fmt: skip


def verdict(machine: Machine, number: int, args: tuple[int, ...] = (0,) * 6, audit: int | None = None) -> int:
    """What the filter gives, by the rules of seccomp(2)."""
    data = struct.pack("<IIQ6Q", number, machine.audit if audit is None else audit, 0, *args)
    code = filter_of(machine)
    at, value = 0, 0
    while True:
        operation, if_so, if_not, constant = struct.unpack_from("<HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                value = struct.unpack_from("<I", data, constant)[0]
            case 0x54:
                value &= constant
            case 0x15:
                at += if_so if value == constant else if_not
            case 0x35:
                at += if_so if value >= constant else if_not
            case 0x06:
                return int(constant)


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_has_every_call_but_the_old_ones(name: str) -> None:
    machine = machines()[name]
    missing = {call for call in (*calls.FORMS, *calls.REFUSED, "seccomp", "pidfd_getfd") if call not in machine.numbers}
    assert missing == (set() if name == "x86_64" else OLD)
    assert len(machine.names) == len(machine.numbers)
    assert set(machine.numbers) <= {*calls.FORMS, *calls.REFUSED, "seccomp", "pidfd_getfd"}


def test_the_numbers_are_those_of_this_machines_headers() -> None:
    machine = this_machine()
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if machine is None or machine.name != "x86_64" or not header.exists():
        pytest.skip("the headers of x86-64 are not there")
    told = {
        words[1].removeprefix("__NR_"): int(words[2])
        for line in header.read_text().splitlines()
        if len(words := line.split()) == 3 and words[2].isdigit()
    }
    assert {name: told[name] for name in machine.numbers if name in told} == {
        n: v for n, v in machine.numbers.items() if n in told
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_filter_hears_what_has_a_form_and_nothing_else(name: str) -> None:
    machine = machines()[name]
    for number in range(500):
        call = machine.names.get(number, "")
        due = (
            HEAR
            if call in calls.FORMS and call not in calls.TIMED
            else refusal(calls.REFUSED[call])
            if call in calls.REFUSED
            else ALLOW
        )
        assert verdict(machine, number) == due, call


@pytest.mark.parametrize("name", NAMES)
def test_another_way_of_calling_is_refused(name: str) -> None:
    machine = machines()[name]
    assert verdict(machine, machine.numbers["openat"], audit=0x40000003) == refusal(calls.ENOSYS)
    if machine.foreign_from:
        assert verdict(machine, machine.foreign_from + 2) == refusal(calls.ENOSYS)


@pytest.mark.parametrize(
    ("call", "args", "due"),
    [
        ("poll", (1, 1, 5), HEAR),
        ("poll", (1, 1, 0), ALLOW),
        ("poll", (1, 1, 0xFFFFFFFF), ALLOW),
        ("epoll_wait", (3, 1, 9, 7), HEAR),
        ("ppoll", (1, 1, 1 << 40), HEAR),
        ("ppoll", (1, 1, 0), ALLOW),
        ("select", (1, 0, 0, 0, 8), HEAR),
        ("pselect6", (0, 0, 0, 0, 0), ALLOW),
        ("futex", (8, 0x80, 0, 16), HEAR),
        ("futex", (8, 0x89, 0, 16), HEAR),
        ("futex", (8, 0x81, 1, 16), ALLOW),
        ("futex", (8, 0x80, 0, 0), ALLOW),
        ("futex", (8, 0x84, 0, 16), ALLOW),
    ],
)  # fmt: skip
def test_a_wait_is_heard_where_the_clock_ends_it(call: str, args: tuple[int, ...], due: int) -> None:
    machine = machines()["x86_64"]
    assert verdict(machine, machine.numbers[call], (*args, *(0,) * (6 - len(args)))) == due


def test_labels_are_those_of_the_seam_of_os() -> None:
    known = {call.label for call in CALLS.values()}
    unseen = {"time", "exec", "begin", "sleep", "affinity"}  # no calls of the file system, nor of os
    assert {form.label for form in calls.FORMS.values()} - known == unseen


@pytest.mark.parametrize(
    ("call", "args", "closed"),
    [
        ("close", (7,), [7]),
        ("dup2", (7, 8), [8]),
        ("dup3", (7, 8, 0), [8]),
        ("dup", (7,), []),
        ("close_range", (3, 5, 0), [3, 4, 5]),
        ("close_range", (3, 5, 4), []),
        ("read", (7, 0, 0), []),
    ],
)
def test_what_a_call_closes_is_known(call: str, args: tuple[int, ...], closed: list[int]) -> None:
    assert list(calls.closed_by(call, args)) == closed


def test_closing_all_from_one_on_is_no_long_list() -> None:
    assert 70_000 in calls.closed_by("close_range", (3, 0xFFFFFFFF, 0))


@pytest.mark.parametrize(
    ("call", "args", "label"),
    [
        ("newfstatat", (3, 0, 0, 0), "stat"),
        ("newfstatat", (3, 0, 0, 0x100), "lstat"),
        ("newfstatat", (3, 0, 0, 0x1000), "fstat"),
        ("statx", (3, 0, 0x100, 0), "lstat"),
        ("statx", (3, 0, 0x1100, 0), "fstat"),
        ("unlinkat", (3, 0, 0), "unlink"),
        ("unlinkat", (3, 0, 0x200), "rmdir"),
        ("mknodat", (3, 0, 0), "mknod"),
    ],
)  # fmt: skip
def test_a_label_may_stand_in_the_flags(call: str, args: tuple[int, ...], label: str) -> None:
    assert calls.label_of(call, args) == label


@given(
    st.lists(st.binary(min_size=1, max_size=255).filter(lambda n: b"\0" not in n and b"/" not in n), max_size=40),
    st.integers(300, 2_000),
    st.booleans(),
)
def test_a_listing_in_portions_is_the_listing(names: list[bytes], room: int, old: bool) -> None:
    entries = [Entry(7, 8, name) for name in names]
    found, place = [], 0
    while data := packed(entries, place, room, old=old)[0]:
        place = packed(entries, place, room, old=old)[1]
        assert len(data) <= room
        while data:
            _, cookie, length = struct.unpack_from("<QqH", data)
            found.append(data[18 if old else 19 : length].split(b"\0", 1)[0])
            data = data[length:]
        assert cookie == place
    assert found == names


def test_the_code_that_asks_for_the_time() -> None:
    assert vdso.stub("aarch64", 113) == bytes.fromhex("280e80d2010000d4c0035fd6")
    assert vdso.stub("x86_64", 228).endswith(bytes.fromhex("b8e40000000f05c3"))


def test_every_function_that_reads_a_clock_is_found_in_the_kernels_own_image() -> None:
    machine = this_machine()
    begin, end = vdso._mapped(os.getpid())
    if machine is None or not begin:
        pytest.skip("no such image here")
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    try:
        image = os.pread(memory, end - begin, begin)
    finally:
        os.close(memory)
    stubs = set(vdso.patches(image, machine).values())
    assert {vdso.stub(machine.name, machine.numbers[call]) for call in ("clock_gettime", "gettimeofday")} <= stubs


@pytest.mark.parametrize(
    "image", [b"", b"\x7fELF\x01" + bytes(60), b"\x7fELF\x02" + bytes(80), b"\x7fELF\x02" + b"\xff" * 200]
)
def test_what_is_no_image_changes_nothing(image: bytes) -> None:
    with pytest.raises(vdso.NO_IMAGE):
        vdso.patches(image, machines()["x86_64"])
