"""What a JSON report says, as a statement that others can sign and check.

The form is in-toto's: Statement v1 with the predicate test-result v0.1 (in-toto.io/attestation).
Its subjects are the collector's files. Whoever has the report and the files can make it anew, so a
changed byte, skip or scenario shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contract import named_set, today

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
#: Differences that are shown; the first tells most.
_SHOWN = 10


def statement(report: dict[str, Any]) -> dict[str, Any]:
    """The statement of a report of ``simulate conform``, whose ``basis`` has the hashes."""
    basis, made = report["basis"], report["made"]
    rows = report["clauses"]
    unrun = {slug: "not run" for slug in _owed(basis) if slug not in {row["slug"] for row in rows}}
    passed = [row["slug"] for row in rows if row["verdict"] == "pass"]
    skipped = {row["slug"]: row["reason"] for row in rows if row["verdict"] == "skip"} | unrun
    failed = {row["slug"]: row["reason"] for row in rows if row["verdict"] in {"fail", "error"}}
    expected = {row["slug"] for row in rows if row["verdict"] == "fail" and row["kind"] in {"difference", "known"}}
    unexpected = sorted(set(failed) - expected)
    whole = report["exit"] == 0 and not unexpected
    return {
        "_type": TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in basis["files"].items()],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "FAILED" if not whole else "WARNED" if skipped or expected or basis["stopped"] else "PASSED",
            "configuration": [
                _described("kit", basis["kit_sha256"], report["kit"]),
                _described(
                    "contract",
                    basis["contract_sha256"],
                    {"version": basis["contract"], "level": basis["level"], "profile": basis["profile"]},
                ),
                _described("run", "", {**made, "collector": report["collector"], "seed": report["seed"]}),
                *(
                    _described(
                        f"scenario {one['id']} ({one['world']})", one["history_sha256"], {"verdict": one["verdict"]}
                    )
                    for one in report["scenarios"]
                ),
            ],
            "passedTests": passed,
            "warnedTests": [*skipped, *sorted(expected)],
            "failedTests": unexpected,
            "reasons": {**skipped, **failed},
        },
    }


def _owed(basis: dict[str, Any]) -> list[str]:
    """The clauses of the set and the level that the report is about. Raises BadInput."""
    owed = named_set(basis["contract"], "the report's contract") if basis["contract"] else today()
    return [slug for slug in owed.clauses if basis["level"] != "core" or owed.level_of(slug) == "core"]


def _described(name: str, digest: str, told: dict[str, Any]) -> dict[str, Any]:
    """A resource descriptor of in-toto."""
    return {"name": name, "annotations": told, **({"digest": {"sha256": digest}} if digest else {})}


def differences(given: Any, due: Any) -> list[str]:
    """Where a statement is not what the report and the files give: a line each, the first ten."""
    found = list(_differing(given, due, ""))
    more = [f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return [*found[:_SHOWN], *more]


def _differing(given: Any, due: Any, place: str) -> Iterator[str]:
    if isinstance(given, list) and isinstance(due, list):
        given, due = _by_name(given), _by_name(due)
    if isinstance(given, dict) and isinstance(due, dict):
        for key in {**due, **given}:
            yield from _differing(given.get(key), due.get(key), f"{place}.{key}".lstrip("."))
    elif given is None:
        yield f"{place} is so, and not stated"
    elif due is None:
        yield f"{place} is stated, and not so"
    elif given != due:
        yield f"{place}: {given!r} is stated, {due!r} is so"


def _by_name(entries: list[Any]) -> dict[str, Any]:
    """Entries by what they are called: a file, a clause, a part of the configuration."""
    return {str(one["name"]) if isinstance(one, dict) and "name" in one else str(one): one for one in entries}
