"""The export as OpenTelemetry logs, judged by the official protocol buffers."""

import json
import logging
import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.collector.program import exporter as exporter_module
from etp_kit.collector.program import otlp
from etp_kit.collector.program.answer import DENIED, LATER, REFUSED, TAKEN, Answer
from etp_kit.collector.program.exporter import Exporter
from etp_kit.collector.program.receiver import headers
from etp_kit.collector.program.sender import ServiceStoppedError
from etp_kit.collector.telemetry import Param, TelemetryEvent

from .receiving import attributes, parsed

NOW = 1767225600 * 10**9


def made(**parameters):
    return TelemetryEvent(7, "P", "json", [Param(*pair) for pair in parameters.items()], ("H", "1.json", 4))


def record_of(event):
    (record,) = parsed(otlp.request([otlp.record(event, NOW)]))
    return record


class TestRecord:
    def test_an_event_of_an_extension(self):
        record = record_of(made(Context1="said", Context2="2026-01-01T00:00:01.5Z", CapabilityUsed="Error", RAM=4096))
        assert record.body.string_value == "said"
        assert record.time_unix_nano == NOW + 1_500_000_000
        assert record.observed_time_unix_nano == NOW
        assert (record.severity_text, record.severity_number) == ("Error", 17)
        assert attributes(record) == {
            "etp.handler": "H",
            "etp.file": "1.json",
            "etp.index": 4,
            "etp.event_id": 7,
            "etp.provider_id": "P",
            "Context1": "said",
            "Context2": "2026-01-01T00:00:01.5Z",
            "CapabilityUsed": "Error",
            "RAM": 4096,
        }

    def test_an_event_of_an_agent(self):
        record = record_of(made(Message="done", Duration=1.5, IsInternal=False, Big=1 << 70, Not=math.nan, None_=None))
        assert record.body.string_value == "done"
        assert (record.time_unix_nano, record.severity_number) == (0, 0)
        assert attributes(record)["Duration"] == 1.5
        assert attributes(record)["IsInternal"] is False
        assert [attributes(record)[name] for name in ("Big", "Not", "None_")] == [str(1 << 70), '"nan"', "null"]

    def test_no_event_passes_itself_off_as_anothers(self):
        event = TelemetryEvent(
            1, "P", "json", [Param("etp.handler", "other"), Param("a", 1), Param("a", 2)], ("H", "f", 0)
        )
        assert attributes(record_of(event))["etp.handler"] == "H"
        assert attributes(record_of(event))["a"] == 1

    def test_an_event_without_a_text_has_no_body(self):
        assert not record_of(made(Name="n")).HasField("body")

    _json = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
        max_leaves=8,
    )

    @given(st.lists(st.tuples(st.text(st.characters()), _json), max_size=6), st.integers() | st.text(st.characters()))
    def test_whatever_is_in_an_event_the_protocol_takes_it(self, parameters, event_id):
        event = TelemetryEvent(
            event_id, "P\ud800", "json", [Param(*pair) for pair in parameters], ("\udc80", "\udfff", 0)
        )
        attributes(record_of(event))

    def test_an_observation_before_1970_is_none(self, monkeypatch):
        monkeypatch.setattr(exporter_module.time, "time", lambda: -5.0)
        scripted, sender = exporter(always(TAKEN))
        sender.enqueue_event(made())
        sender.flush()
        assert scripted.observed == [0]

    @given(st.text(), st.text())
    def test_whatever_level_and_moment_are_the_protocol_takes_them(self, level, moment):
        record_of(made(CapabilityUsed=level, Context2=moment))


class Scripted:
    """A receiver that answers by the records, and remembers what it took."""

    def __init__(self, decide):
        self.decide = decide
        self.taken = []
        self.observed = []
        self.posts = 0

    def post(self, body, count):
        self.posts += 1
        assert len(body) < (1 << 20) + 65536
        records = parsed(body)
        assert len(records) == count
        self.observed += [record.observed_time_unix_nano for record in records]
        answered = self.decide([record.body.string_value for record in records])
        if answered.meaning == TAKEN:
            self.taken += [record.body.string_value for record in records]
        return answered


class Stop:
    """An event of a stop that nobody waits for; `pauses` tells how long it would have been."""

    def __init__(self, after=None):
        self.pauses = []
        self.after = after

    def wait(self, seconds):
        self.pauses.append(seconds)
        return self.after is not None and len(self.pauses) >= self.after

    def is_set(self):
        return False


def exporter(decide, stop=None):
    scripted = Scripted(decide)
    return scripted, Exporter(scripted, stop or Stop(), logging.getLogger("test.otlp"), lambda: 1.0)


def always(meaning, text="", pause=None, lost=False):
    return lambda _: Answer(meaning, text, pause, lost)


class TestExporter:
    def test_events_go_together(self):
        scripted, sender = exporter(always(TAKEN))
        for n in range(1200):
            sender.enqueue_event(made(Context1=str(n)))
        assert sender.flush()
        assert sender.flush(), "of nothing"
        assert scripted.taken == [str(n) for n in range(1200)]
        assert scripted.posts == 3
        assert (sender.left, sender.lost) == (False, False)

    def test_a_request_stays_within_a_mebibyte(self):
        scripted, sender = exporter(always(TAKEN))
        for _ in range(100):
            sender.enqueue_event(made(Context1="x" * 20000))
        sender.flush()
        assert len(scripted.taken) == 100

    def test_what_is_retried_waits_longer_each_time_and_ends(self, caplog):
        stop = Stop()
        scripted, sender = exporter(always(LATER, "HTTP 503"), stop)
        sender.enqueue_event(made(Context1="m"))
        with pytest.raises(ServiceStoppedError):
            sender.flush()
        assert stop.pauses == [1.0, 2.0, 4.0, 8.0, 16.0]
        assert scripted.posts == 6
        assert (sender.left, sender.lost) == (True, False)
        assert "did not take 1 events, their files stay: HTTP 503" in caplog.text

    def test_an_export_that_failed_leaves_nothing_to_come_twice(self):
        answers = iter([Answer(DENIED, "HTTP 403", None, False), Answer(TAKEN, "", None, False)])
        scripted, sender = exporter(lambda _: next(answers))
        sender.enqueue_event(made(Context1="a"))
        with pytest.raises(ServiceStoppedError):
            sender.flush()
        sender.enqueue_event(made(Context1="a"))
        assert sender.flush()
        assert scripted.taken == ["a"]
        assert (sender.left, sender.lost) == (False, False), "what failed has been delivered since"

    def test_a_receiver_that_asks_for_a_pause_gets_it_within_bounds(self):
        answers = iter([Answer(LATER, "", 7.0, False), Answer(LATER, "", 1e9, False), Answer(TAKEN, "", None, False)])
        stop = Stop()
        _, sender = exporter(lambda _: next(answers), stop)
        sender.enqueue_event(made())
        assert sender.flush()
        assert stop.pauses == [7.0, 30.0]

    def test_a_stop_ends_the_retries(self):
        scripted, sender = exporter(always(LATER), Stop(after=1))
        sender.enqueue_event(made())
        with pytest.raises(ServiceStoppedError):
            sender.flush()
        assert scripted.posts == 1

    def test_one_refused_event_does_not_cost_the_others(self, caplog):
        scripted, sender = exporter(
            lambda texts: Answer(*(REFUSED, "HTTP 400") if "bad" in texts else (TAKEN, ""), None, False)
        )
        texts = ["a", "b", "bad", "c", "d", "e", "f"]
        for text in texts:
            sender.enqueue_event(made(Context1=text))
        assert sender.flush()
        assert scripted.taken == [text for text in texts if text != "bad"]
        assert caplog.text.count("refused an event") == 1
        assert (sender.left, sender.lost) == (False, True)

    @pytest.mark.parametrize(
        ("lost", "told"),
        [
            (True, "did not keep all, or may not have: 2 records rejected: why"),
            (False, "The receiver took all, and says: 2 records rejected: why"),
        ],
    )
    def test_what_the_receiver_did_not_keep_is_told(self, caplog, lost, told):
        _, sender = exporter(always(TAKEN, "2 records rejected: why", None, lost))
        sender.enqueue_event(made())
        assert sender.flush()
        assert told in caplog.text
        assert sender.lost == lost

    def test_what_was_handed_over_and_never_sent_is_left(self):
        _, sender = exporter(always(TAKEN))
        sender.enqueue_event(made())
        assert sender.left

    def test_no_request_begins_after_the_stop(self, caplog):
        stop = threading.Event()
        scripted, sender = exporter(always(TAKEN), stop)
        sender.enqueue_event(made())
        stop.set()
        with pytest.raises(ServiceStoppedError):
            sender.flush()
        assert (scripted.posts, sender.left) == (0, True)
        assert "their files stay: the program stops" in caplog.text

    def test_it_stops_with_the_program(self):
        stop = threading.Event()
        _, sender = exporter(always(TAKEN), stop)
        assert not sender.stopped()
        stop.set()
        assert sender.stopped()
        assert sender.get_thread_name() == "Program"


class TestHeaders:
    def test_headers_are_percent_decoded(self):
        assert headers("a=b%20c, d=e=f,") == {"a": "b c", "d": "e=f"}

    @pytest.mark.parametrize("name", ["Host", "content-LENGTH", "Transfer-Encoding", "Accept", "expect", "connection"])
    def test_no_header_changes_what_a_request_is(self, name):
        with pytest.raises(ValueError, match=f"entry 2 is a header that the program sets itself: {name}"):
            headers(f"a=b,{name}=5")

    @pytest.mark.parametrize("text", ["a", "a b=c", "a=%0d%0aX: y", "=b"])
    def test_no_header_smuggles_another(self, text):
        with pytest.raises(ValueError, match="entry 1 is no header"):
            headers(text)


def test_the_wire_is_json():
    assert json.loads(otlp.request([otlp.record(made(), NOW)]))["resourceLogs"]
