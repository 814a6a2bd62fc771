"""A program's clock made the kit's: the functions by which it reads the time without a call are
made to call.

Rules: the kernel maps code for reading clocks into every process (vdso(7)), so no filter hears it.
Each function there is overwritten by the call that it stands for, once after each execve(2), before
the program has read a clock. Nothing else of the program changes. What is parsed here is the
kernel's own; the texts of it are looked at as data.
"""

from __future__ import annotations

import os
import struct

from .machines import Machine

#: What of the code reads a clock, by the call that it stands for.
_STANDS_FOR = {
    "clock_gettime": ("__vdso_clock_gettime", "__kernel_clock_gettime"),
    "gettimeofday": ("__vdso_gettimeofday", "__kernel_gettimeofday"),
    "time": ("__vdso_time",),
}
_SYMBOLS, _STRINGS, _HASH, _GNU_HASH = 6, 5, 4, 0x6FFFFEF5
_LOADED, _DYNAMIC = 1, 2
_MOST_BYTES = 1 << 16
#: What reading an image raises that is none, or is another one than is known.
NO_IMAGE = (ValueError, KeyError, IndexError, OverflowError, struct.error)


def stub(machine: str, number: int) -> bytes:
    """The code of a function that makes this call and returns."""
    if machine == "x86_64":
        return b"\xf3\x0f\x1e\xfa\xb8" + struct.pack("<I", number) + b"\x0f\x05\xc3"
    return struct.pack("<III", 0xD2800008 | number << 5, 0xD4000001, 0xD65F03C0)


def symbols_of(image: bytes) -> dict[str, int]:
    """name -> offset from the image's begin, of an ELF image of 64 bits as it lies in memory.

    Raises one of NO_IMAGE for none.
    """
    if image[:5] != b"\x7fELF\x02":
        raise ValueError("no ELF image of 64 bits")
    at, size, count = struct.unpack_from("<Q", image, 32)[0], *struct.unpack_from("<HH", image, 54)
    base, dynamic = 0, 0
    for i in range(count):
        kind, _, offset, address = struct.unpack_from("<IIQQ", image, at + i * size)
        if kind == _LOADED:
            base = address - offset
        elif kind == _DYNAMIC:
            dynamic = offset
    tags = {}
    while dynamic and (pair := struct.unpack_from("<QQ", image, dynamic))[0]:
        tags[pair[0]] = pair[1] - base
        dynamic += 16
    total = _counted(image, tags)
    found = {}
    for i in range(total):
        name_at, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", image, tags[_SYMBOLS] + 24 * i)
        if section:
            begin = tags[_STRINGS] + name_at
            found[image[begin : image.index(b"\0", begin)].decode("ascii", "replace")] = value - base
    return found


def _counted(image: bytes, tags: dict[int, int]) -> int:
    """How many symbols there are: their table does not say, that of their hashes does."""
    if _HASH in tags:
        return int(struct.unpack_from("<I", image, tags[_HASH] + 4)[0])
    buckets, first, bloom, _ = struct.unpack_from("<IIII", image, tags[_GNU_HASH])
    at = tags[_GNU_HASH] + 16 + 8 * bloom
    last = max(struct.unpack_from(f"<{buckets}I", image, at))
    chains = at + 4 * buckets
    while last >= first and not struct.unpack_from("<I", image, chains + 4 * (last - first))[0] & 1:
        last += 1
    return int(last) + 1


def patches(image: bytes, machine: Machine) -> dict[int, bytes]:
    """offset -> code, of every function that reads a clock.

    Raises one of NO_IMAGE for what is no such image.
    """
    known = symbols_of(image)
    found = {}
    for call, names in _STANDS_FOR.items():
        for name in names:
            if name in known and call in machine.numbers:
                found[known[name]] = stub(machine.name, machine.numbers[call])
    return found


def take_clock(process: int, machine: Machine) -> bool:
    """Have a process ask for the time by calls that are heard. False where it cannot be had.

    What has no such code asks anyway.
    """
    try:
        begin, end = _mapped(process)
        if not begin:
            return True
        memory = os.open(f"/proc/{process}/mem", os.O_RDWR | os.O_CLOEXEC)
        try:
            image = os.pread(memory, min(end - begin, _MOST_BYTES), begin)
            made = patches(image, machine)
            for offset, code in made.items():
                if image[offset : offset + len(code)] != code:
                    os.pwrite(memory, code, begin + offset)
            return bool(made)
        finally:
            os.close(memory)
    except (OSError, *NO_IMAGE):
        return False


def _mapped(process: int) -> tuple[int, int]:
    with open(f"/proc/{process}/maps", "rb") as file:
        for line in file:
            if line.endswith(b"[vdso]\n"):
                begin, end = line.split(b" ", 1)[0].split(b"-")
                return int(begin, 16), int(end, 16)
    return 0, 0
