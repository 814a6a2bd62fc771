"""A package in which a run left no trace is not loaded again; one trace of any kind, and it is."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.subjects import REFERENCE, Package, resolve
from etp_kit.simulator.subjects.imprint import Imprint
from etp_kit.simulator.subjects.package import ALIAS
from etp_kit.simulator.subjects.specs import _resolved
from etp_kit.simulator.suite.examination import examine

SOUND = """
import abc, functools, json, logging, re
from collections import namedtuple

LOGGER = logging.getLogger(__name__)
SEEN = []
TABLE = {"inner": {}}
NAMES = {"a"}
NESTED = ((), [1])
COUNT = 0
match = re.compile("x").match
decode = json.JSONDecoder().decode

class Plain:
    kept = None
    def __init__(self):
        self.value = []
    @property
    def p(self):
        return 1
    @classmethod
    def c(cls):
        return cls
    @staticmethod
    def s(given=[]):
        return given

class Abstract(abc.ABC):
    @abc.abstractmethod
    def act(self): ...

Pair = namedtuple("Pair", "one two")
one = Plain()

@functools.lru_cache
def cached(number):
    return [number]

def counter():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
step = counter()

def build(first=(), *, second={}):
    return None

def known():
    return None
known.seen = []
"""

TRACES = {
    "a global": "module.COUNT = 1",
    "an equal object in place of another": "module.SEEN = []",
    "a new global": "module.extra = None",
    "a global less": "del module.COUNT",
    "a list": "module.SEEN.append(1)",
    "a list within a tuple": "module.NESTED[1][0] = 2",
    "a dictionary": "module.TABLE['x'] = 1",
    "a dictionary within one": "module.TABLE['inner']['x'] = 1",
    "a set": "module.NAMES.add('b')",
    "an attribute of a class": "module.Plain.kept = 1",
    "a method": "module.Plain.p = None",
    "an attribute of an object": "module.one.value = 1",
    "a list of an object": "module.one.value.append(1)",
    "a default argument": "module.Plain.s().append(1)",
    "a named default argument": "module.build.__kwdefaults__['second']['x'] = 1",
    "other defaults": "module.build.__defaults__ = ((1,),)",
    "other named defaults": "module.build.__kwdefaults__ = {'second': {}}",
    "an attribute of a function": "module.build.calls = 1",
    "another attribute of a function": "module.known.calls = 1",
    "what an attribute of a function holds": "module.known.seen.append(1)",
    "the code of a function": "module.build.__code__ = module.counter.__code__",
    "a variable of a closure": "module.step()",
    "a level": "module.LOGGER.setLevel(10)",
    "a handler": "module.LOGGER.addHandler(None)",
    "a registered class": "module.Abstract.register(int)",
    "a module imported late": "import etp_subject.late",
    "a module that is gone": "import sys; del sys.modules['etp_subject']",
}

HIDING = {
    "deque": "import collections; kept = collections.deque()",
    "iterator": "kept = iter([1])",
    "counter": "import itertools; kept = itertools.count()",
    "generator": "kept = (i for i in [1])",
    "locals of a thread": "import threading; kept = threading.local()",
    "random numbers": "import random; kept = random.Random(1)",
    "a method of what hides": "import random; kept = random.Random(1).random",
    "a method of a list": "import collections; kept = collections.deque().append",
    "a metaclass": "class M(type): pass\nclass kept(metaclass=M): pass",
    "a dictionary with a class": "class D(dict): pass\nkept = D()",
    "slots": "class S:\n    __slots__ = ('x',)\nkept = S()",
    "bytes that change": "kept = bytearray()",
    "an unbound variable": "def f():\n    def g(): return x\n    return g\n    x = 1\nkept = f()",
}


@pytest.fixture
def made(tmp_path: Path) -> Any:
    def make(text: str, *, inert: bool = True) -> Package:
        (tmp_path / "__init__.py").write_text(text)
        (tmp_path / "late.py").write_text("")
        return Package(tmp_path, inert=inert)

    return make


def _use(module: ModuleType) -> None:
    """What leaves no trace."""
    module.one.c()
    module.build()
    assert module.match("x")
    module.decode("{}")
    module.Pair(1, 2)
    isinstance(3, module.Abstract)
    module.LOGGER.debug("nobody hears it")


def test_what_left_no_trace_is_not_loaded_again(made: Any) -> None:
    package = made(SOUND)
    module = package.load()
    _use(module)
    assert package.load() is module


@pytest.mark.parametrize("trace", TRACES)
def test_a_trace_has_the_package_loaded_anew(made: Any, trace: str) -> None:
    package = made(SOUND)
    module = package.load()
    exec(TRACES[trace], {"module": module})
    fresh = package.load()
    assert fresh is not module
    assert f"{ALIAS}.late" not in sys.modules
    assert package.load() is fresh


def test_what_leaves_traces_is_loaded_each_time(made: Any) -> None:
    package = made(SOUND)
    for _ in range(2):
        package.load().SEEN.append(1)
    assert package.load() is not package.load()


def test_a_trace_of_the_kits_own_does_not_count_for_ever(made: Any) -> None:
    """As where it was loaded before the clock was put in place."""
    package = made(SOUND)
    package.load().json = None
    package.load()
    assert package.load() is package.load()


def test_what_a_cache_holds_is_no_trace_and_is_gone(made: Any) -> None:
    package = made(SOUND)
    module = package.load()
    before = module.cached(1)
    assert package.load() is module
    assert module.cached(1) is not before


@pytest.mark.parametrize("kind", HIDING)
def test_what_may_hide_a_state_is_told_and_never_holds(made: Any, kind: str) -> None:
    module = made(f"def build(): ...\n{HIDING[kind]}\n", inert=False).load()
    imprint = Imprint(ALIAS, [ALIAS])
    assert imprint.opaque.startswith(f"{module.__name__}.kept")
    assert not imprint.holds()


def test_a_package_that_is_not_inert_is_loaded_each_time(made: Any) -> None:
    package = made(SOUND, inert=False)
    assert package.load() is not package.load()


def test_another_package_in_between_has_it_loaded_anew(made: Any) -> None:
    package = made(SOUND)
    module = package.load()
    Package(REFERENCE, inert=True).load()
    assert package.load() is not module
    assert package.load().__file__ == module.__file__


def test_the_reference_is_loaded_once_for_many_runs() -> None:
    def loads(place: Any) -> bool:
        _resolved.cache_clear()  # this process is a fork of one in which other tests left their traces
        subject = resolve("reference")
        first = subject.load()
        examine(RunSpec(load_scenario("small/at-least-once"), 0, "reference", place.name), place)
        return subject.load() is first

    assert result_of(Job("loads", loads, "fake"))[0]


def _asked(package: Package) -> set[str]:
    """What of the clock, the system and chance the package's own code asks while it is loaded."""
    asked = set()

    def heard(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and frame.f_globals.get("__name__", "").startswith(ALIAS):
            asked.add(argument.__module__)

    sys.setprofile(heard)
    try:
        package.load()
    finally:
        sys.setprofile(None)
    return asked & {"time", "posix", "_random", "_thread", "_socket", "_io", "io", "_signal"}


def test_to_import_the_reference_or_a_mutant_asks_nothing_of_the_world() -> None:
    edits = {name: [mutant.edit] for name, mutant in mutants().items()} | {"reference": []}
    asked = {name: _asked(Package(REFERENCE, edit)) for name, edit in edits.items()}
    assert {name: what for name, what in asked.items() if what} == {}


def test_an_import_that_asks_the_clock_would_be_seen(made: Any) -> None:
    assert _asked(made("import time\nBEGAN = time.monotonic()\ndef build(): ...\n")) == {"time"}
