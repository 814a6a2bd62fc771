"""Residue: entries of an events dir that are no event files, such as temporary files of writers that died.

Young ones are left, because writers rename temporary files into place; but only so many and so much of them, the oldest going
first, or a flood of them would stay for ever (clean.in-flight). Old ones are removed, directories stay (clean.residue).
"""

import heapq
import time

RESIDUE = "residue"


class Residue:
    """The clean-up of one events dir in one pass."""

    def __init__(self, directory, config, account):
        # type: (object, object, object) -> None
        self._directory = directory
        self._config = config
        self._account = account

    def clean(self, names, discard):
        # type: (list, object) -> None
        """Go through the entries of the listing; ``discard(name, reason)`` removes one."""
        period_ns = int(self._config.period * 1e9)  # type: ignore[attr-defined]
        now = int(time.time() * 1e9)
        young = []  # type: list
        size = 0
        for name in names:
            try:
                look = self._directory.look(name)  # type: ignore[attr-defined]
            except Exception:  # what cannot be looked at is not removed
                self._account.vanished += 1  # type: ignore[attr-defined]
                continue
            if look.kind == "directory":
                self._account.listed -= 1  # type: ignore[attr-defined]
            elif now - look.mtime_ns > period_ns:
                discard(name, RESIDUE)  # type: ignore[operator]
            else:
                heapq.heappush(young, (look.mtime_ns, name, look.size))
                size += look.size
                while len(young) > self._config.max_spared or size > self._config.max_spared_bytes:  # type: ignore[attr-defined]
                    _, oldest, freed = heapq.heappop(young)
                    size -= freed
                    discard(oldest, RESIDUE)  # type: ignore[operator]
        self._account.spared += len(young)  # type: ignore[attr-defined]
