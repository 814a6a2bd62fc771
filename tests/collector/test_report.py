"""report.*: what a pass tells, and how much of it."""

import os
import re

import pytest

from .samples import ABSENT, QUOTA, event, events
from .senders import FlushingSender, Sender

MISSING = "MissingKeyError: taskname not found"
EMPTY = "EmptyMessageError: Message should not be empty"
OVERSIZE = "OversizeEventError: max event size allowed: 6144"


def bad_events():
    return [
        *[event(TaskName=ABSENT)] * 3,
        *[event(Message="")] * 2,
        event(),
        *[event(OperationId="x" * 7000)] * 4,
        *[event(Version=None)] * 5,
    ]


def test_report_drops_with_reason_and_count(world):
    world.write("1.json", bad_events())
    assert world.run().drops() == {MISSING: 3, EMPTY: 2, OVERSIZE: 4, "WrongTypeError: version": 5}


def test_report_drops_over_the_files_of_an_extension(world):
    for name in range(5):
        world.write(f"{name}.json", [event(Message="")] * 2)
    assert world.run().drops() == {EMPTY: 10}


def test_report_drops_per_extension(world):
    world.write("1.json", [event(Message="")] * 2, handler="A")
    world.write("1.json", [event(Message="")] * 3, handler="B")
    outcome = world.run()
    assert outcome.drops("A") == {EMPTY: 2}
    assert outcome.drops("B") == {EMPTY: 3}


def test_report_drops_wording(world):
    world.write("1.json", bad_events())
    (record,) = [record for record in world.run().records if record.startswith("Dropped events for Extension")]
    head, *reasons = record.split("\n\t")
    assert head == "Dropped events for Extension: Ext; Details:"
    assert sorted(reasons) == sorted(
        f"Reason: [InvalidExtensionEventError] {reason}; Dropped Count: {count}"
        for reason, count in {MISSING: 3, EMPTY: 2, OVERSIZE: 4, "WrongTypeError: version": 5}.items()
    )


def test_report_drops_also_when_a_stop_ends_the_pass(world):
    world.write("2.json", [*bad_events()[:5], event(Message="last"), event(Message="after")])
    world.write("1.json", event())
    outcome = world.run(Sender(stop_after=1))
    assert outcome.drops() == {MISSING: 3, EMPTY: 2}
    assert any(record.startswith("Dropped events for Extension: Ext") for record in outcome.records)


def test_report_drops_once_a_pass(world):
    sender = Sender()
    subject = world.build(sender)
    world.write("1.json", [event(Message="")] * 2)
    assert world.run(sender, subject).drops() == {EMPTY: 2}
    world.write("1.json", event())
    outcome = world.run(sender, subject)
    assert not outcome.notices("drops")
    assert not [record for record in outcome.records if "Dropped" in record]


def test_report_drops_are_emitted_for_the_agent(world):
    """Drops, quota, size and failed files also become
    a WARNING telemetry event of the embedding agent.
    """
    world.write("5.json", [event(Message=""), *events(QUOTA)], handler="A")
    world.write("5.json", b"{", handler="B")
    outcome = world.run()
    kinds = {notice.kind for notice in outcome.emitted}
    assert {"drops", "quota", "failed"} <= kinds
    assert all(notice in outcome.report.notices for notice in outcome.emitted if notice.kind != "drops")
    assert "collected" not in kinds


def test_report_drops_of_an_extension_are_one_event_for_the_agent(world):
    """Its text is that of the log, with all reasons; two extensions have two."""
    world.write("1.json", bad_events(), handler="A")
    world.write("1.json", [event(Message="")], handler="B")
    outcome = world.run()
    given = {notice.extension: notice for notice in outcome.emitted if notice.kind == "drops"}
    assert [notice.kind for notice in outcome.emitted] == ["drops", "drops"]
    assert {extension: (notice.count, notice.reason) for extension, notice in given.items()} == {
        "A": (14, None),
        "B": (1, None),
    }
    assert all(notice.text in outcome.records for notice in given.values())
    assert given["A"].text.count("\n\tReason: ") == 4


def test_report_drops_joined_carry_no_secret(world):
    """Joined anew, from a handler's name and reasons, the text is redacted anew."""
    world.write("1.json", bad_events(), handler="https:%2F%2Fa.blob?sig=secret")
    (given,) = world.run().emitted
    assert "secret" not in given.text
    assert given.text.count("\n\tReason: ") == 4


def test_report_drops_size_is_emitted(world):
    world.write("1.json", b" " * 5000)
    assert "size" in {notice.kind for notice in world.run(max_file_size=4000).emitted}


def test_report_drops_none_when_nothing_was_dropped(world):
    world.write("1.json", events(5))
    outcome = world.run()
    assert [notice.kind for notice in outcome.report.notices] == ["collected"]
    assert outcome.records == ["Collected 5 events for extension: Ext"]


def test_report_collected_counts_what_was_handed_over(world):
    world.write("1.json", bad_events())
    notice = world.run().notice("collected", "Ext")
    assert (notice.count, notice.text) == (1, "Collected 1 events for extension: Ext")


def test_report_ledger_of_a_mixed_directory(world):
    """Both sums are checked after every pass of every test (worlds.check_ledger);
    here each term has a value.
    """
    world.write("9.json", bad_events())
    world.write("8.json", b"{")
    os.truncate(world.write("7.json", b""), 5_000_000)
    os.symlink("nowhere", world.path("6.json"))
    world.write("5.json", b"[]")
    world.write("young.tmp", b"")
    outcome = world.run()
    ledger = outcome.ledger()
    assert (ledger.read, ledger.handed_over, sum(ledger.dropped.values()), ledger.discarded) == (15, 1, 14, 0)
    assert ledger.files_discarded == {"MalformedFileError": 1, "OversizeFileError": 1, "IrregularFileError": 1}
    assert ledger.processed == 2
    assert ledger.spared == 1
    assert ledger.kept == ledger.vanished == 0
    assert ledger.listed == 6


def test_report_ledger_of_a_stop(world):
    for name in range(5):
        world.write(f"{name}.json", events(2))
    ledger = world.run(Sender(stop_after=3)).ledger()
    assert ledger.handed_over == 3
    assert ledger.kept in (3, 4)
    assert ledger.kept == len(world.names())


@pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
@pytest.mark.parametrize("stop_after", range(14))
def test_report_ledger_balances_over_any_stop(world, delivery, stop_after):
    for handler in ("A", "B"):
        world.write("3.json", bad_events(), handler=handler)
        world.write("2.json", events(4), handler=handler)
        world.write("1.json", b"torn", handler=handler)
        world.write("0.tmp", b"", handler=handler)
    world.run(FlushingSender(stop_after=stop_after), delivery=delivery)


def test_report_ledger_is_plain_and_immutable(world):
    world.write("1.json", event())
    report = world.run().report
    with pytest.raises((AttributeError, TypeError)):
        report.notices = ()
    with pytest.raises((AttributeError, TypeError)):
        report.ledger["Ext"].read = 5
    assert report.notices[0]._fields == ("kind", "extension", "reason", "count", "text")
    assert all(isinstance(notice.count, int) for notice in report.notices)


def hostile_directory(world, handler):
    for name in range(300):
        world.write(f"{name:03}.json", [b"", b"{", b"[0]", b"\xff"][name % 4], handler=handler)
    for name in range(300, 350):
        os.symlink("nowhere", world.path(f"{name}.json", handler))
        os.mkdir(world.path(f"{name + 100}.json", handler))
        os.truncate(world.write(f"{name + 200}.json", b"", handler=handler), 5_000_000)
    reasons = [{f"k{i}": 1} for i in range(100)] + [event(**{field: 5}) for field in ("Version", "TaskName", "Message")]
    world.write("600.json", reasons * 3, handler=handler)


def test_report_log_bound_per_extension(world):
    for handler in ("A", "B"):
        hostile_directory(world, handler)
    world.write("1.json", event(), handler="Good")
    outcome = world.run()
    assert len(outcome.records) <= 20 + 20 + 1 + 2
    for handler in ("A", "B"):
        assert (
            1
            <= len([record for record in outcome.records if f"/{handler}/" in record or f": {handler}" in record])
            <= 20
        )
    assert "Collected 1 events for extension: Good" in outcome.records


def test_report_log_bound_with_unremovable_files(world, monkeypatch):
    def refuse(path, *_args, **_kwargs):
        raise PermissionError(1, "Operation not permitted", path)

    monkeypatch.setattr(os, "unlink", refuse)
    monkeypatch.setattr(os, "remove", refuse)
    for name in range(200):
        world.write(f"{name}.json", event(TaskName=[]))
        world.write(f"{name}.tmp", b"", age=10_000.0)
    outcome = world.run()
    assert len(outcome.records) <= 20


def test_report_log_bound_does_not_bound_the_counts(world):
    hostile_directory(world, "Ext")
    ledger = world.run().ledger()
    assert ledger.files_discarded["MalformedFileError"] == 225
    assert ledger.files_discarded["OversizeFileError"] == 50


def test_report_log_bound_as_set(world):
    hostile_directory(world, "Ext")
    outcome = world.run(max_log_records=3)
    assert len(outcome.records) <= 3


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@pytest.mark.parametrize(
    "handler", ["line\nfeed", "\x1b[31mred", "car\rriage", "bell\x07", "c1\x85\x9b31m", "del\x7f", "\u2028"], ids=ascii
)
def test_report_log_safe_handler_names(world, handler):
    world.write("3.json", [event(), event(Message="")], handler=handler)
    world.write("2.json", b"{", handler=handler)
    world.write("1.json", b" " * 5000, handler=handler)
    os.symlink("nowhere", world.path("4.json", handler))
    os.mkdir(world.path("5.json", handler))
    outcome = world.run(max_file_size=4000)
    assert len(outcome.records) >= 5
    for text in outcome.records + [notice.text for notice in outcome.report.notices]:
        text = text.replace("\n\tReason: ", " Reason: ")
        assert not CONTROL.search(text), ascii(text)
        assert "\n" not in text
        assert handler not in text or handler == "\u2028"


def test_report_log_safe_file_names(world, monkeypatch):
    def refuse(path, *_args, **_kwargs):
        raise PermissionError(1, "Operation not permitted", path)

    monkeypatch.setattr(os, "unlink", refuse)
    monkeypatch.setattr(os, "remove", refuse)
    world.write("for\nged: Collected 5 events\x1b[0m", b"", age=10_000.0)
    world.write("1.json", event())
    outcome = world.run()
    assert outcome.records
    for record in outcome.records:
        assert "\n" not in record
        assert not CONTROL.search(record)


def test_report_log_safe_names_can_be_encoded(world):
    place = os.path.join(os.fsencode(world.log_dir), b"Ext-\xff", b"events")
    os.makedirs(place)
    world.place(os.path.join(place, b"1.json"), b"{")
    for record in world.run().records:
        record.encode("utf-8")


@pytest.mark.parametrize("broken", ["logger", "emit"])
def test_report_consumers_that_fail_cost_no_event(world, broken):
    """The log is one consumer of the report; its failure is its own."""

    def fail(*_args):
        raise RuntimeError("disc full")

    world.write("1.json", [event(), event(Message="")])
    world.write("1.json", event(), handler="Other")
    if broken == "logger":
        world.logger.handle = fail
    outcome = world.run(**({"emit": fail} if broken == "emit" else {}))
    assert len(outcome.accepted) == 2
    assert outcome.drops() == {EMPTY: 1}
