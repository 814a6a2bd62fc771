"""A first version of a collector in a language, as files: what `simulate new collector` writes.

The files lie in ``first/LANGUAGE/``, each under its name and ``.tmpl``, so that no tool takes them
for the kit's own code. What runs them stands in ``first/languages.toml``.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ..base import BadInput
from ..safe import safe, write_all_new

_FIRST = Path(__file__).with_name("first")
_WORKFLOW = ".github/workflows/conformance.yml"


class FirstLanguage(BaseModel):
    """How a first version is run: ``needs`` in words, ``build`` before it where it is compiled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    collector: str
    needs: str
    program: str
    build: str = ""


@cache
def first_languages() -> dict[str, FirstLanguage]:
    """The languages that a first version is there for."""
    text = (_FIRST / "languages.toml").read_text(encoding="utf-8")
    return {name: FirstLanguage.model_validate(table) for name, table in tomllib.loads(text).items()}


def write_first(language: str, directory: Path) -> list[str]:
    """Write the files into a new or empty directory, all or none; their names. Raises BadInput, and
    then wrote nothing."""
    files = _files(language)
    where = safe(str(directory))
    try:
        if os.path.lexists(directory):
            if not directory.is_dir():
                raise BadInput("is no directory; expected is a new or an empty one", where=where)
            if any(directory.iterdir()):
                raise BadInput("is not empty; expected is a new or an empty directory", where=where)
        write_all_new({directory / name: text for name, text in files.items()})
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"cannot be written: {reason}", where=where) from None
    return list(files)


def _files(language: str) -> dict[str, str]:
    """name -> text of what is written."""
    how = first_languages()[language]
    found = {
        path.name.removesuffix(".tmpl"): path.read_text(encoding="utf-8")
        for path in sorted((_FIRST / language).glob("*.tmpl"))
    }
    workflow = (_FIRST / "conformance.yml.tmpl").read_text(encoding="utf-8")
    build = f"      - run: {how.build}\n" if how.build else ""
    return {**found, _WORKFLOW: workflow.replace("      - BUILD\n", build).replace("COLLECTOR", how.collector)}
