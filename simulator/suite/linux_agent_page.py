"""What a known collector loses, and why: a document made of a run.

``python -m etp_kit.simulator.suite.linux_agent_page linux-agent:DIR`` writes docs/linux-agent.md.

Rules: the facts come from the run. Every scenario but the field's replays runs once, in the first
world that it declares, with seed 0. People write the behaviour behind a failure alone, a text a
clause (``simulator/suite/causes.toml``). A failure without a text is an error, as is a text whose
clause holds. What is judged by seconds and bytes is left out: figures differ from machine to
machine, and the document must not.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import click
from pydantic import BaseModel, ConfigDict, Field

from ..base import BadInput, Exit, KitBroke
from ..contract import CLAUSES, MEASURED_CLAUSES, PROFILES, Profile
from ..judging import DIFFERENCE, FATES, KNOWN, ClauseVerdict, ScenarioVerdict
from ..runner import WATCHDOG
from ..safe import safe, write_whole
from ..scenario import Scenario, load_scenario
from ..shipped import shipped_scenarios
from ..subjects import check_spec
from .expectations import Expectations, marked
from .selection import is_hardened
from .surveys import first_worlds, survey

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "linux-agent.md"
PROFILE = "linux-agent-2.7"
_CAUSES = Path(__file__).with_name("causes.toml")
_SEED = 0
#: What replays the field shows nothing that the clauses' own scenarios do not show, and takes
#: longest.
_REPLAYS = "field/"
#: Scenarios that a row names one by one.
_MOST_NAMES = 20

_HEAD = """<!-- Made by `python -m etp_kit.simulator.suite.linux_agent_page linux-agent:DIR` from a run, and simulator/suite/causes.toml: change that. -->
# The Linux agent, clause by clause

This page tells what {about}, does
with every scenario of the kit. Left out are the replays of the field and what measures seconds and
bytes. So {scenarios} scenarios ran, each once, in the first world that it declares, with seed {seed}. Facts
are the run's. What stands under *behaviour* is what people found to be behind them. Each line is
seen again with

    simulate --scenario NAME --collector linux-agent:DIR

where DIR holds the package ([collectors.md](collectors.md)). A victim is a bystander whose events came otherwise than in the same run without the attackers;
*per attacker* is victims by attackers.
"""


class _Cause(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    clause: str
    behaviour: Annotated[str, Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    cause: list[_Cause]


def causes() -> dict[str, str]:
    """clause -> the behaviour that breaks it. Raises KitBroke for a clause that does not exist or
    stands twice.
    """
    found: dict[str, str] = {}
    for cause in _File.model_validate(tomllib.loads(_CAUSES.read_text(encoding="utf-8"))).cause:
        if cause.clause not in CLAUSES or cause.clause in found:
            raise KitBroke(f"{_CAUSES.name}: {cause.clause} is no clause, or stands twice")
        found[cause.clause] = cause.behaviour
    return found


def selected() -> dict[str, Scenario]:
    """The scenarios that the document is about: of the replays only those which check what no other
    does.
    """
    every = {name: load_scenario(name) for name in shipped_scenarios()}
    plain = {
        name: s
        for name, s in every.items()
        if not name.startswith(_REPLAYS) and not MEASURED_CLAUSES.intersection(s.clauses)
    }
    checked = {slug for scenario in plain.values() for slug in scenario.clauses} | MEASURED_CLAUSES
    return {
        name: s
        for name, s in every.items()
        if name in plain or (name.startswith(_REPLAYS) and not checked.issuperset(s.clauses))
    }


def observed(collector: str, profile: Profile, *, jobs: int, timeout: float = WATCHDOG) -> list[ScenarioVerdict]:
    """Every scenario's verdict, with what the profile expects marked; in the order of the library.
    Raises BadInput or KitBroke.
    """
    library = selected()
    expectations = Expectations(profile=profile, python=sys.version_info[:2])
    found: dict[str, ScenarioVerdict] = {}
    for _, verdict in survey(
        library, first_worlds(library, library), [collector], seed=_SEED, jobs=jobs, timeout=timeout
    ):
        found[verdict.id] = marked(verdict, tuple(CLAUSES), expectations)
    broken = [result for result in found.values() if result.verdict == "error"]
    if broken:
        raise KitBroke(
            f"{broken[0].id}: {broken[0].detail or [c.reason for c in broken[0].clauses if c.verdict == 'error']}"
        )
    return [found[name] for name in library]


Failure = tuple[ScenarioVerdict, ClauseVerdict]


def failures(results: Sequence[ScenarioVerdict]) -> dict[str, list[Failure]]:
    """clause -> its failures, in the contract's order."""
    pairs = [(result, clause) for result in results for clause in result.clauses if clause.verdict == "fail"]
    told = {slug: [pair for pair in pairs if pair[1].slug == slug] for slug in CLAUSES}
    return {slug: found for slug, found in told.items() if found}


def render(results: Sequence[ScenarioVerdict], profile: Profile, why: Mapping[str, str]) -> str:
    """The document. Raises KitBroke where a hardened clause fails for no told cause, or a cause is
    told of a clause that holds.
    """
    failed = failures(results)
    hardened = {slug: found for slug, found in failed.items() if CLAUSES[slug].level == "hardened"}
    lacking, idle = sorted(set(hardened) - set(why)), sorted(set(why) - set(failed))
    if lacking or idle:
        raise KitBroke(
            f"{_CAUSES.name}: fail without a cause: {', '.join(lacking) or 'none'}; have one and hold: {', '.join(idle) or 'none'}"
        )
    library = {result.id: load_scenario(result.id) for result in results}
    parts = [_HEAD.format(about=profile.about, scenarios=len(results), seed=_SEED), _summary(results, failed)]
    parts.append(_core(failed, library))
    parts.append(
        "## Hardened clauses that it breaks\n\nWhere it is known to lose data, hang, leak or be led outside.\n"
    )
    parts += [_clause(slug, found, why[slug]) for slug, found in hardened.items()]
    parts.append(_hostile(failed, library))
    parts.append(_held(results, failed))
    return "\n".join(parts)


def _summary(results: Sequence[ScenarioVerdict], failed: Mapping[str, object]) -> str:
    lines = ["| level | clauses | kept | broken | not judged |", "| --- | --- | --- | --- | --- |"]
    judged = {clause.slug for result in results for clause in result.clauses if clause.verdict in {"pass", "fail"}}
    for level in ("core", "hardened"):
        slugs = [slug for slug, clause in CLAUSES.items() if clause.level == level]
        broken = sum(slug in failed for slug in slugs)
        unjudged = sum(slug not in judged for slug in slugs)
        lines.append(f"| {level} | {len(slugs)} | {len(slugs) - broken - unjudged} | {broken} | {unjudged} |")
    return "\n".join([*lines, "", "A core clause counts as broken here if it fails anywhere, under attack too.\n"])


def _core(failed: Mapping[str, list[Failure]], library: Mapping[str, Scenario]) -> str:
    """What fails under ordinary conditions: the profile's entries."""
    lines = [
        "## Core, under ordinary conditions", "",
        "| clause | kind | reason | scenarios |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for slug, found in failed.items():
        ordinary = [(result, clause) for result, clause in found if not is_hardened(library[result.id])]
        if ordinary and CLAUSES[slug].level == "core":
            for kind, reason in dict.fromkeys(
                (clause.kind, clause.reason.partition("; ")[0]) for _, clause in ordinary
            ):
                names = [
                    r.id for r, clause in ordinary if (clause.kind, clause.reason.partition("; ")[0]) == (kind, reason)
                ]
                told = {DIFFERENCE: "difference", KNOWN: "known failure"}.get(kind, "**unexpected**")
                lines.append(f"| `{slug}` | {told} | {_cell(reason)} | {_some(names)} |")
    return "\n".join([*lines, ""])


def _some(names: Sequence[str]) -> str:
    """Names, or how many there are and the first."""
    return ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)}, such as {', '.join(names[:3])}"


def _clause(slug: str, found: Sequence[Failure], behaviour: str) -> str:
    clause = CLAUSES[slug]
    lines = [
        f"### {slug}", "", _sentence(clause.statement), "", f"*Behaviour*: {behaviour}", "",
        "| scenario | observed | attackers | victims, per attacker | events of victims | what became of all events |",
        "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [_row(result, told) for result, told in found]
    return "\n".join([*lines, ""])


def _row(result: ScenarioVerdict, clause: ClauseVerdict) -> str:
    attackers = sum(entry["role"] == "attacker" for entry in result.extensions.values())
    victims = len(result.victims)
    each = f"{victims}, {victims / attackers:g}" if attackers and victims else str(victims) if attackers else "-"
    return f"| {result.id} | {_seen(clause)} | {attackers or '-'} | {each} | {sum(result.victims.values()) or '-'} | {_fates(result)} |"


def _seen(clause: ClauseVerdict) -> str:
    return _cell(clause.kind if clause.kind in {"hang", "crash"} else clause.reason.partition("; ")[0])


def _fates(result: ScenarioVerdict) -> str:
    told = [f"{result.fates[fate]:,} {fate}" for fate in FATES if result.fates.get(fate)]
    return ", ".join([*told, *([f"{result.invented:,} invented"] if result.invented else [])]) or "-"


def _hostile(failed: Mapping[str, list[Failure]], library: Mapping[str, Scenario]) -> str:
    lines = [
        "## Core clauses that fall under attack", "",
        "They hold under ordinary conditions, or are listed above; what breaks them here is one of the behaviours above.", "",
        "| clause | scenarios |", "| --- | --- |",
    ]  # fmt: skip
    for slug, found in failed.items():
        names = [result.id for result, _ in found if is_hardened(library[result.id])]
        if names and CLAUSES[slug].level == "core":
            lines.append(f"| `{slug}` | {_some(names)} |")
    return "\n".join([*lines, ""])


def _held(results: Sequence[ScenarioVerdict], failed: Mapping[str, object]) -> str:
    skipped: dict[str, str] = {}
    judged: set[str] = set()
    for result in results:
        for clause in result.clauses:
            if clause.verdict == "skip":
                skipped.setdefault(clause.slug, clause.reason)
            else:
                judged.add(clause.slug)
    held = [f"* `{slug}`" for slug in CLAUSES if slug in judged and slug not in failed]
    lines = [
        "## Clauses that it keeps everywhere",
        "",
        *held,
        "",
        "## Clauses that were not judged",
        "",
    ]
    skipped |= dict.fromkeys(
        MEASURED_CLAUSES, "judged by figures of a machine, which differ: `simulate conform --clause` tells"
    )
    lines += [f"* `{slug}`: {_cell(reason)}" for slug, reason in sorted(skipped.items()) if slug not in judged]
    return "\n".join([*lines, ""])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _cell(text: str) -> str:
    """A text of the run in a table: safe, short, without what Markdown would take for its own."""
    cut = safe(text, 160)
    return cut.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("collector", metavar="linux-agent[:DIR]")
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    default=DOCUMENT,
    show_default=True,
    help="The file to write.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if the file is not what would be written.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)),
    help="How many processes run scenarios.",
)
def main(collector: str, into: Path, check: bool, jobs: int) -> None:
    """Run every scenario against a Linux agent, and write what it breaks, clause by clause."""
    try:
        check_spec(collector)
        text = render(observed(collector, PROFILES[PROFILE], jobs=jobs), PROFILES[PROFILE], causes())
    except BadInput as error:
        click.echo(f"losses: {error}", err=True)
        sys.exit(Exit.BAD_INPUT)
    except KitBroke as error:
        click.echo(f"losses: {error}", err=True)
        sys.exit(Exit.KIT_BROKE)
    if not check:
        write_whole(into, text)
    elif not into.is_file() or into.read_text(encoding="utf-8") != text:
        click.echo(
            f"losses: {into} is not current: python -m etp_kit.simulator.suite.linux_agent_page {collector}", err=True
        )
        sys.exit(Exit.NOT_CONFORMANT)


if __name__ == "__main__":
    main()
