"""What the documents tell to type is there to be typed, and what they show of it is what it prints.

Each command of README and docs/ is parsed by the command itself, so that a renamed option turns
this red. Each block that shows output is run here, is held by a test that is named here, or is
left out with a reason: a new one has to be entered.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.suite import objects

from .walk import IN_A_CHECKOUT, WALKED

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]

#: Output that takes minutes or a machine of its own, and what stands for it.
ELSEWHERE = {
    "simulate smoke --collector 'cmd:cat'": "tests/simulator/suite/test_smoke.py",
    "mkdir soak && simulate load --scenario load/soak --rate 2000/s --for 5m --into soak --collector "
    "reference": "five minutes",
    "simulate load --scenario flood --rate 600/s --for 30s --period 2 --into soak --collector reference": "real time",
    "simulate load --scenario load/soak --rate 2000/s --for 1m --into soak --collector linux-agent:"
    "/tmp/waagent/usr/lib/python3/dist-packages": "a minute, and the production agent",
}


class Shown(NamedTuple):
    """A command and the output that a page shows below it."""

    page: str
    command: str
    output: str


def blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shown() -> Iterator[Shown]:
    """Of the pages whose steps stand for themselves; the others are walked (test_walk.py)."""
    for page in sorted(set(PAGES) - {*WALKED, *IN_A_CHECKOUT}):
        for block in blocks(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if output.strip() and not command.startswith("echo $?"):
                    yield Shown(page.name, command, output)


def commands() -> Iterator[tuple[str, str]]:
    """(page, command): in blocks and in the text."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fenced = "\n".join(blocks(text)).replace("\\\n", " ")
        lines = [line for line in fenced.splitlines() if not line.startswith(("again:", "clean:"))]
        prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        spans = re.findall(r"`((?:\.venv/bin/)?simulate [^`\n]*(?:\n[^`\n]*)?)`", prose)
        for line in (*lines, *(" ".join(span.split()) for span in spans)):
            for part in re.split(r"&&|\|\s|;", line.removeprefix("$ ")):
                found = re.match(r"\s*(?:- run: )?(?:\.venv/bin/)?simulate (.*)", part)
                if found:
                    yield page.name, re.split(r" {2,}(?=\S)(?!--)", found[1].strip())[0]


def test_there_are_commands() -> None:
    assert len(list(commands())) > 60
    assert len(list(shown())) >= len(ELSEWHERE) + 2


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_a_command_is_there_to_be_typed(page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.replace("…", ""))
    if words in (["--help"], ["--version"]) or (len(words) == 1 and words[0].startswith("-")):
        return
    context = cli.make_context("simulate", words)
    verb: click.Command | None = cli
    while isinstance(verb, click.Group):
        name, verb, rest = verb.resolve_command(context, [*context._protected_args, *context.args])
        assert verb is not None
        if not rest:  # a bare verb in the text is the verb itself, not a call
            return
        try:
            context = verb.make_context(name, rest, parent=context)
        except click.exceptions.Exit:  # it printed a list and ended
            return
        except (click.MissingParameter, click.BadOptionUsage):
            if len(words) > 2:
                raise
            return  # the text speaks of an option by its verb and its name


@pytest.mark.parametrize("one", [one for one in shown() if one.command not in ELSEWHERE], ids=lambda one: one.command)
def test_what_is_shown_is_what_is_printed(one: Shown, tmp_path: Path) -> None:
    """As it is typed, in a directory that has what the page speaks of."""
    prepare(tmp_path)
    command = one.command.replace("/tmp/", f"{tmp_path}/").replace("/var/log/azure", str(tmp_path / "azure"))
    python = shlex.quote(sys.executable)
    programs = {"simulate ": f"{python} -m etp_kit ", "python -m ": f"{python} -m "}
    words = re.sub(r"(?<!\S)(?:simulate |python -m )", lambda found: programs[found[0]], command)
    done = subprocess.run(
        ["sh", "-c", words], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip
    printed = (done.stdout + done.stderr).replace(f"{tmp_path}/", "/tmp/")
    assert re.fullmatch(pattern(one.output), masked(printed), re.DOTALL), printed


def test_a_changed_number_in_a_page_is_seen() -> None:
    one = next(one for one in shown() if "simulate write" in one.command)
    assert re.fullmatch(pattern(one.output), masked(one.output))
    changed = re.sub(r"\d+ files", "9 files", one.output)
    assert not re.fullmatch(pattern(changed), masked(one.output))


def test_what_is_left_out_is_still_shown() -> None:
    assert set(ELSEWHERE) <= {one.command for one in shown()}


def expected_of_the_agent() -> list[str]:
    """The core clauses that the production agent breaks by its profile, as its page has them."""
    text = (ROOT / "docs" / "linux-agent.md").read_text(encoding="utf-8")
    table = text.partition("## Core, under ordinary conditions")[2].partition("\n## ")[0]
    return re.findall(r"^\| `", table, re.MULTILINE)


#: Numbers in the text of a page, and what they count.
COUNTS = {
    ("conformance.md", r"each of (\d+) hostile objects"): lambda: len(objects()),
    ("collectors.md", r"the (\d+) core clauses"): lambda: sum(clause.level == "core" for clause in CLAUSES.values()),
    ("any-language.md", r"\(examples/collector\.pl\) has\s+(\d+)\s+lines"): lambda: len(
        (ROOT / "docs/examples/collector.pl").read_text(encoding="utf-8").splitlines()
    ),
    ("collectors.md", r", (\d+) of them failed as the profile says"): lambda: len(expected_of_the_agent()),
}


@pytest.mark.parametrize(("page", "where"), COUNTS)
def test_a_number_in_the_text_is_right(page: str, where: str) -> None:
    found = re.search(where, (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert found is not None
    assert int(found[1]) == COUNTS[page, where]()


def masked(text: str) -> str:
    """Without the times of a run and the ends of lines."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z INFO", "TIME INFO", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def pattern(text: str) -> str:
    """What may stand where a page leaves something out: a line of ``...``, or ``[...]``."""
    found = re.escape(masked(text))
    found = re.sub(r"(^|\\\n|\n)\\\.\\\.\\\.(?=\\?\n|$)", r"\1.*", found)
    return found.replace(re.escape("[...]"), r"\[.*?\]")


def prepare(where: Path) -> None:
    """What the pages speak of: an extension with an event."""
    events = where / "azure" / "Contoso.Extension" / "events"
    events.mkdir(parents=True)
    text = (
        '{"Version": "1.0.0", "Timestamp": "2026-01-05T00:00:00.000Z", "TaskName": "enable", '
        '"EventLevel": "Informational", "Message": "hello", "EventPid": "1", "EventTid": "2", "OperationId": "8"}'
    )
    (events / "1767571495891.json").write_text(text, encoding="utf-8")
