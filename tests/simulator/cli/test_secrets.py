"""A secret that a collector prints, logs and raises stands in no report.

The history is no report: a judge needs what was delivered as it was, and what the kit planted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.reports import FORMATS
from tests.simulator.pages import unpacked

LEAKY = """
import glob, logging, os
from etp_kit.collector import build as real

class Leaky:
    def __init__(self, place, collector):
        self.place, self.collector = place, collector

    def __getattr__(self, name):
        return getattr(self.collector, name)

    def collect(self, *given, **named):
        last = ""
        for path in glob.glob(os.path.join(self.place, "*", "events", "*")):
            with open(path, errors="replace") as file:
                last = file.read(5_000)
            print(last)
            logging.getLogger("leaky").error("read %s", last)
        self.collector.collect(*given, **named)
        raise ValueError(f"the last was {last}")

def build(place, *more, **settings):
    return Leaky(place, real(place, *more, **settings))
"""
SIGNATURE = re.compile(r"sig=(?!REDACTED)", re.IGNORECASE)
#: The kit plants no other secret than those that begin so, a digit behind it.
PLANTED = re.compile("etpsecret[0-9a-f]")


@pytest.mark.parametrize("collector", ["py:leaky:build", "mutant:ordinary-not-redacted"])
@pytest.mark.parametrize("scenario", ["redact/signed-urls", "redact/hidden-signatures"])
def test_no_report_holds_a_secret(
    scenario: str, collector: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaky.py").write_text(LEAKY)
    monkeypatch.chdir(tmp_path)
    wanted = [word for name in FORMATS for word in ("--report", f"{name}=report.{name}")]
    done = CliRunner().invoke(cli, ["run", scenario, "-v", "--collector", collector, *wanted])
    texts = {name: (tmp_path / f"report.{name}").read_text(encoding="utf-8") for name in FORMATS}
    assert PLANTED.search(texts.pop("ndjson")), "without a secret in the run nothing is shown"
    texts["html"] = str(unpacked(texts["html"]))
    if collector.startswith("py:"):
        assert all("REDACTED" in texts[name] for name in ("json", "html", "junit", "markdown"))
    in_words = " ".join(done.output.split())  # a statement is broken into lines there
    for name, text in {**texts, "terminal": in_words}.items():
        for clause in CLAUSES.values():  # a statement says how a signature looks
            text = text.replace(clause.statement, "").replace(json.dumps(clause.statement)[1:-1], "")
        assert not PLANTED.search(text), name
        assert not SIGNATURE.search(text), name
