"""The program against a collector of OpenTelemetry that others wrote (rotel, in Rust): what it
takes by OTLP/HTTP with JSON, it passes on as protocol buffers, and they hold what the program
wrote. `tox run -e otel` installs it."""

import contextlib
import gzip
import http.server
import importlib.util
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from etp_kit.collector.program import command

ROOT = pathlib.Path(command.__file__).parents[2]
LIMIT = 60.0  # seconds until it counts as hung

EVENTS = [
    {"EventLevel": level, "Timestamp": moment, "Message": f"n {number} ä 🎉", "TaskName": "T", "Version": "1.0",
     "EventPid": "1", "EventTid": "2", "OperationId": "o"}
    for number, (level, moment) in enumerate([
        ("Critical", "2026-01-05T00:00:00+00:00"),
        ("LogAlways", "2026-01-05T02:00:00.5+02:00"),
        ("Verbose", "yesterday"),
        ("WARN", "2016-12-31T23:59:60Z"),
    ])
]  # fmt: skip
EXPECTED = [
    ("n 0 ä 🎉", 21, "Critical", 1767571200000000000),
    ("n 1 ä 🎉", 0, "LogAlways", 1767571200500000000),
    ("n 2 ä 🎉", 5, "Verbose", 0),
    ("n 3 ä 🎉", 13, "WARN", 1483228800000000000),
]


@pytest.fixture(scope="module")
def agent():
    found = importlib.util.find_spec("rotel")
    if found is None:
        if os.environ.get("ETP_OTEL"):
            pytest.fail("ETP_OTEL is set and rotel is not installed")
        pytest.skip("rotel is not installed; `tox run -e otel` has it")
    return os.path.join(os.path.dirname(found.origin), "rotel-agent")


@contextlib.contextmanager
def sink():
    """Takes what the agent passes on: (its URL, the log records)."""
    records = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            for resource in ExportLogsServiceRequest.FromString(body).resource_logs:
                for scope in resource.scope_logs:
                    records.extend(scope.log_records)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", records
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@contextlib.contextmanager
def started(agent, url, place):
    port = free_port()
    process = subprocess.Popen(
        [agent, "start", "--exporter", "otlp", "--otlp-exporter-protocol", "http", "--otlp-exporter-endpoint", url,
         "--otlp-http-endpoint", f"127.0.0.1:{port}",
         "--otlp-grpc-endpoint", f"127.0.0.1:{free_port()}",
         "--log-file", str(place / "log"), "--pid-file", str(place / "pid")],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        until(lambda: listens(port) or process.poll() is not None)
        assert process.poll() is None, process.stderr.read().decode()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT)


def listens(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def until(condition):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "hung"
        time.sleep(0.02)


def events_file(tmp_path):
    path = tmp_path / "log" / "Some.Handler" / "events" / "1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(EVENTS))
    return path


def collect(tmp_path, receiver):
    """One pass of the program, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "etp_kit.collector", "--log-dir", str(tmp_path / "log"), "--once", "--otlp", receiver],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=LIMIT,
    )


def test_what_it_takes_it_passes_on(agent, tmp_path):
    path = events_file(tmp_path)
    with sink() as (url, records), started(agent, url, tmp_path) as receiver:
        done = collect(tmp_path, receiver)
        assert done.returncode == 0, done.stderr
        assert not path.exists()
        until(lambda: len(records) >= len(EVENTS))
    told = [(one.body.string_value, one.severity_number, one.severity_text, one.time_unix_nano) for one in records]
    assert told == EXPECTED
    keys = [{at.key: at.value for at in one.attributes} for one in records]
    assert [one["etp.index"].int_value for one in keys] == [0, 1, 2, 3]
    assert {one["etp.handler"].string_value for one in keys} == {"Some.Handler"}


def test_what_it_does_not_serve_stays(agent, tmp_path):
    path = events_file(tmp_path)
    with sink() as (url, records), started(agent, url, tmp_path) as receiver:
        done = collect(tmp_path, receiver + "/nowhere")
    assert done.returncode == 1
    assert b"did not take 4 events, their files stay: HTTP 404" in done.stderr
    assert path.exists()
    assert records == []
