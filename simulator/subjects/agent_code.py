"""The production agent's code, as it lies on disk: found, compiled once, executed anew for every
run.

Rules: nothing is written beside it, no bytecode either. It is found by looking at what is there,
never by version number. Only the modules that its collector imports are compiled, in the parent of
all workers: a run pays for executing them alone. While it is imported the agent asks its machine
for things: the distribution's name, modules that newer Pythons lack and no collector calls. The
answers come from here, the same on every machine.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from ..base import BadInput
from ..safe import safe
from .package import CompiledModule, Finder

PACKAGE = "azurelinuxagent"
#: Where Debian's package `waagent` puts it.
DEBIAN = Path("/usr/lib/python3/dist-packages")

#: The modules that hold a collector: agents from 2.2.53 and builds before it (docs/adr/0006-linux-agent.md).
COLLECTOR, EARLY_COLLECTOR = f"{PACKAGE}.ga.collect_telemetry_events", f"{PACKAGE}.ga.extension_telemetry"
#: What the adapter asks for besides.
_ASKED = (f"{PACKAGE}.common.conf", f"{PACKAGE}.common.event", f"{PACKAGE}.common.logger")


def find_agent(given: str) -> Path:
    """The directory that holds the package: the one named, else Debian's, else where it can be
    imported from. Raises BadInput.
    """
    if given:
        directory = Path(given)
        if (directory / PACKAGE / "__init__.py").is_file():
            return directory.resolve()
        if directory.name == PACKAGE and (directory / "__init__.py").is_file():
            return directory.resolve().parent
        unpacked = directory / str(DEBIAN).lstrip("/")
        hint = f"did you mean {safe(str(unpacked), 300)!r}?" if (unpacked / PACKAGE).is_dir() else "DIR is the site-packages directory of an agent"
        raise BadInput(f"{safe(given, 300)!r} holds no package {PACKAGE}", where="--collector linux-agent:DIR", hint=hint)
    if (DEBIAN / PACKAGE / "__init__.py").is_file():
        return DEBIAN
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin and Path(spec.origin).is_file():
        return Path(spec.origin).resolve().parent.parent
    raise BadInput(
        f"no Linux agent is installed: neither {DEBIAN / PACKAGE} nor an importable {PACKAGE}",
        where="--collector linux-agent", hint="linux-agent:DIR names the directory that holds it",
    )  # fmt: skip


class AgentCode:
    """The modules that one agent's collector consists of. ``version`` is as it calls itself."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.version = self._version()
        self._modules: dict[str, CompiledModule] = {}
        self._foreign: set[str] = set()
        present = [name for name in (COLLECTOR, EARLY_COLLECTOR) if self._path(name) is not None]
        if not present:
            raise BadInput(
                f"version {self.version} collects no extension events", where=str(directory), hint="2.2.53 is the first that does"
            )
        self.collector = present[0]
        for name in (self.collector, *_ASKED):
            self._take(name)
        self._warm()

    def _version(self) -> str:
        """What ``AGENT_VERSION`` is set to."""
        for node in ast.walk(self._parsed(self.directory / PACKAGE / "common" / "version.py")):
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
                continue
            if any(isinstance(target, ast.Name) and target.id == "AGENT_VERSION" for target in node.targets):
                return safe(node.value.value, 40)
        raise BadInput("the agent does not tell its version (AGENT_VERSION in common/version.py)", where=str(self.directory))

    @staticmethod
    def _parsed(path: Path) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its escapes are its own matter
                return ast.parse(path.read_bytes(), str(path))
        except OSError as error:
            raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
        except (SyntaxError, ValueError) as error:
            raise BadInput(f"is no Python that this interpreter understands: {error}", where=str(path)) from None

    def _path(self, name: str) -> Path | None:
        base = self.directory.joinpath(*name.split("."))
        return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)

    def _take(self, name: str) -> None:
        """Compile a module and all of the agent's that it imports, wherever it does so."""
        waiting = _with_packages(name)
        while waiting:
            name = waiting.pop()
            path = self._path(name)
            if name in self._modules or path is None:
                continue
            tree = self._parsed(path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(tree, str(path), "exec", dont_inherit=True)
            self._modules[name] = CompiledModule(code, str(path), importlib.util.cache_from_source(str(path)), path.name == "__init__.py")
            for imported in _imported(tree, name if path.name == "__init__.py" else name.rpartition(".")[0]):
                if imported.partition(".")[0] == PACKAGE:
                    waiting += _with_packages(imported)
                else:
                    self._foreign.add(imported)

    def _warm(self) -> None:
        """Import what it needs of the standard library once, before workers are forked."""
        with _machine():
            for name in sorted(self._foreign):
                if name.partition(".")[0] in sys.stdlib_module_names:
                    try:
                        importlib.import_module(name)
                    except ImportError:
                        continue  # a name of a module, or of an older Python

    def load(self) -> Mapping[str, ModuleType]:
        """Its modules, executed anew: ``collector``, ``conf``, ``event``, ``logger``.

        Raises BadInput where this Python cannot.
        """
        _FINDER.serve(self._modules)
        # What it does in ways that Python has grown out of is its own matter, also where warnings are errors.
        warnings.filterwarnings("ignore", module=rf"{PACKAGE}(\.|$)")
        for name in [name for name in sys.modules if name == PACKAGE or name.startswith(PACKAGE + ".")]:
            del sys.modules[name]
        try:
            with _machine():
                names = {"collector": self.collector, **{name.rpartition(".")[2]: name for name in _ASKED}}
                return {ours: importlib.import_module(name) for ours, name in names.items()}
        except Exception as error:
            told = f"{type(error).__name__}: {safe(str(error), 200)}"
            python = ".".join(str(part) for part in sys.version_info[:2])
            raise BadInput(f"version {self.version} cannot be loaded by Python {python}: {told}", where=str(self.directory)) from error


@lru_cache(maxsize=4)
def agent_code(directory: Path) -> AgentCode:
    """The code of the agent in that directory, read once a process."""
    return AgentCode(directory)


def _with_packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """The modules that a module of this package imports, and the names that may be modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


class _Version:
    """What is left of ``distutils.version.Version`` for those that derive from it."""

    def __init__(self, text: str | None = None) -> None:
        if text:
            self.parse(text)

    def parse(self, text: str) -> None:
        raise NotImplementedError(text)


def _stand_ins() -> dict[str, ModuleType]:
    """Modules that answer for the machine."""
    distro = types.ModuleType("distro")
    vars(distro)["linux_distribution"] = lambda full_distribution_name=True: ("debian", "12", "bookworm")  # noqa: ARG005 - the name that the agent calls it with
    found = {"distro": distro}
    if sys.version_info >= (3, 12):
        found |= {"distutils": types.ModuleType("distutils"), "distutils.version": types.ModuleType("distutils.version")}
        vars(found["distutils"])["version"] = found["distutils.version"]
        vars(found["distutils.version"])["Version"] = vars(found["distutils.version"])["LooseVersion"] = _Version
    if sys.version_info >= (3, 13):
        found["crypt"] = types.ModuleType("crypt")
    return found


@contextmanager
def _machine() -> Iterator[None]:
    """While the agent is imported: stand-ins in place, its warnings to nobody, loggers left as they
    were.
    """
    ours = _stand_ins()
    kept = {name: sys.modules[name] for name in ours if name in sys.modules}
    handlers = logging.getLogger().handlers[:]
    sys.modules.update(ours)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name in ours:
            sys.modules.pop(name, None)
        sys.modules.update(kept)
        logging.getLogger().handlers[:] = handlers


_FINDER = Finder()
