"""`python -m etp_kit.collector --otlp`: what arrives, what stays, and how a signal ends it."""

import signal
import threading

import pytest

from etp_kit.collector.program.arguments import HEADERS

from .failing import failing
from .receiving import attributes, receiving
from .samples import event, events
from .test_program import LIMIT, called, log_dir, put, ran, started

__all__ = ["log_dir"]


class TestOtlp:
    def test_every_event_arrives_and_then_its_file_goes(self, log_dir):
        path = put(log_dir, "1.json", events(3))
        left = []
        with receiving(
            [(503, {"Retry-After": "0"}, b""), lambda _: left.append(path.exists()) or (200, {}, b"{}")]
        ) as told:
            code, out, _ = ran(
                "--log-dir", log_dir, "--once", "--otlp", told.url, environment={HEADERS: "api-key=a%20b"}
            )
        assert (code, out) == (0, [])
        assert [record.body.string_value for record in told.taken] == ["m0", "m1", "m2"]
        assert [attributes(record)["etp.index"] for record in told.taken] == [0, 1, 2]
        assert left == [True]
        assert not path.exists()
        assert {(request[0], request[1]["api-key"]) for request in told.requests} == {("/v1/logs", "a b")}
        assert len(told.requests) == 2

    def test_in_this_process(self, log_dir, capfd):
        put(log_dir, "1.json", event(Message="m"))
        with receiving() as told:
            assert called("--log-dir", log_dir, "--once", "--otlp", told.url) == 0
        assert [record.body.string_value for record in told.taken] == ["m"]
        assert capfd.readouterr().out == ""

    def test_what_the_receiver_denies_stays(self, log_dir):
        path = put(log_dir, "1.json", event())
        with receiving([(401, {}, b"secret")] * 9) as told:
            code, _, err = ran("--log-dir", log_dir, "--once", "--otlp", told.url + "/x/logs")
        assert code == 1
        assert path.exists()
        assert "did not take 1 events, their files stay: HTTP 401" in err
        assert [request[0] for request in told.requests] == ["/x/logs"]

    @pytest.mark.parametrize("how", [["--once"], ["--period", "300"]])
    def test_a_signal_ends_a_request_and_the_exit_code_says_what_is_left(self, log_dir, how):
        path = put(log_dir, "1.json", events(120))
        with failing(["HTTP/1.1 200 OK\r\nX: ", "@drip a"]) as told:
            process = started("--log-dir", log_dir, *how, "--otlp", told.url, "--otlp-timeout", "600")
            assert told.asked.wait(LIMIT)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=25)
        assert process.returncode == 1
        assert path.exists()
        assert b"did not take 120 events, their files stay: the program stops" in err
        assert b"Traceback" not in err

    def test_a_signal_ends_the_backoff(self, log_dir):
        path = put(log_dir, "1.json", event())
        asked = threading.Event()
        with receiving([lambda _: asked.set() or (503, {"Retry-After": "30"}, b"")] * 99) as told:
            process = started("--log-dir", log_dir, "--otlp", told.url)
            assert asked.wait(LIMIT)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=25)
        assert path.exists()
        assert process.returncode == 1
        assert b"Traceback" not in err
