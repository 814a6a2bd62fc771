"""Family discover: which directories are looked into, and what nobody may touch."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first

_CHANGES = {"mkdir", "rename", "link", "symlink", "mknod", "write", "truncate", "chmod", "chown", "utime", "rmdir"}


def layout(case: Case) -> list[str] | None:
    due = [event for event in case.ledger.events if event.due in {"collect", "cut"}]
    if not due:
        return None
    return first([f"{event.extension}: {event.file} was never looked at" for event in due if event.overdue])


def hands_off(case: Case) -> list[str] | None:
    made = [f"{call} {path}" for call, path, result in case.calls() if call in _CHANGES and "errno" not in result]
    return first(made)


def links(case: Case) -> list[str] | None:
    """Nothing outside is delivered, removed or touched, by whatever way in."""
    tree = case.ledger.tree
    problems = [
        f"{path} is gone"
        for path in ("outside/secret.json", "outside/directory/1767571200000.json")
        if path not in tree
    ]
    problems += [
        f"{d.extension}: an event from outside was delivered"
        for d in case.ledger.invented
        if "etp-outside" in str(d.values)
    ]
    problems += [
        f"{event.extension}: {event.path} lies outside, and its event was delivered"
        for event in case.ledger.events
        if event.path.startswith("outside/") and event.deliveries
    ]
    problems += [f"the collector left its world: {r.result['event']} {r.path}" for r in case.history if r.op == "escape"]
    return first(problems)


JUDGES: dict[str, Judge] = {
    "discover.layout": layout,
    "discover.hands-off": hands_off,
    "discover.links": links,
}
