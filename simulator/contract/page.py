"""docs/contract.md from the contract's data: `python -m etp_kit.simulator.contract.page [--check]`.

Prose that only people need stands in contract.md.tmpl. Everything that a program needs too is put
in from the data, where the template has a marker. A marker is a line that is `[[name]]` and nothing
else. Each marker must stand exactly once, so that no part of the contract can drop out of the
document unseen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..base import Exit
from ..safe import keep_page, markdown_table
from . import clauses, profiles
from .clauses import CAPABILITIES, CLAUSES, FAMILIES, HARMS, LIMITS, Clause, ContractError, data
from .profiles import PROFILES, Difference, KnownFailure, Profile

TEMPLATE: Final = "contract.md.tmpl"
DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "contract.md"
_NOTE: Final = "<!-- Made by `python -m etp_kit.simulator.contract.page` from simulator/contract/: change that. -->\n"
_MARKER: Final = re.compile(r"^\[\[([a-z]+)\]\]$", re.MULTILINE)


def _limits() -> str:
    rows = ([f"`{x.name}`", f"{x.value:,}", x.unit, f"`{x.clause}`", x.reason] for x in LIMITS.values())
    return markdown_table(["limit", "value", "unit", "clause", "reason"], rows)


def _harms() -> str:
    return markdown_table(["harm", "meaning"], ([name, meaning] for name, meaning in HARMS.items()))


def _capabilities() -> str:
    return markdown_table(
        ["needed", "offered by", "meaning", "clauses that need it", "needed for a part of"],
        (
            [
                f"`{name}`",
                f"the {capability.of}",
                capability.meaning,
                _slugs(clause for clause in CLAUSES.values() if name in clause.requires),
                _slugs(clause for clause in CLAUSES.values() if name in clause.partly_requires),
            ]
            for name, capability in CAPABILITIES.items()
        ),
    )


def _slugs(clauses: Iterable[Clause]) -> str:
    return ", ".join(f"`{clause.slug}`" for clause in clauses) or "none"


def _clauses() -> str:
    return "\n\n".join(_family(name, title) for name, title in FAMILIES.items())


def _family(name: str, title: str) -> str:
    rows = (
        [
            f'<a id="{clause.slug}"></a>`{clause.slug}`',
            clause.level,
            clause.statement,
            "; ".join([clause.harm, *clause.cwe]),
            clause.effect,
        ]
        for clause in CLAUSES.values()
        if clause.family == name
    )
    columns = ["slug", "level", "statement", "harm; CWE", "what follows when a collector breaks it"]
    return f"### {name}: {title}\n\n{markdown_table(columns, rows)}"


def _profiles() -> str:
    summary = markdown_table(
        ["profile", "collector", "judged at level", "quota"],
        ([p.name, p.about, p.level, str(p.quota)] for p in PROFILES.values()),
    )
    return "\n\n".join([summary, *(_entries(p) for p in PROFILES.values() if p.difference or p.known_failure)])


def _brought(entry: Difference | KnownFailure, when: str) -> list[list[str]]:
    """A row for each clause that fails with an entry's, where it does."""
    return [
        [f"`{c.clause}`", "follows", f"from `{entry.clause}`, in {', '.join(c.scenarios)}", when] for c in entry.brings
    ]


def _entries(profile: Profile) -> str:
    rows = [
        *([f"`{entry.clause}`", "difference", entry.reason, "always"] for entry in profile.difference),
        *([f"`{x.clause}`", "known failure", x.reason, x.when or "always"] for x in profile.known_failure),
        *(row for entry in profile.difference for row in _brought(entry, "always")),
        *(row for x in profile.known_failure for row in _brought(x, x.when or "always")),
    ]
    return f"**{profile.name}**\n\n{markdown_table(['clause', 'kind', 'reason', 'when'], rows)}"


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "limits": _limits,
    "harms": _harms,
    "capabilities": _capabilities,
    "clauses": _clauses,
    "profiles": _profiles,
}


def render(template: str) -> str:
    """The document that `template` makes;
    ContractError unless its markers are PARTS, each exactly once.
    """
    markers = _MARKER.findall(template)
    if sorted(markers) != sorted(PARTS):
        raise ContractError(f"{TEMPLATE}: expected the markers {sorted(PARTS)} once each; found {sorted(markers)}")
    return _NOTE + _MARKER.sub(lambda marker: PARTS[marker[1]](), template)


def document() -> str:
    """The whole text of docs/contract.md. ContractError for data that does not hold together."""
    text = render(data(TEMPLATE))
    clauses.load(data("clauses.toml"))
    profiles.load(data("profiles.toml"))
    return text


def main(arguments: Sequence[str]) -> Exit:
    """Write docs/contract.md, or compare it."""
    return keep_page(arguments, "etp_kit.simulator.contract.page", DOCUMENT, lambda _: document())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
