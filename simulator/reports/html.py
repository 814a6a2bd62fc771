"""The JSON report as one web page, which loads nothing: it can be mailed and kept.

Rules: every text may come from an event file, a name or a subject. So each is made safe, travels as
compressed data, and the page shows it as text, never as markup. The page's own policy lets no
script run but the one whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ..base import Exit
from ..judging import ScenarioVerdict
from ..safe import safe
from .page_data import page_data

#: Characters of the page's title.
_LONGEST = 200
#: The page's own scripts, in the order in which they need each other.
_SCRIPTS = ("base.js", "overview.js", "clauses.js", "scrubber.js", "story.js", "start.js")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__, "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def html(report: dict[str, Any], results: Sequence[ScenarioVerdict] = ()) -> str:
    """The page's text. ``results``: of its scenarios, with the histories that were kept."""
    environment = _templates()
    style = _text(environment.get_template("report.css"))
    script = '"use strict";\n' + "\n".join(_text(environment.get_template(name)) for name in _SCRIPTS)
    title = safe(f"{report['collector']}: {Exit(report['exit']).word}", _LONGEST)
    return environment.get_template("report.html").render(
        title=title, data=_packed(page_data(report, results)), script=script, style=style, script_hash=_hash(script),
        style_hash=_hash(style),
    ) + "\n"  # fmt: skip


def _packed(data: dict[str, Any]) -> str:
    """The data as a browser unpacks it: base64 of zlib's form of JSON."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("ascii"), 9)).decode("ascii")


def _text(template: Template) -> str:
    return template.render()


def _hash(text: str) -> str:
    """As a content security policy names what may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
