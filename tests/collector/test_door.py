"""The Python door, its settings, and what importing it costs.
No clause of the contract; an interface others build on.
"""

import os
import subprocess
import sys

import pytest

from etp_kit import collector

from .samples import event
from .senders import FlushingSender, Sender
from .worlds import World

SETTINGS = {
    "period", "agent_events_period", "quota", "delivery", "extension_events", "max_file_size", "max_message", "max_event",
    "max_element", "tries", "retry_delay", "max_wait", "max_parse", "max_rejects", "max_spared", "max_spared_bytes",
    "max_early_removals", "max_entries", "max_log_records", "common_parameters", "logger", "emit",
}  # fmt: skip
NUMBERS = sorted(SETTINGS - {"delivery", "extension_events", "common_parameters", "logger", "emit"})
PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(collector.__file__)))


def test_capabilities_before_anything_is_built():
    offered = dict(collector.build.capabilities)
    assert set(offered.pop("settings")) == SETTINGS
    assert offered.pop("ledger") is True
    assert sorted(offered.pop("delivery")) == ["at-least-once", "at-most-once"]
    assert offered == {
        "protocol": 1,
        "quota": 360,
        "agent_events": True,
        "redaction": True,
        "integer_pids": True,
        "service": True,
        "notices": True,
    }


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [-1, "5", None, [], float("nan"), float("inf"), True, -0.5], ids=repr)
def test_settings_nonsense_is_refused_by_name(world, name, value):
    with pytest.raises(ValueError, match=name):
        world.build(Sender(), **{name: value})


@pytest.mark.parametrize("name", ["quota", "max_file_size", "tries", "period", "max_element", "max_parse"])
def test_settings_zero_is_refused_where_it_means_nothing(world, name):
    with pytest.raises(ValueError, match=name):
        world.build(Sender(), **{name: 0})


@pytest.mark.parametrize(
    ("name", "value"),
    [("delivery", "exactly-once"), ("delivery", None), ("common_parameters", {}), ("common_parameters", None), ("emit", "x"),
     ("extension_events", "no"), ("quota", 1.5), ("logger", "root")],
    ids=repr,
)  # fmt: skip
def test_settings_of_the_wrong_kind_are_refused_by_name(world, name, value):
    with pytest.raises(ValueError, match=name):
        world.build(Sender(), **{name: value})


@pytest.mark.parametrize("path", ["relative/dir", "", b"/bytes", None, 5, "/nul\x00byte"], ids=repr)
def test_settings_the_log_dir_is_an_absolute_path(path):
    with pytest.raises(ValueError, match="log_dir"):
        collector.build(path, None, Sender())


@pytest.mark.parametrize("path", ["relative/dir", "", b"/bytes", 5], ids=repr)
def test_settings_the_agent_events_dir_is_an_absolute_path_or_none(world, path):
    with pytest.raises(ValueError, match="agent_events_dir"):
        collector.build(world.log_dir, path, Sender())


def test_settings_unknown_ones_are_refused(world):
    with pytest.raises(TypeError, match="max_quota"):
        world.build(Sender(), max_quota=5)


def test_settings_nothing_is_touched_at_construction(world):
    os.rmdir(world.log_dir)
    world.build(FlushingSender(), delivery="at-least-once")
    assert sorted(os.listdir(world.root)) == ["agent", "outside"]


def test_settings_the_defaults_serve(tmp_path):
    world = World(tmp_path)
    world.write("1.json", event())
    sender = Sender()
    collector.build(world.log_dir, None, sender).collect()
    names = [name for name, _value in sender.accepted[0].parameters]
    assert len(names) == 24
    assert sender.messages == ["a message"]


def test_handler_with_the_defaults_of_an_agent():
    service = collector.get_collect_telemetry_events_handler(Sender())
    assert service.get_thread_name() == "TelemetryEventsCollector"
    assert not service.is_alive()


def test_event_carries_names_as_on_the_wire(world):
    world.write("1.json", event())
    (handed,) = world.run().accepted
    for attribute in ("eventId", "providerId", "file_type", "parameters", "key"):
        assert getattr(handed, attribute)
    assert tuple(handed.key) == ("Ext", "1.json", 0)


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=True).stdout


def test_import_loads_nothing_of_the_net_or_the_command_line():
    script = f"import sys; sys.path.insert(0, {PACKAGE_ROOT!r}); import collector; print(chr(10).join(sys.modules))"
    loaded = set(python("-I", "-c", script).split())
    assert "collector" in loaded
    unwanted = {
        "urllib",
        "urllib.parse",
        "http",
        "http.client",
        "argparse",
        "socket",
        "ssl",
        "email",
        "subprocess",
        "asyncio",
    }
    assert loaded & unwanted == set()


COUNTED = """
import sys
calls = []
for statement in (@BASE@, "import collector"):
    calls.append(0)
    def count(frame, event, argument):
        calls[-1] += event in ("call", "c_call")
    sys.setprofile(count)
    exec(statement)
    sys.setprofile(None)
    sys.path.insert(0, @ROOT@)
print(*calls)
"""


def test_import_costs_little_more_than_what_it_stands_on():
    """Calls made, which no load of a machine moves;
    tests/benchmarks/test_import.py has the time.
    """
    statement = "import json, threading, logging, xml.parsers.expat"
    script = COUNTED.replace("@BASE@", repr(statement)).replace("@ROOT@", repr(PACKAGE_ROOT))
    python("-I", "-c", script)  # compiled once, as on any machine after its first start
    base, ours = map(int, python("-I", "-c", script).split())
    assert base > 10_000
    assert 1_000 < ours <= 0.25 * base


def test_a_sender_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"sender must have enqueue_event\(\)"):
        collector.build(str(tmp_path), None, object())


def test_no_logger_means_the_packages_own(tmp_path):
    assert collector.build(str(tmp_path), None, Sender(), logger=None).config.logger.name == "etp_kit.collector"


def test_an_event_tells_where_it_is_from(world):
    world.write("1.json", event())
    assert repr(world.run().accepted[0]) == "TelemetryEvent('Ext', '1.json', 0)"
