"""Requests and answers on real connections: every receiver of data/failing.toml, deadlines, names
and certificates."""

import select
import socket
import ssl
import threading
import time
import types

import pytest
import trustme

from etp_kit.collector.program import deadline as deadlines
from etp_kit.collector.program import exchange, exporter, otlp
from etp_kit.collector.program.answer import LATER, TAKEN
from etp_kit.collector.program.deadline import Deadline, NoAnswer
from etp_kit.collector.program.receiver import Receiver
from etp_kit.collector.program.response import Source, read_response

from .failing import failing, table
from .samples import events
from .test_program import called, put

ROWS = table()
SLOW = 0.15  # seconds of the deadline where nothing else ends the exchange
AMPLE = 30.0  # where something else must
BIG = otlp.request([]) + b" " * (8 << 20)  # more than the kernel holds
TRIES = 2
CODES = {"taken": 0, "later": 1, "denied": 1, "refused": 3}

rows = pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])


def playing(row, **more):
    return failing(row["does"], row.get("unread", False), **more)


def timeout_of(row):
    return SLOW if row.get("slow") else AMPLE


@pytest.fixture
def log_dir(tmp_path):
    (tmp_path / "log" / "Some.Handler" / "events").mkdir(parents=True)
    return tmp_path / "log"


@pytest.fixture
def waits(monkeypatch):
    """The milliseconds of each wait for a socket."""
    seen = []
    real = select.poll

    class Poll:
        def __init__(self):
            self._poll = real()
            self.register = self._poll.register

        def poll(self, milliseconds):
            seen.append(milliseconds)
            return self._poll.poll(milliseconds)

    monkeypatch.setattr(deadlines, "select", types.SimpleNamespace(poll=Poll))
    return seen


def test_the_table_is_large_and_its_names_are_its_own():
    names = [row["name"] for row in ROWS if row["meaning"] != "taken" or row.get("lost")]
    assert len(set(names)) == len(names) >= 40


class TestEveryFailure:
    @rows
    def test_what_it_means(self, row):
        with playing(row) as told:
            body = BIG if row.get("unread") and "@read" not in row["does"] else otlp.request([])
            got = Receiver(told.url, {}, threading.Event(), timeout_of(row)).post(body, 3)
        assert (got.meaning, got.lost) == (row["meaning"], row.get("lost", False) and row["meaning"] == "taken")
        if "says" in row:
            assert row["says"].split(": ")[-1] in got.text

    @rows
    def test_nothing_is_lost_or_doubled_without_a_notice_and_an_exit_code(self, row, log_dir, monkeypatch, capsys):
        monkeypatch.setattr(exporter, "_FIRST_PAUSE", 0)
        monkeypatch.setattr(exporter, "_LONGEST_PAUSE", 0)
        monkeypatch.setattr(exporter, "_TRIES", TRIES)
        path = put(log_dir, "1.json", events(3))
        with playing(row) as told:
            code = called("--log-dir", log_dir, "--once", "--otlp", told.url, "--otlp-timeout", timeout_of(row))
        err = capsys.readouterr().err
        lost = row.get("lost", False)
        assert code == (3 if lost else CODES[row["meaning"]]), err
        assert path.exists() == (code == 1)
        assert ("3 events, their files stay" in err) == (code == 1)
        assert ("did not keep all" in err or err.count("refused an event") == 3) == lost
        assert "Traceback" not in err
        assert row.get("says", "") in err
        expected = {"taken": 1, "later": TRIES, "denied": 1, "refused": 5}  # halved: 3, 1, 2, 1, 1
        assert told.connections == expected[row["meaning"]]
        if code == 0:
            assert [[one.body.string_value for one in records] for records in told.received] == [["m0", "m1", "m2"]]


class Ticking:
    """A clock that goes on by a step at each look."""

    def __init__(self, step):
        self.now = 1000.0
        self.step = step

    def __call__(self):
        self.now += self.step
        return self.now


class TestDeadline:
    @pytest.mark.parametrize("row", [row for row in ROWS if row.get("slow")], ids=lambda row: row["name"])
    def test_no_wait_goes_beyond_it(self, row, waits):
        begun = time.monotonic()
        body = BIG if row.get("unread") else otlp.request([])
        with playing(row) as told:
            assert Receiver(told.url, {}, threading.Event(), SLOW).post(body, 0).meaning == LATER
            ended = time.monotonic()
        assert waits
        assert max(waits) <= SLOW * 1000
        assert ended - begun >= SLOW, "it had its time"

    @pytest.mark.parametrize("does", [["@hang"], ["HTTP/1.1 200 OK\r\nX: ", "@drip a"]])
    def test_a_stop_is_a_part_of_it(self, does, monkeypatch):
        monkeypatch.setattr(deadlines, "GRACE", 0.0)
        stop = threading.Event()
        with failing(does) as told:
            waiter = threading.Thread(target=lambda: told.asked.wait() and stop.set())
            waiter.start()
            got = Receiver(told.url, {}, stop, AMPLE).post(otlp.request([]), 0)
            waiter.join()
        assert (got.meaning, got.text) == (LATER, "the program stops, and no whole answer came in time")

    def test_an_answer_within_the_grace_counts(self):
        stop = threading.Event()
        does = ["@read", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "@hang"]
        with failing(does, unread=True) as told:
            stop.set()
            assert Receiver(told.url, {}, stop, AMPLE).post(otlp.request([]), 0).meaning == TAKEN

    def test_a_grace_makes_no_deadline_longer(self):
        stop = threading.Event()
        stop.set()
        one = Deadline(1.0, stop, Ticking(0.25))
        assert [one.left() for _ in range(3)] == [0.75, 0.5, 0.25]
        with pytest.raises(NoAnswer, match="no whole answer in 1 seconds"):
            one.left()

    def test_a_stop_that_comes_later_shortens_it(self):
        stop = threading.Event()
        one = Deadline(100.0, stop, Ticking(1.0))
        assert one.left() == 99.0
        stop.set()
        assert one.left() == deadlines.GRACE
        with pytest.raises(NoAnswer, match="the program stops"):
            one.left(), one.left()


class TestName:
    def test_a_lookup_that_takes_too_long_is_gone_on_with(self, monkeypatch):
        goes_on = threading.Event()
        asked = []

        def slow(*where, **_):
            asked.append(where)
            goes_on.wait()
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        receiver = Receiver("http://slow.example", {}, threading.Event(), 0.01)
        assert receiver.post(b"", 0).text == "no whole answer in 0.01 seconds"
        assert receiver.post(b"", 0).text == "no whole answer in 0.01 seconds"
        goes_on.set()
        receiver._timeout = AMPLE
        assert receiver.post(b"", 0).text.startswith("gaierror: ")
        assert asked == [("slow.example", 80)]

    def test_a_host_that_is_no_name(self):
        got = Receiver(f"http://{'a' * 64}.example", {}, threading.Event(), AMPLE).post(b"", 0)
        assert got.meaning == LATER
        assert "the host's name is none" in got.text

    @pytest.fixture
    def addresses(self, monkeypatch):
        def these(*ports):
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

        return these

    def test_a_host_without_an_address(self, addresses):
        addresses()
        got = Receiver("http://h", {}, threading.Event(), AMPLE).post(b"", 0)
        assert (got.meaning, got.text) == (LATER, "the host has no address")

    def test_the_next_address_is_tried(self, addresses):
        with failing(["HTTP/1.1 200 OK\r\n\r\n", "@close"]) as told:
            addresses(closed_port(), int(told.url.rpartition(":")[2]))
            assert Receiver("http://h", {}, threading.Event(), AMPLE).post(otlp.request([]), 0).meaning == TAKEN

    def test_an_address_that_does_not_answer_leaves_time_for_the_next(self, addresses):
        full = socket.create_server(("127.0.0.1", 0), backlog=0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with failing(["HTTP/1.1 200 OK\r\n\r\n", "@close"]) as told:
            addresses(full.getsockname()[1], int(told.url.rpartition(":")[2]))
            got = Receiver("http://h", {}, threading.Event(), 1.0).post(otlp.request([]), 0)
        for one in [full, *waiting]:
            one.close()
        assert got.meaning == TAKEN

    def test_nobody_there(self):
        got = Receiver(f"http://127.0.0.1:{closed_port()}", {}, threading.Event(), AMPLE).post(b"", 0)
        assert got.meaning == LATER
        assert got.text.startswith("ConnectionRefusedError")

    def test_a_connection_that_cannot_begin(self, addresses, monkeypatch):
        monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: 101)
        addresses(80)
        got = Receiver("http://h", {}, threading.Event(), AMPLE).post(b"", 0)
        assert got.text == "OSError: [Errno 101] Network is unreachable"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class TestCertificate:
    @pytest.fixture
    def context(self, tmp_path, monkeypatch):
        """Of a server that the environment's authorities vouch for."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "authorities.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    @pytest.mark.parametrize("body", [otlp.request([]), BIG], ids=["small", "big"])
    def test_one_that_is_vouched_for(self, context, version, body):
        context.maximum_version = version
        with failing(["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "@hang"], context=context) as told:
            got = Receiver(told.url, {}, threading.Event(), AMPLE).post(body, 0)
        assert got.meaning == TAKEN, got.text

    def test_an_answer_that_an_attacker_cuts_off_is_none(self, context):
        with failing(["HTTP/1.1 200 OK\r\n\r\n{}", "@reset"], context=context) as told:
            assert Receiver(told.url, {}, threading.Event(), AMPLE).post(otlp.request([]), 0).meaning == LATER

    def test_one_that_nobody_vouches_for(self, context, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        with failing(["HTTP/1.1 200 OK\r\n\r\n{}"], context=context) as told:
            got = Receiver(told.url, {}, threading.Event(), AMPLE).post(otlp.request([]), 0)
            assert told.received == []
        assert got.meaning == LATER
        assert "SSLCertVerificationError" in got.text

    def test_one_of_another_host(self, context):
        with failing(["HTTP/1.1 200 OK\r\n\r\n{}"], context=context) as told:
            url = told.url.replace("127.0.0.1", "localhost")
            got = Receiver(url, {}, threading.Event(), AMPLE).post(otlp.request([]), 0)
            assert told.received == []
        assert "SSLCertVerificationError" in got.text

    def test_no_tls_there(self):
        with failing(["HTTP/1.1 200 OK\r\n\r\n{}", "@close"], unread=True) as told:
            got = Receiver(told.url.replace("http", "https"), {}, threading.Event(), AMPLE).post(b"", 0)
        assert got.meaning == LATER
        assert "SSLError" in got.text

    def test_a_handshake_that_stands_still(self):
        with failing(["@hang"], unread=True) as told:
            got = Receiver(told.url.replace("http", "https"), {}, threading.Event(), SLOW).post(b"", 0)
        assert got.text == f"no whole answer in {SLOW} seconds"


class Moody:
    """A socket whose every call is the next of a script: an error to raise, or a number of bytes
    that are sent."""

    def __init__(self, sends, receives):
        self.sends, self.receives = iter(sends), iter(receives)
        self.sent = b""

    def fileno(self):
        return -1

    def send(self, piece):
        found = next(self.sends)
        if isinstance(found, Exception):
            raise found
        self.sent += bytes(piece[:found])
        return found

    def recv(self, _count):
        found = next(self.receives, BlockingIOError())
        if isinstance(found, Exception):
            raise found
        return found


class Waits:
    """A deadline that is never reached; `events` are those that were waited for."""

    def __init__(self):
        self.events = []

    def ready(self, _descriptor, events):
        self.events.append(events)

    def left(self):
        return 1.0


class TestSend:
    BOTH = select.POLLIN | select.POLLOUT

    @pytest.mark.parametrize(
        ("sends", "waits"),
        [
            ([2, 3], [BOTH, BOTH]),
            ([2, BlockingIOError(), 3], [BOTH, BOTH, BOTH]),
            ([ssl.SSLWantReadError(), 5], [BOTH, select.POLLIN]),
            ([ssl.SSLWantWriteError(), 2, 3], [BOTH, select.POLLOUT, BOTH]),
        ],
    )
    def test_what_cannot_be_sent_now_is_sent_later(self, sends, waits):
        moody, deadline = Moody(sends, []), Waits()
        exchange._Connection(moody, deadline).send(b"12345")
        assert (moody.sent, deadline.events) == (b"12345", waits)

    @pytest.mark.parametrize("error", [BrokenPipeError(), ConnectionResetError()])
    def test_a_receiver_that_hung_up_may_have_answered(self, error):
        connection = exchange._Connection(Moody([2, error], [BlockingIOError(), b"HTTP/1.1 ", b"4", b""]), Waits())
        connection.send(b"12345")
        assert [connection.receive() for _ in range(3)] == [b"HTTP/1.1 ", b"4", b""]

    def test_an_end_or_a_final_answer_ends_the_sending(self):
        for said in (b"", b"HTTP/1.1 413"):
            moody = Moody([2, 2], [BlockingIOError(), said])
            exchange._Connection(moody, Waits()).send(b"12345")
            assert moody.sent == b"1234"


class TestResponse:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
    def test_pieces_of_any_size_are_the_same_answer(self, size):
        whole = (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\na: 2 \r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: u\r\n\r\nnever read"
        )
        pieces = iter([whole[at : at + size] for at in range(0, len(whole), size)])
        got = read_response(Source(lambda: next(pieces, b"")))
        assert got == (200, {"a": "1, 2", "transfer-encoding": "chunked"}, b"abcde")

    @pytest.mark.parametrize(
        ("early", "answered"),
        [
            (b"", False),
            (b"HTTP/1.1 ", False),
            (b"HTTP/1.1 1", False),
            (b"HTTP/1.1 100 Continue\r\nX: y\r\n", False),
            (b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n", False),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 4", True),
            (b"HTTP/1.1 413", True),
            (b"220 mail.example", True),
            (b"HTTP/1.1 100 Continue\r\n\r\n" * 4000, True),
        ],
    )
    def test_when_a_final_answer_has_begun(self, early, answered):
        assert exchange._answered(early) is answered
