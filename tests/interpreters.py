"""Other Pythons of this machine: what must be the same everywhere is run by each that is found.

`python -m tests.interpreters 3.12 3.13` prints the directories of those that are here, as PATH has
them. Standard error tells of each that is missing.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable


def interpreters(versions: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """(major, minor) -> a path, of those versions that are on this machine."""
    wanted = list(versions)
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    homes = [f"{pyenv}/versions/*/bin", "/opt/python/*/bin", "/usr/local/bin", "/usr/bin"]
    candidates: list[str] = [sys.executable]
    for major, minor in wanted:
        name = f"python{major}.{minor}"
        candidates += filter(None, [shutil.which(name)])
        candidates += [path for home in homes for path in sorted(glob.glob(f"{home}/{name}"))]
    found = {}
    for path in candidates:
        asked = subprocess.run(
            [path, "-I", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
        )
        version = tuple(map(int, asked.stdout.split()))
        if asked.returncode == 0 and version in wanted:
            found.setdefault(version, path)
    return found


def main(arguments: list[str]) -> int:
    """Exit code 0, whatever is missing: a machine need not have every Python; 4: no version."""
    if not arguments or not all(re.fullmatch(r"3\.[0-9]{1,2}", one) for one in arguments):
        print("usage: python -m tests.interpreters 3.N ...", file=sys.stderr)
        return 4
    wanted = [(3, int(one.removeprefix("3."))) for one in arguments]
    found = interpreters(wanted)
    for _, minor in (version for version in wanted if version not in found):
        print(f"Python 3.{minor} is not on this machine: nothing is run by it", file=sys.stderr)
    print(os.pathsep.join(dict.fromkeys(os.path.dirname(path) for path in found.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
