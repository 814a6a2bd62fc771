"""Fetch Debian 12's package of the production agent, and unpack it:
`python tests/linux_agent/fetch.py DIR`.

Nothing is installed and no service started: apt-get downloads, dpkg-deb unpacks. apt's lists are
renewed in a directory of their own, so that no rights are needed. What cannot be fetched is told in
one line, and the exit code is 1: the suite against the agent must never pass without it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "waagent"
VERSION = "2.7.3"
#: Where the package keeps its modules, below the directory that it was unpacked in.
MODULES = "usr/lib/python3/dist-packages"


class Unfetched(Exception):
    """Why there is no package."""


def fetched(into: Path) -> Path:
    """The directory with the agent's modules, unpacked below ``into``. Raises Unfetched."""
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise Unfetched(f"{program} is not here; on another system, unpack {PACKAGE} {VERSION} and set ETP_LINUX_AGENT")
    into.mkdir(parents=True, exist_ok=True)
    modules = into / MODULES
    if modules.is_dir():
        return modules
    with tempfile.TemporaryDirectory(prefix="etp-waagent-") as place:
        archive = _downloaded(Path(place))
        _run("dpkg-deb", "-x", str(archive), str(into))
    if not modules.is_dir():
        raise Unfetched(f"{archive.name} holds no {MODULES}")
    return modules


def _downloaded(place: Path) -> Path:
    try:
        _run("apt-get", "download", PACKAGE, cwd=place)
    except Unfetched:
        lists = place / "lists"
        (lists / "partial").mkdir(parents=True)
        own = ("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={place}", "-o", "Acquire::Retries=3")
        _run("apt-get", *own, "update")
        _run("apt-get", *own, "download", PACKAGE, cwd=place)
    archives = sorted(place.glob(f"{PACKAGE}_*.deb"))
    if len(archives) != 1:
        raise Unfetched(f"apt-get left {len(archives)} packages of {PACKAGE}, expected 1")
    if not archives[0].name.startswith(f"{PACKAGE}_{VERSION}."):
        raise Unfetched(f"apt-get offers {archives[0].name}, this suite is for {VERSION} (Debian 12)")
    return archives[0]


def _run(*words: str, cwd: Path | None = None) -> None:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Unfetched(f"`{' '.join(words)}` failed ({done.returncode}): {lines[-1] if lines else 'it said nothing'}")


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: python tests/linux_agent/fetch.py DIR", file=sys.stderr)
        return 4
    try:
        print(fetched(Path(sys.argv[1])))
    except Unfetched as why:
        print(f"the Linux agent could not be fetched, so nothing was tested against it: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
