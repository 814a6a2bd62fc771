"""`python -m etp_kit.collector`: as a process, as its users start it;
and in this process, where a decision is looked at.
"""

import fcntl
import importlib
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import threading

import pytest

from etp_kit.collector import sweep
from etp_kit.collector.config import configure
from etp_kit.collector.program import command
from etp_kit.collector.program.arguments import HEADERS, parse
from etp_kit.collector.program.lines import LineSender, line
from etp_kit.collector.program.sender import ServiceStoppedError
from etp_kit.collector.telemetry import Param, TelemetryEvent

from .samples import event, events

ROOT = pathlib.Path(command.__file__).parents[2]  # of the package under test, installed or not
LIMIT = 60  # seconds after which a test counts as hung


@pytest.fixture
def log_dir(tmp_path):
    path = tmp_path / "log"
    (path / "Some.Handler" / "events").mkdir(parents=True)
    return path


def put(log_dir, name, content):
    path = log_dir / "Some.Handler" / "events" / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def started(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("environment", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "etp_kit.collector", *map(str, arguments)],
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        env=environment,
        **options,
    )


def ran(*arguments, **options):
    process = started(*arguments, **options)
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, (out or b"").decode("ascii").splitlines(), err.decode()


def called(*arguments):
    """The exit code of the program in this process."""
    try:
        return command.main([str(argument) for argument in arguments])
    except SystemExit as left:
        return left.code


def messages(lines):
    told = [json.loads(one) for one in lines]
    return [param["value"] for one in told for param in one["parameters"] if param["name"] == "Context1"]


class TestLines:
    def test_each_accepted_event_is_a_line(self, log_dir):
        put(log_dir, "1.json", events(3))
        path = put(log_dir, "2.json", event(Message="ä\u2028 🎉"))
        code, out, err = ran("--log-dir", log_dir, "--once")
        assert code == 0
        assert sorted(messages(out)) == ["m0", "m1", "m2", "ä\u2028 🎉"]
        (told,) = [json.loads(one) for one in out if "2.json" in one]
        assert list(told) == ["eventId", "providerId", "file_type", "key", "parameters"]
        assert told["key"] == ["Some.Handler", "2.json", 0]
        assert not path.exists()
        assert "INFO Collected 4 events for extension: Some.Handler" in err

    def test_notices_go_to_stderr_one_a_line(self, log_dir):
        put(log_dir, "1.json", event(Message=""))
        put(log_dir, "2.json", b"x" * (4194304 + 1))
        code, out, err = ran("--log-dir", log_dir, "--once")
        assert (code, out) == (0, [])
        assert len(err.splitlines()) >= 2
        assert all(one[10] == "T" and one[23] == "Z" for one in err.splitlines())

    def test_agent_events_are_collected_from_the_directory_named(self, log_dir, tmp_path):
        (tmp_path / "agent").mkdir()
        tld = {
            "eventId": 1,
            "providerId": "P",
            "parameters": [{"name": "Name", "value": "X"}, {"name": "Duration", "value": float("nan")}],
        }
        (tmp_path / "agent" / "1.waagent.tld").write_text(json.dumps(tld))
        code, out, _ = ran("--log-dir", log_dir, "--agent-events-dir", tmp_path / "agent", "--once")
        assert code == 0
        (told,) = [json.loads(one, parse_constant=pytest.fail) for one in out]
        assert told["parameters"] == [{"name": "Name", "value": "X"}, {"name": "Duration", "value": "nan"}]

    def test_a_relative_directory_is_of_the_working_directory(self, log_dir):
        put(log_dir, "1.json", event())
        assert ran("--log-dir", "log", "--once", cwd=log_dir.parent)[:1] == (0,)
        assert not list(log_dir.glob("*/events/*"))

    def test_nothing_in_a_line_is_beyond_ascii_or_json(self):
        values = [Param("a\ud800", [float("inf"), {"b\udfff": "\ud800"}]), Param("c", None)]
        made = line(TelemetryEvent(1, "P", "json", values, ("h\udc80", "f", 0)))
        told = json.loads(made.decode("ascii"), parse_constant=pytest.fail)
        assert told["key"] == ["h\ufffd", "f", 0]
        assert told["parameters"][0] == {"name": "a\ufffd", "value": ["inf", {"b\ufffd": "\ufffd"}]}


class TestReader:
    def test_a_reader_that_went_away_costs_no_file(self, log_dir):
        kept = [put(log_dir, f"{n}.json", event(Message="x" * 3000)) for n in range(50)]
        read, write = os.pipe()
        os.close(read)
        code, _, _ = ran("--log-dir", log_dir, "--once", "--delivery", "at-least-once", stdout=write)
        os.close(write)
        assert code == 1
        assert all(path.exists() for path in kept)

    def test_a_closed_stdout_is_refused_before_anything_is_removed(self, log_dir):
        kept = put(log_dir, "1.json", event())
        code, _, err = ran("--log-dir", log_dir, "--once", stdout=None, preexec_fn=lambda: os.close(1))
        assert code == 1
        assert "stdout is closed" in err
        assert kept.exists()

    @pytest.mark.parametrize("how", [["--once"], ["--period", "300"]])
    def test_a_reader_that_never_reads_does_not_hold_the_signal(self, log_dir, how):
        for n in range(60):
            put(log_dir, f"{n}.json", event(Message="x" * 3000))
        process = started("--log-dir", log_dir, *how, bufsize=0)
        process.stdout.read(1)  # it writes; from now on nobody reads
        process.send_signal(signal.SIGTERM)
        code = process.wait(LIMIT)
        out, _ = process.communicate()
        missing = 60 - out.count(b"\n") - len(list(log_dir.glob("*/events/*")))
        assert missing in (0, 1), "of the file in work, which is removed before its event is written"
        assert code == (3 if missing else 1 if how == ["--once"] else 0)

    @pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
    def test_what_a_stop_leaves_unwritten_is_in_the_exit_code(self, log_dir, delivery):
        path = put(log_dir, "1.json", event(Message="x" * 8000))
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
        process = started("--log-dir", log_dir, "--delivery", delivery, stdout=write)
        os.close(write)
        assert select.select([read], [], [], LIMIT)[0]  # the pipe is full: the line is longer
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=LIMIT)
        os.close(read)
        assert (process.returncode, path.exists()) == ((3, False) if delivery == "at-most-once" else (1, True))
        assert (b"events that are lost" in err) == (delivery == "at-most-once")
        assert (b"stays in its files" in err) == (delivery == "at-least-once")

    def test_what_is_slow_is_waited_for(self, monkeypatch):
        read, write = os.pipe()
        os.set_blocking(write, False)
        tries = iter([BlockingIOError, None])
        real = os.write

        def write_once_refused(descriptor, content):
            error = next(tries, None)
            if error:
                raise error
            return real(descriptor, content)

        monkeypatch.setattr(os, "write", write_once_refused)
        sender = LineSender(write, threading.Event(), True)
        sender.enqueue_event(TelemetryEvent(1, "P", "json", [], ("h", "f", 0)))
        assert sender.flush()
        assert os.read(read, 1000).endswith(b"\n")
        os.close(read)
        os.close(write)

    def test_a_reader_that_is_not_ready_is_asked_again(self, monkeypatch):
        ready = iter([[], [1]])
        written = []
        monkeypatch.setattr(select, "select", lambda *_: ([], next(ready), []))
        monkeypatch.setattr(os, "write", lambda _, content: written.append(bytes(content)) or len(content))
        LineSender(1, threading.Event(), True).enqueue_event(TelemetryEvent(1, "P", "json", [], ("h", "f", 0)))
        assert len(written) == 1

    @pytest.mark.parametrize("comes_again", [True, False])
    def test_the_file_that_cannot_be_written_stops_the_program(self, comes_again):
        stop = threading.Event()
        descriptor = os.open("/dev/full", os.O_WRONLY)
        sender = LineSender(descriptor, stop, comes_again)
        with pytest.raises(ServiceStoppedError):
            sender.enqueue_event(TelemetryEvent(1, "P", "json", [], ("h", "f", 0)))
        os.close(descriptor)
        assert stop.is_set()
        assert not sender.flush()
        assert (sender.left, sender.lost) == (comes_again, not comes_again)
        with pytest.raises(ServiceStoppedError):
            sender.enqueue_event(TelemetryEvent(1, "P", "json", [], ("h", "f", 0)))


class TestLife:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_passes_are_made_until_a_signal(self, log_dir, number):
        put(log_dir, "1.json", event(Message="first"))
        process = started("--log-dir", log_dir, "--period", "0.05")
        assert messages([process.stdout.readline()]) == ["first"]
        put(log_dir, "2.json", event(Message="second"))
        assert messages([process.stdout.readline()]) == ["second"]
        process.send_signal(number)
        out, err = process.communicate(timeout=LIMIT)
        assert (process.returncode, out) == (0, b"")
        assert b"Traceback" not in err

    def test_the_second_signal_ends_it_as_it_is(self, monkeypatch):
        before = signal.getsignal(signal.SIGUSR1)
        stop = threading.Event()
        command._stopping(stop)(signal.SIGUSR1, None)
        assert stop.is_set()
        assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
        signal.signal(signal.SIGUSR1, before)

    def test_a_thread_that_died_ends_the_program(self, log_dir, monkeypatch):
        class Dead:
            def __init__(self, *_):
                self.start = self.stop = lambda: None
                self.is_alive = lambda: False

        monkeypatch.setattr(command, "Service", Dead)
        assert called("--log-dir", log_dir) == 1

    def test_it_looks_again_and_again_whether_its_thread_lives(self, log_dir, monkeypatch):
        alive = iter([True, True, False])

        class Dying:
            def __init__(self, *_):
                self.start = self.stop = lambda: None
                self.is_alive = lambda: next(alive)

        monkeypatch.setattr(command, "Service", Dying)
        monkeypatch.setattr(command, "_LOOK", 0.001)
        assert called("--log-dir", log_dir) == 1
        assert list(alive) == []

    def test_in_this_process_it_leaves_signals_and_logger_as_they_were(self, log_dir, capfd):
        put(log_dir, "1.json", event(Message="m"))
        handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
        assert called("--log-dir", log_dir, "--once") == 0
        assert messages(capfd.readouterr().out.splitlines()) == ["m"]
        assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == handlers

    def test_the_door_of_the_package(self, log_dir, monkeypatch, capfd):
        monkeypatch.setattr(sys, "argv", ["collector", "--log-dir", str(log_dir), "--once"])
        with pytest.raises(SystemExit) as left:
            importlib.import_module("etp_kit.collector.__main__")  # not runpy: pytest's loader of an installed kit has no code
        assert left.value.code == 0

    def test_a_pass_that_does_not_end_is_left(self, log_dir, monkeypatch, capsys):
        class Endless(command.Once):
            def __init__(self, collector, stop):
                super().__init__(collector, stop)
                stop.set()
                self.start = lambda: None
                self.is_alive = lambda: True
                self._thread = threading.Thread()
                self._thread.join = lambda _: None

        monkeypatch.setattr(command, "Once", Endless)
        assert called("--log-dir", log_dir, "--once") == 1
        assert "Ended before all was delivered" in capsys.readouterr().err

    def test_a_pass_that_cannot_list_is_left(self, log_dir, monkeypatch, capsys):
        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(sweep.Directory, "open", refuse)
        assert called("--log-dir", log_dir, "--once") == 1

    def test_a_stdout_that_is_closed(self, log_dir, monkeypatch, capsys):
        monkeypatch.setattr(sys, "stdout", None)
        assert called("--log-dir", log_dir, "--once") == 1


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ([], "--log-dir"),
            (["--log-dir", "/nowhere/at/all"], "--log-dir: '/nowhere/at/all' is no directory"),
            (["--log-dir", "/", "--agent-events-dir", "/no/\x1b[31m"], "--agent-events-dir: '/no/\\x1b[31m'"),
            (["--log-dir", "/", "--period", "0"], "period must be a number of seconds"),
            (["--log-dir", "/", "--period", "nan"], "period must be a number of seconds"),
            (["--log-dir", "/", "--period", "soon"], "--period"),
            (["--log-dir", "/", "--once", "--period", "5"], "not allowed with"),
            (["--log-dir", "/", "--delivery", "never"], "--delivery"),
            (["--log-dir", "/", "--onc"], "--onc"),
            (["--log-dir", "/", "--otlp", "http://h", "--delivery", "at-most-once"], "--otlp: delivery"),
            (["--log-dir", "/", "--otlp", "ftp://h"], "--otlp: expected is http://HOST"),
            (["--log-dir", "/", "--otlp", "localhost:4318"], "--otlp: expected is http://HOST"),
            (["--log-dir", "/", "--otlp", "http://user:secret@h"], "--otlp: a user"),
            (["--log-dir", "/", "--otlp", "http://h/a b"], "--otlp: a user, query, fragment or space"),
            (["--log-dir", "/", "--otlp", "http://h:99999"], "--otlp: "),
            (["--log-dir", "/", "--otlp-timeout", "5"], "--otlp-timeout belongs to --otlp"),
            (["--log-dir", "/", "--otlp", "http://h", "--otlp-timeout", "0"], "--otlp-timeout must be a number of"),
            (["--log-dir", "/", "--otlp", "http://h", "--otlp-timeout", "nan"], "--otlp-timeout must be a number of"),
            (["--log-dir", "/", "--otlp", "http://h", "--otlp-timeout", "1e999"], "--otlp-timeout must be a number of"),
        ],
    )
    def test_what_makes_no_sense_gets_one_line_and_2(self, arguments, told, capsys):
        assert called(*arguments) == 2
        out, err = capsys.readouterr()
        assert told in err
        assert (out, err.count("\n")) == ("", 1)
        assert "secret" not in err

    def test_a_header_that_is_none_is_told_without_its_value(self, capsys):
        with pytest.raises(SystemExit) as left:
            parse("p", ["--log-dir", "/", "--otlp", "http://h"], {HEADERS: "a=1,secret"})
        assert left.value.code == 2
        err = capsys.readouterr().err
        assert f"{HEADERS}: entry 2 is no header" in err
        assert "secret" not in err

    def test_usage_as_a_process(self):
        code, out, err = ran("--once")
        assert (code, out) == (2, [])
        assert err.startswith("python -m etp_kit.collector: ")

    def test_the_help_tells_the_exit_codes(self, capsys):
        assert called("--help") == 0
        assert "Exit codes: 0" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "delivery"),
        [
            ([], "at-most-once"),
            (["--delivery", "at-least-once"], "at-least-once"),
            (["--otlp", "http://h"], "at-least-once"),
        ],
    )
    def test_the_delivery_is_the_safe_one_for_a_network(self, arguments, delivery):
        assert parse("p", ["--log-dir", "/", *arguments], {}).config.delivery == delivery

    def test_agent_events_come_as_often_as_an_agent_collects_them(self):
        assert parse("p", ["--log-dir", "/"], {}).config.agent_events_period == 60
        assert parse("p", ["--log-dir", "/", "--period", "7"], {}).config.agent_events_period == 7
        assert configure("/", None).agent_events_period == 60
