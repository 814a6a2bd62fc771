"""One target in a process of its own: it may crash, hang or eat memory, and is started again.

    python -m tests.fuzz.child TARGET ENGINE PLACE SEED INPUTS

PLACE has the growing corpus, a file an input, and takes what failed (``crash-...``). The last line
of stderr tells how many inputs there were.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

#: Bytes: longer inputs reach nothing new, and each costs more; twice as long as what is kept.
_LONGEST = 2_000
#: Seconds and MiB that one input may take.
_SLOWEST, _LARGEST = 20, 2_048


def _by_atheris(name: str, place: str, seed: str, inputs: str) -> None:
    import atheris

    with atheris.instrument_imports(include=["etp_kit"]):
        from tests.fuzz.targets import target

        found = target(name)
    longest = max([_LONGEST, *(2 * len(data) for data in found.corpus)])
    bounds = [f"-max_len={longest}", f"-timeout={_SLOWEST}", f"-rss_limit_mb={_LARGEST}"]
    work = [f"-runs={inputs}", f"-seed={seed}", f"-artifact_prefix={place}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *work, *bounds, f"{place}/corpus"], found.check)
    atheris.Fuzz()


def _by_hypothesis(name: str, place: str, seed: str, inputs: str) -> None:
    import hypothesis

    from tests.fuzz.mutations import inputs as mutations
    from tests.fuzz.targets import target

    found = target(name)
    kept = sorted(file.read_bytes() for file in Path(place, "corpus").iterdir())
    last = b""
    tried = 0

    @hypothesis.seed(int(seed))
    @hypothesis.settings(
        max_examples=int(inputs), database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(mutations(kept))
    def run(data: bytes) -> None:
        nonlocal last, tried
        last = data
        tried += 1
        found.check(data)

    try:
        run()
    except BaseException:
        Path(place, f"crash-{hashlib.sha256(last).hexdigest()[:16]}").write_bytes(last)
        raise
    print(f"stat::number_of_executed_units: {tried}", file=sys.stderr)


ENGINES: dict[str, Callable[[str, str, str, str], None]] = {"atheris": _by_atheris, "hypothesis": _by_hypothesis}

if __name__ == "__main__":
    chosen, engine, *rest = sys.argv[1:]
    ENGINES[engine](chosen, *rest)
