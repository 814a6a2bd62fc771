"""Programs under test, made of a sound one by changing one answer. In sh, which starts at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

HELLO = """printf '{"type":"hello","protocol":1,"capabilities":{}}\\n'"""
STARTED = """printf '{"type":"started"}\\n'"""
DONE = """printf '{"type":"done"}\\n'"""
#: The environment variable by which a test finds what its programs left behind.
MARK = "ETP_TEST_MARK"


def program(directory: Path, *, first: str = "", hello: str = HELLO, start: str = STARTED, collect: str = DONE, stop: str = "exit 0") -> str:
    """The --collector of a program that answers so."""
    path = directory / "program.sh"
    path.write_text(
        f"""{first}
while read -r request; do
    case "$request" in
        *'"type":"hello"'*) {hello} ;;
        *'"type":"start"'*) {start} ;;
        *'"type":"collect"'*) {collect} ;;
        *'"type":"stop"'*) {stop} ;;
    esac
done
""",
        encoding="utf-8",
    )
    return f"cmd:sh {path}"


def marked(mark: str) -> Iterator[str]:
    """The command lines of living processes that have the mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if int(name) != os.getpid() and wanted in Path(f"/proc/{name}/environ").read_bytes():
                yield Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


def left_behind(mark: str, seconds: float = 10.0) -> list[str]:
    """What is still there after so long:
    the guard ends what it holds in milliseconds, once it is given processor time.
    """
    end = time.monotonic() + seconds
    while (left := list(marked(mark))) and time.monotonic() < end:
        time.sleep(0.02)
    return left
