"""A receiver of OTLP/HTTP that takes nothing but what the official protocol buffers parse,
and answers as it is told.
"""

import contextlib
import http.server
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest


class Receiving:
    """`answers` holds (status, headers, body) of the coming requests; once it is empty, each is
    200. A callable in it is given the records and makes the answer. `taken` holds the records of
    the requests answered with 200.
    """

    def __init__(self, answers=()):
        self.answers = list(answers)
        self.requests = []
        self.taken = []
        self.url = ""

    def answer(self, path, headers, body):
        records = parsed(body)
        self.requests.append((path, headers, records))
        answer = self.answers.pop(0) if self.answers else (200, {}, b"{}")
        status, more, text = answer(records) if callable(answer) else answer
        if status == 200:
            self.taken += records
        return status, more, text


def parsed(body):
    """The log records; raises for anything that is no ExportLogsServiceRequest."""
    request = json_format.Parse(body.decode("utf-8", "strict"), ExportLogsServiceRequest(), ignore_unknown_fields=False)
    return [
        record for resource in request.resource_logs for scope in resource.scope_logs for record in scope.log_records
    ]


def attributes(record):
    found = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in record.attributes}
    assert len(found) == len(record.attributes), "an attribute's key must be unique (OTLP common.proto)"
    return found


@contextlib.contextmanager
def receiving(answers=()):
    """Serves on a free port of the loopback."""
    told = Receiving(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, more, text = told.answer(self.path, dict(self.headers), body)
            with contextlib.suppress(ConnectionError):  # who asked may have been killed
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
