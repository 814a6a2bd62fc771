"""One loader for collectors: a package directory, loaded fresh under an alias from cached code.

It is fresh, because a restarted process has no module state. It comes from compiled code, because a
run costs less than reading the files would. It has one alias, because what it logs must not tell
which load it was. Edits are applied to the text before it is compiled: that is what a mutant is.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from ..base import BadInput
from ..shipped import Edit
from .imprint import Imprint

#: The name under which every package under test is loaded.
ALIAS = "etp_subject"


#: Traces after which a package is loaded each time: one may be the kit's, whose clock comes later.
_MOST_TRACES = 2


class CompiledModule(NamedTuple):
    """One compiled module; ``cached`` is where the import system would look for its byte code."""

    code: CodeType
    origin: str
    cached: str
    is_package: bool


@lru_cache(maxsize=256)
def _compiled(text: str, path: str) -> CodeType:
    """Kept for the process and those that are forked from it: a mutant compiles the one module that
    it changes.
    """
    code: CodeType = compile(text, path, "exec", dont_inherit=True)
    return code


class Package:
    """The compiled modules of one package directory. Raises SyntaxError for one that does not
    compile."""

    def __init__(self, directory: Path, edits: Iterable[Edit] = (), *, inert: bool = False) -> None:
        """``inert``: to import it asks nothing of the world, such as the time. Where a run left it
        as it was loaded, it is not loaded again."""
        self.directory = directory
        self._inert = inert
        self._imprint: Imprint | None = None
        self._traces = 0
        self._code: dict[str, CompiledModule] = {}
        texts = self._texts()
        for edit in edits:
            texts[edit.file] = edit.apply(texts.get(edit.file))
        for name, text in texts.items():
            self._compile(name, text)

    def _texts(self) -> dict[str, str]:
        try:
            paths = sorted(self.directory.rglob("*.py"))
            texts = {str(path.relative_to(self.directory)): path.read_text(encoding="utf-8") for path in paths}
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"cannot be read: {error}", where=str(self.directory)) from None
        if "__init__.py" not in texts:
            raise BadInput("no Python package", where=str(self.directory))
        return texts

    def _compile(self, name: str, text: str) -> None:
        path = str(self.directory / name)
        parts = Path(name).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        dotted = ".".join([ALIAS, *(parts[:-1] if is_package else parts)])
        code = _compiled(text, path)
        self._code[dotted] = CompiledModule(code, path, importlib.util.cache_from_source(path), is_package)

    def load(self) -> ModuleType:
        """The package, executed anew; what an earlier load left in ``sys.modules`` is gone."""
        imprint, self._imprint = self._imprint, None
        if imprint is not None and _FINDER.serves(self._code):
            if imprint.holds():
                self._imprint = imprint
                return sys.modules[ALIAS]
            self._traces += 1
        _FINDER.serve(self._code)
        _forget_loggers()
        module = importlib.import_module(ALIAS)
        if self._inert and self._traces < _MOST_TRACES:
            self._imprint = Imprint(ALIAS, self._code)
        return module


def _forget_loggers() -> None:
    """Loggers outlive modules, and so would handlers that a package adds to its own each time it is
    loaded.
    """
    known = logging.Logger.manager.loggerDict
    for name in [name for name in known if name == ALIAS or name.startswith(ALIAS + ".")]:
        del known[name]


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and executes the modules served last: by their names."""

    def __init__(self) -> None:
        self._code: Mapping[str, CompiledModule] = {}

    def serve(self, code: Mapping[str, CompiledModule]) -> None:
        """From now on these modules; those served before are gone."""
        for name in self._code:
            sys.modules.pop(name, None)
        self._code = code
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def serves(self, code: Mapping[str, CompiledModule]) -> bool:
        return self._code is code

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the import system calls with these
        target: ModuleType | None = None,  # noqa: ARG002 - the import system calls with these
    ) -> importlib.machinery.ModuleSpec | None:
        found = self._code.get(fullname)
        if found is None:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=found.origin, is_package=found.is_package)
        spec.has_location = True
        spec.cached = found.cached
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:  # noqa: ARG002 - the import system calls with these
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code[module.__name__].code, module.__dict__)  # noqa: S102 - running it is the point


_FINDER = Finder()
