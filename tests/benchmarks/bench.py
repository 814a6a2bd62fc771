"""docs/performance.md: what a pass costs, beside the bare work on the same files and beside the
production agent, in one run.

    python -m tests.benchmarks.bench [--agent DIR] [--parts JSON] [--rounds N]

Exits with 1 where a load is beyond what it must reach, or a curve is steeper than linear; the page
is written all the same, and says so.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.compare import LOADS, measured, ratios
from tests.benchmarks.curves import drawn
from tests.benchmarks.embedding import embedding_part
from tests.benchmarks.growth import CURVES, ELEMENTS, STEEPEST, points, slope
from tests.linux_agent.fetch import VERSION

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "performance.md"
PICTURES = DOCS / "performance"

Points = Mapping[str, Sequence[tuple[int, float]]]


def named(subject: str) -> str:
    return f"production agent {VERSION}" if subject.startswith("linux-agent") else subject


def loads_table(subjects: Sequence[str], rounds: int, findings: list[str]) -> list[str]:
    others = [subject for subject in subjects if subject != "floor"]
    lines = [
        "| load | floor | " + " | ".join(map(named, others)) + " | must reach | aim |",
        "| --- | ---: |" + " ---: |" * (len(others) + 2),
    ]
    for name, load in LOADS.items():
        found = measured(load, subjects, rounds)
        ratio = ratios(found)
        if ratio["reference"] > load.must:
            findings.append(f"{name}: {ratio['reference']:.2f} times the floor, must reach {load.must:g}")
        cells = [f"{ratio[subject]:.2f}" for subject in others]
        lines.append(
            f"| {name} | {1e3 * statistics.median(found['floor']):.0f} ms "
            f"| {' | '.join(cells)} | {load.must:g} | {load.aim:g} |"
        )
        print(lines[-1], flush=True)
    return lines


def growth_part(subjects: Sequence[str], findings: list[str]) -> list[str]:
    PICTURES.mkdir(exist_ok=True)
    lines: list[str] = []
    for name, curve in CURVES.items():
        found = {named(subject): line for subject, line in points(curve, subjects, 2).items()}
        lines += _picture(name, curve.title, curve.along, found, findings)
    of_kinds = {kind: points(curve, ["reference"], 2)["reference"] for kind, curve in ELEMENTS.items()}
    some = next(iter(ELEMENTS.values()))
    return lines + _picture("elements", f"{some.title}, reference", some.along, of_kinds, findings)


def _picture(name: str, title: str, along: str, found: Points, findings: list[str]) -> list[str]:
    (PICTURES / f"{name}.svg").write_text(drawn(title, along, found), encoding="utf-8")
    slopes = {line: slope(value) for line, value in found.items()}
    findings += [
        f"{title}: {line} grows with slope {steep:.2f}"
        for line, steep in slopes.items()
        if steep > STEEPEST and "agent" not in line
    ]
    told = ", ".join(f"{line} {steep:.2f}" for line, steep in slopes.items())
    print(f"{title}: {told}", flush=True)
    return [f"![{title}: slopes {told}](performance/{name}.svg)", "", f"{title}. Slopes: {told}.", ""]


def parts_table(path: Path) -> list[str]:
    """The figures of pytest-benchmark (``--benchmark-json``)."""
    told = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    rows = [f"| {one['extra_info']['part']} | {1e6 * one['stats']['median']:.2f} µs |" for one in told]
    return ["| part | median |", "| --- | ---: |", *rows]


def machine() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    )


def document(
    loads: Sequence[str],
    growth: Sequence[str],
    embedding: Sequence[str],
    parts: Sequence[str],
    findings: Sequence[str],
    date: str,
) -> str:
    return "\n".join([
        "<!-- Made by `tox run -e bench`: change that (tests/benchmarks/bench.py). -->",
        "# What a pass costs",
        "",
        f"{date}; {machine()}; tmpfs.",
        "",
        "Told is the processor time of one pass over the time of the bare work on the same files, the *floor*.",
        "The floor is open, fstat, read, `json.loads`, close and unlink by `dir_fd`, in one process. The newest files",
        "are read until the quota is reached, and all are removed. Each subject has a process of its own, and the",
        "cost of a pass over nothing is taken off. Subjects take turns on the same files. The figure is the median",
        "of the rounds' ratios. The production agent is Debian 12's package, with the quota of its later versions,",
        "360.",
        "",
        *loads,
        "",
        f"Findings: {'; '.join(findings)}."
        if findings
        else "No load is beyond what it must reach, and nothing grows faster than what it grows with.",
        "",
        "## How cost grows",
        "",
        "Both axes are in powers of ten; a slope of 1 is linear.",
        "",
        *growth,
        "## What it costs to embed",
        "",
        "An agent imports the collector once and keeps its thread. A day has 288 passes; in each the extensions are",
        "others than before.",
        "",
        *embedding,
        "",
        "## The parts",
        "",
        *parts,
        "",
    ])  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--agent",
        metavar="DIR",
        required=True,
        help="the production agent's modules, as tests/linux_agent/fetch.py prints them",
    )
    parser.add_argument(
        "--parts",
        type=Path,
        required=True,
        metavar="JSON",
        help="what pytest-benchmark wrote of tests/benchmarks/test_parts.py",
    )
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    subjects = ["floor", "reference", f"linux-agent:{options.agent}"]
    findings: list[str] = []
    loads = loads_table(subjects, options.rounds, findings)
    growth = growth_part(subjects, findings)
    embedding = embedding_part(DOCS.parent, findings)
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    page = document(loads, growth, embedding, parts_table(options.parts), findings, date)
    PAGE.write_text(page, encoding="utf-8")
    print("\n".join(findings) or f"{PAGE.name} is written")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
