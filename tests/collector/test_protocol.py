"""`python -m etp_kit.collector --protocol`:
the collector behind requests on stdin, as the kit asks it.
"""

import io
import json
import os
import threading

import pytest

from etp_kit.collector.program import command, protocol
from etp_kit.collector.program.protocol import ScriptedSender, converse
from etp_kit.collector.program.sender import ServiceStoppedError
from etp_kit.collector.telemetry import TelemetryEvent

from .samples import event, events
from .test_program import called, put, ran, started

HELLO = {"type": "hello", "protocol": 1}
STOP = {"type": "stop"}


@pytest.fixture
def log_dir(tmp_path):
    path = tmp_path / "log"
    (path / "Some.Handler" / "events").mkdir(parents=True)
    (tmp_path / "agent").mkdir()
    return path


def start(log_dir, **settings):
    directories = {"log_dir": str(log_dir), "agent_events_dir": str(log_dir.parent / "agent")}
    return dict(directories, type="start", protocol=1, settings=settings)


def collect(kind="extension", **script):
    return {"type": "collect", "kind": kind, "sender": script}


def serve(seconds, again, **script):
    return {"type": "serve", "seconds": seconds, "again": again, "sender": script}


def lines(*requests):
    return b"".join(json.dumps(request).encode() + b"\n" for request in requests)


def conversation(content):
    """The exit code and the answers to what stands on stdin, in this process."""
    if not isinstance(content, bytes):
        content = lines(*content)
    read, write = os.pipe()
    try:
        code = converse(io.BytesIO(content), write)
    finally:
        os.close(write)
        with open(read, "rb") as answers:
            told = [json.loads(one.decode("ascii")) for one in answers]
    return code, told


def of_type(told, kind):
    return [one for one in told if one["type"] == kind]


class TestPass:
    def test_events_come_as_lines_then_notices_then_done(self, log_dir):
        path = put(log_dir, "1.json", [*events(2), event(Message="")])
        code, told = conversation([HELLO, start(log_dir, quota=5), collect(), STOP])
        assert code == 0
        assert [one["type"] for one in told] == ["hello", "started", "event", "event", "notice", "notice", "done"]
        first = told[2]
        assert first["key"] == ["Some.Handler", "1.json", 0]
        assert (first["eventId"], first["file_type"], len(first["parameters"])) == (7, "json", 24)
        assert told[-1]["ledger"]["Some.Handler"]["handed_over"] == 2
        assert {one["kind"] for one in of_type(told, "notice")} == {"drops", "collected"}
        assert not path.exists()

    def test_agent_events_are_a_pass_of_their_own(self, log_dir):
        tld = {"eventId": 1, "providerId": "P", "parameters": [{"name": "Name", "value": "X"}]}
        (log_dir.parent / "agent" / "1.waagent.tld").write_text(json.dumps(tld))
        _, told = conversation([start(log_dir), collect("agent"), STOP])
        assert [one["key"] for one in of_type(told, "event")] == [["", "1.waagent.tld", 0]]

    def test_what_is_declared_can_be_asked_for_in_text(self):
        _, (hello,) = conversation([HELLO, STOP])
        declared = hello["capabilities"]
        assert hello["protocol"] == 1
        assert declared["service"] is True
        assert declared["sender"] == ["down", "stop", "mute", "raise", "flush"]
        assert "quota" in declared["settings"]
        assert "logger" not in declared["settings"]


GO = {"type": "go"}


class TestPause:
    """Where the kit hears no calls, passes stand still for it."""

    def test_none_is_made_where_none_was_asked_for(self, log_dir):
        put(log_dir, "1.json", events(2))
        _, told = conversation([start(log_dir), collect(), STOP])
        assert of_type(told, "pause") == []

    def test_it_stands_still_after_each_event(self, log_dir):
        put(log_dir, "1.json", events(2))
        code, told = conversation([dict(start(log_dir), pause=True), collect(), GO, GO, STOP])
        assert code == 0
        assert [one["type"] for one in told] == ["started", "event", "pause", "event", "pause", "notice", "done"]
        assert {one["seconds"] for one in of_type(told, "pause")} == {0.0}

    def test_so_it_does_after_one_that_the_sender_refused(self, log_dir):
        put(log_dir, "1.json", events(2))
        _, told = conversation([dict(start(log_dir), pause=True), collect(raise_at=[1]), GO, GO, STOP])
        assert [one["type"] for one in told][1:5] == ["refused", "pause", "event", "pause"]

    def test_a_wait_is_a_pause_of_its_length(self, log_dir, monkeypatch):
        monkeypatch.setattr("time.sleep", None)
        put(log_dir, "1.json", "").write_text("[{")
        code, told = conversation([dict(start(log_dir), pause=True), collect(), GO, GO, STOP])
        assert code == 0
        assert [one["seconds"] for one in of_type(told, "pause")] == [1.0, 1.0]

    @pytest.mark.parametrize("answer", [[], [STOP]], ids=["nothing", "another request"])
    def test_where_the_kit_does_not_let_it_go_on_the_pass_ends(self, log_dir, answer):
        put(log_dir, "2.json", events(1))
        kept = put(log_dir, "1.json", events(1))
        _, told = conversation([dict(start(log_dir), pause=True), collect(), *answer])
        assert len(of_type(told, "event")) == 1
        assert kept.exists()


class TestService:
    """The thread that makes the passes, asked for as one."""

    def test_its_life_is_told_from_its_start_to_after_its_end(self, log_dir, monkeypatch):
        path = put(log_dir, "1.json", events(2))
        waits = []

        def wait_for_the_pass(seconds):
            waits.append(seconds)
            while path.exists():
                os.sched_yield()

        monkeypatch.setattr(protocol.time, "sleep", wait_for_the_pass)
        _, told = conversation([start(log_dir), serve(60, 30), STOP])
        life = of_type(told, "service")
        assert [(one["do"], one["alive"], one["stopped"]) for one in life] == [
            ("run", True, False),
            ("before-stop", True, False),
            ("stop", False, True),
            ("start-again", False, True),
        ]
        assert (life[0]["name"], life[0]["daemon"]) == ("TelemetryEventsCollector", True)
        assert waits[1:] == [60, 30]
        assert [one["key"][2] for one in of_type(told, "event")] == [0, 1]
        assert told[-1] == {"type": "done"}

    def test_a_life_of_no_length_makes_no_sense(self, log_dir):
        code, told = conversation([start(log_dir), {"type": "serve"}])
        assert (code, told[-1]["type"]) == (1, "error")

    def test_its_sender_follows_the_script(self, log_dir, monkeypatch):
        path = put(log_dir, "1.json", events(2))
        refused = threading.Event()
        monkeypatch.setattr(protocol.time, "sleep", lambda _: refused.wait(60))
        enqueue = protocol.ScriptedSender.enqueue_event

        def heard(sender, one):
            try:
                enqueue(sender, one)
            except ServiceStoppedError:
                refused.set()
                raise

        monkeypatch.setattr(protocol.ScriptedSender, "enqueue_event", heard)
        _, told = conversation([start(log_dir, delivery="at-least-once"), serve(1, 1, stop_at=2), STOP])
        assert [one["why"] for one in of_type(told, "refused")] == ["stop"]
        assert path.exists()


class TestScript:
    def test_a_sender_that_is_down_gets_nothing_and_the_next_pass_all(self, log_dir):
        put(log_dir, "1.json", events(2))
        _, told = conversation([start(log_dir), collect(down=True), collect(), STOP])
        assert [one["type"] for one in told] == ["started", "notice", "done", "event", "event", "notice", "done"]

    def test_a_sender_that_stops_refuses_that_event_and_ends_the_pass(self, log_dir):
        put(log_dir, "2.json", events(2))
        kept = put(log_dir, "1.json", events(1))
        _, told = conversation([start(log_dir), collect(stop_at=2), STOP])
        assert [one["key"] for one in of_type(told, "refused")] == [["Some.Handler", "2.json", 1]]
        assert len(of_type(told, "event")) == 1
        assert kept.exists()

    def test_a_sender_that_falls_silent_cannot_be_asked_either(self, log_dir):
        put(log_dir, "2.json", events(3))
        kept = put(log_dir, "1.json", events(1))
        _, told = conversation([start(log_dir), collect(mute_at=2), STOP])
        assert [(one["why"], one["key"]) for one in of_type(told, "refused")] == [
            ("mute", ["Some.Handler", "2.json", 1])
        ]
        assert len(of_type(told, "event")) == 1
        assert kept.exists()

    def test_a_sender_that_is_silent_from_the_beginning_gets_nothing(self, log_dir):
        kept = put(log_dir, "1.json", events(1))
        _, told = conversation([start(log_dir), collect(mute_at=0), collect(), STOP])
        assert [one["type"] for one in told] == ["started", "notice", "done", "event", "notice", "done"]
        assert not kept.exists()

    def test_a_sender_that_fails_refuses_that_event_alone(self, log_dir):
        put(log_dir, "1.json", events(3))
        _, told = conversation([start(log_dir), collect(raise_at=[2]), STOP])
        assert [one["key"][2] for one in of_type(told, "event")] == [0, 2]
        assert [(one["why"], one["key"][2]) for one in of_type(told, "refused")] == [("error", 1)]

    def test_a_flush_that_fails_keeps_the_file(self, log_dir):
        path = put(log_dir, "1.json", events(1))
        requests = [start(log_dir, delivery="at-least-once"), collect(fail_flush_at=[1])]
        _, told = conversation([*requests, STOP])
        assert [one["confirmed"] for one in of_type(told, "flush")] == [False]
        assert path.exists()
        _, told = conversation([start(log_dir, delivery="at-least-once"), collect(), STOP])
        assert [one["confirmed"] for one in of_type(told, "flush")] == [True]
        assert not path.exists()


    def test_a_sender_that_has_stopped_takes_nothing_more(self):
        written = []
        sender = ScriptedSender(written.append)
        sender.follow({"down": True})
        with pytest.raises(ServiceStoppedError):
            sender.enqueue_event(TelemetryEvent(1, "P", "json", [], ("h", "f", 0)))
        assert written == []


class TestNonsense:
    @pytest.mark.parametrize(
        "content",
        [
            b"\xff\n",
            b"{\n",
            b"[]\n",
            lines({"type": "nonsense"}),
            lines(collect()),
            lines(serve(1, 1)),
            lines({"type": "start", "protocol": 2}),
            lines({"type": "start", "protocol": 1, "log_dir": "relative"}),
            lines({"type": "start", "protocol": 1, "log_dir": "/", "settings": {"quota": 0}}),
            lines({"type": "start", "protocol": 1, "log_dir": "/", "settings": {"quotta": 1}}),
        ],
    )
    def test_a_request_that_makes_no_sense_is_an_error_and_1(self, content):
        code, told = conversation(content)
        assert code == 1
        assert [one["type"] for one in told] == ["error"]
        assert told[0]["text"]

    def test_the_end_of_stdin_is_the_end(self):
        assert conversation([HELLO])[0] == 0

    def test_nobody_to_answer_ends_it(self, log_dir):
        put(log_dir, "1.json", events(1))
        for requests in ([start(log_dir), collect(), STOP], [{"type": "nonsense"}]):
            read, write = os.pipe()
            os.close(read)
            assert converse(io.BytesIO(lines(*requests)), write) == 1
            os.close(write)


class TestProcess:
    def test_as_a_process_with_notices_on_stderr(self, log_dir, tmp_path):
        put(log_dir, "1.json", events(1))
        with open(str(tmp_path / "requests"), "wb+") as requests:
            requests.write(lines(HELLO, start(log_dir), collect(), STOP))
            requests.seek(0)
            code, out, err = ran("--protocol", stdin=requests)
        assert code == 0
        assert [json.loads(one)["type"] for one in out] == ["hello", "started", "event", "notice", "done"]
        assert "Collected 1 events for extension: Some.Handler" in err

    def test_a_line_is_there_before_the_next_request(self, log_dir):
        process = started("--protocol", stdin=-1)
        process.stdin.write(lines(HELLO))
        process.stdin.flush()
        assert json.loads(process.stdout.readline().decode())["type"] == "hello"
        process.stdin.close()
        assert process.wait(60) == 0
        process.stdout.close()
        process.stderr.close()

    def test_in_this_process(self, monkeypatch):
        class Stdin:
            buffer = io.BytesIO(b"")

        monkeypatch.setattr(command.sys, "stdin", Stdin)
        assert called("--protocol") == 0

    def test_it_goes_with_no_other_option(self, capsys):
        assert called("--protocol", "--log-dir", "/") == 2
        assert "--protocol goes alone" in capsys.readouterr().err
