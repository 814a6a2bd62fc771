"""A collector's own thread, from its start to after its end; in a process of its own."""

from __future__ import annotations

import os
import threading
from types import ModuleType
from typing import Any, ClassVar

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.runner.run import Run
from etp_kit.simulator.runner.service_driver import NumberedByTime
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects.subject import Subject
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.files import install_files
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.world import FakeWorld

from ..world.child import in_child
from .staged import PERIOD, scenario, spec


class Service:
    """Looks into the log dir each period, until it is stopped."""

    name = "Mine"
    daemon = True

    def __init__(self, look: Any) -> None:
        self._look = look
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=self.daemon)

    def _serve(self) -> None:
        while not self._stop.wait(PERIOD / SECOND):
            self._look()

    def run(self) -> None:
        self._thread.start()

    def start(self) -> None:
        pass

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def stopped(self) -> bool:
        return self._stop.is_set()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def get_thread_name(self) -> str:
        return self.name


class Mine:
    """A collector with such a service."""

    capabilities: ClassVar[dict[str, bool]] = {"service": True}
    kind: type = Service

    def __init__(self, log_dir: str, agent_events_dir: str, sender: Any) -> None:
        self.log_dir = log_dir

    def look(self) -> None:
        os.listdir(self.log_dir)

    def service(self) -> Any:
        return self.kind(self.look)


class Loaded(Subject):
    """A collector, and the package that it is of."""

    def __init__(self, factory: Any, module: ModuleType | None = None) -> None:
        super().__init__("py:mine:make", lambda: factory)
        self._module = module

    def module(self) -> ModuleType | None:
        return self._module


def records(factory: Any, *ops: str, door: Any = None, **keys: Any) -> list[Any]:
    """(op, pass, result) of these kinds of records."""

    def work() -> list[Any]:
        install_seam()
        install_files()
        CLOCK.install()
        module = ModuleType("mine")
        if door is not None:
            vars(module)["get_collect_telemetry_events_handler"] = door
        of = spec(scenario=scenario(**{"service": True, "passes": 3, **keys}))
        history = Run(of, Loaded(factory, module), FakeWorld()).execute()
        return [(one.op, one.pass_number, one.result) for one in history if one.op in ops]

    return list(in_child(work))


def services(factory: Any, **keys: Any) -> list[Any]:
    return [result for _, _, result in records(factory, "service", **keys)]


def test_a_service_lives_is_stopped_and_does_not_come_back() -> None:
    told = services(Mine)
    assert [(one["do"], one["alive"], one["stopped"]) for one in told] == [
        ("run", True, False), ("before-stop", True, False), ("stop", False, True), ("start-again", False, True),
    ]  # fmt: skip
    assert (told[0]["name"], told[0]["daemon"], told[2]["took"]) == ("Mine", True, 0)


def test_each_look_is_of_the_pass_whose_time_is_nearest() -> None:
    looks = [number for op, number, result in records(Mine, "call") if result["call"] == "listdir"]
    assert looks == [1, 2, 3]


def test_it_is_stopped_when_the_scenario_says_so() -> None:
    looks = [
        result for _, _, result in records(Mine, "call", stop_at=PERIOD // SECOND + 1) if result["call"] == "listdir"
    ]
    assert len(looks) == 1


def test_a_thread_that_is_no_daemon_is_told() -> None:
    class Lasting(Mine):
        kind = type("Lasting", (Service,), {"daemon": False})

    assert services(Lasting)[0]["daemon"] is False


def test_an_error_that_a_question_raises_is_told() -> None:
    class Sulking(Mine):
        kind = type("Sulking", (Service,), {"get_thread_name": lambda self: 1 / 0})

    assert services(Sulking) == [{"do": "signal", "signal": "an error (ZeroDivisionError)"}]


def test_a_crash_while_it_is_built_is_met_by_another_process() -> None:
    class Building(Mine):
        def __init__(self, log_dir: str, *rest: Any) -> None:
            super().__init__(log_dir, *rest)
            os.stat(log_dir)

    told = records(Building, "restart", "service", fault=[{"kind": "crash", "call": "stat"}])
    assert [one[0] for one in told] == ["restart", *["service"] * 4]


def test_a_crash_underway_ends_its_process_and_another_goes_on() -> None:
    told = records(Mine, "crash", "call", "restart", "service", fault=[{"kind": "crash", "call": "listdir", "nth": 2}])
    assert [result["do"] if op == "service" else op for op, _, result in told] == [
        "run", "call", "crash", "restart", "run", "call", "before-stop", "stop", "start-again",
    ]  # fmt: skip


def test_what_ends_its_thread_otherwise_is_told_by_its_name() -> None:
    class Waiting(Mine):
        def look(self) -> None:
            open(f"{self.log_dir}/pipe")  # noqa: SIM115 - it never comes back

        def __init__(self, log_dir: str, *rest: Any) -> None:
            super().__init__(log_dir, *rest)
            os.mkfifo(f"{log_dir}/pipe")

    assert services(Waiting)[-1] == {"do": "signal", "signal": "WouldBlock"}


def test_the_wall_clock_is_set_before_the_pass_that_the_fault_names() -> None:
    faults = records(Mine, "fault", fault=[{"kind": "clock-step", "in_pass": 1, "seconds": 60}])
    assert [result["kind"] for _, _, result in faults] == ["clock-step"]


@pytest.mark.parametrize(
    ("service", "problem"),
    [
        (None, "has no service()"),
        (lambda self: 1 / 0, "service() raised ZeroDivisionError"),
        (lambda self: object(), "what service() returned has no run()"),
    ],
    ids=["none", "raises", "no interface"],
)
def test_one_that_has_none_has_not_what_it_declares(service: Any, problem: str) -> None:
    factory = type("Its", (Mine,), {"service": service})
    found = records(factory, "capability", "service")
    assert [(op, result["problem"]) for op, _, result in found] == [("capability", problem)]


# --- the agent's door -----------------------------------------------------------------------------------------------------


def raising(sender: Any) -> Any:
    raise LookupError


@pytest.mark.parametrize(
    ("door", "said"),
    [
        (None, None),
        (raising, "raised LookupError"),
        (lambda sender: object(), "lacks run, start, stop, stopped, is_alive, get_thread_name"),
        (lambda sender: Service(lambda: None), "made"),
    ],
    ids=["none", "raises", "lacks", "made"],
)
def test_what_comes_of_asking_at_the_agents_door_is_told(door: Any, said: str | None) -> None:
    assert services(Mine, door=door)[0].get("door") == said


def test_a_door_whose_thread_runs_already_is_told() -> None:
    def door(sender: Any) -> Service:
        made = Service(lambda: None)
        made.run()
        return made

    assert services(Mine, door=door)[0]["door"] == "alive"


# --- the parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "number"), [(0, 0), (PERIOD // 2 - 1, 0), (PERIOD // 2, 1), (PERIOD, 1)])
def test_a_call_is_numbered_by_the_nearest_pass(stage: Stage, now: int, number: int) -> None:
    CLOCK.advance(now)
    NumberedByTime(stage, PERIOD).before("stat", "log")
    assert stage.recorder.pass_number == number


def test_one_that_cannot_be_built_is_the_users_to_mend() -> None:
    def factory(*args: Any) -> Any:
        raise KeyError("mine")

    def work() -> str:
        install_seam()
        install_files()
        CLOCK.install()
        try:
            Run(spec(scenario=scenario(service=True)), Loaded(factory), FakeWorld()).execute()
        except BadInput as error:
            return str(error)
        return ""

    assert "could not be built: KeyError: 'mine'" in in_child(work)
