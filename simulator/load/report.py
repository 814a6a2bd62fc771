"""What a load tells when it is over:
one mapping, which is the JSON report (docs/reports.md) and what people are shown.

The rule: what was not measured is null, never 0.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from .._version import __version__
from ..base import SECOND
from .explain import FATES, IN_FLIGHT, fates_of
from .measured import Measured
from .process_stats import Sample, growth
from .thresholds import Judged, judge
from .verdict import Findings, verdict

_MIB = 1 << 20
_MOST_SAMPLES = 120
#: The fates of a written event, in the order of tables.
COLUMNS = ("delivered", "duplicated", "altered", "undue", *FATES)


def report_of(measured: Measured, reproduce: str) -> dict[str, Any]:
    """The whole report."""
    books, orders, course = measured.books, measured.orders, measured.course
    has_sink = measured.sink_read
    fates = fates_of(books.missing.values(), measured.told, sink=has_sink)
    extensions = {handler: _extension(account, fates.get(handler, Counter()), has_sink) for handler, account in books.accounts.items()}
    total = {name: None if not has_sink and name in COLUMNS[:4] else sum(one["fates"][name] or 0 for one in extensions.values()) for name in COLUMNS}
    generator = _generator(measured)
    agent = _agent(measured)
    judged = judge(orders.scenario.threshold, _metrics(measured, total, agent))
    code, reasons = verdict(_findings(measured, total, generator, judged))
    return {
        "schema": 1,
        "kit": {"name": "etp-kit", "version": __version__},
        "command": "load",
        "scenario": orders.scenario.id,
        "seed": orders.seed,
        "collector": orders.collector,
        "pid": orders.pid,
        "settings": orders.collector_settings,
        "settings_not_offered": list(measured.lacking),
        "exit": code,
        "reasons": reasons,
        "asked": {
            "rate": round(float(course.rate), 3), "seconds": round(course.end / SECOND, 3), "events": orders.events,
            "extensions": len(books.accounts), "writers": measured.writers, "left_out": list(course.left_out),
        },
        "generator": generator,
        "agent": agent,
        "fates": total,
        "lost_in_flight": sum(one[IN_FLIGHT] for one in fates.values()) if has_sink and measured.told.passes else None,
        "invented": books.invented if has_sink else None,
        "explained_by": measured.told.source if has_sink else None,
        "extensions": extensions,
        "thresholds": [{"metric": one.metric, "most": one.most, "value": one.value, "outcome": one.outcome} for one in judged],
        "seconds": round(measured.seconds, 3),
        "reproduce": reproduce,
    }  # fmt: skip


def _extension(account: Any, fates: Counter[str], has_sink: bool) -> dict[str, Any]:
    arrived = {name: getattr(account, name) if has_sink else None for name in COLUMNS[:4]}
    return {
        "role": account.role, "producer": account.producer, "files": account.files, "bytes": account.bytes, "written": account.events,
        "fates": {**arrived, **{name: fates[name] for name in FATES}}, "errors": dict(account.errors),
    }  # fmt: skip


def _generator(measured: Measured) -> dict[str, Any]:
    books = measured.books
    events = sum(account.events for account in books.accounts.values())
    slack = max(1.0, 0.05 * measured.course.end / SECOND)
    return {
        "events": events,
        "files": sum(account.files for account in books.accounts.values()),
        "bytes": sum(account.bytes for account in books.accounts.values()),
        "seconds": round(measured.writing_seconds, 3),
        "rate": round(events / max(measured.writing_seconds, 0.001), 1),
        "lateness": books.lateness.as_data(),
        "held": measured.stopped_early or (books.last_late / SECOND <= slack and books.lateness.at(0.99) <= slack),
        "errors": dict(sum((account.errors for account in books.accounts.values()), Counter())),
        "stopped_by": measured.rail or None,
    }


def _agent(measured: Measured) -> dict[str, Any]:
    books, sink, watch = measured.books, measured.inflow, measured.watch
    known = measured.told.passes > 0
    return {
        "taken_files": books.taken_files,
        "backlog": {
            "max_files": books.most_files, "max_bytes": books.most_bytes, "max_age": round(books.most_age, 3),
            "end_files": books.standing_files, "end_bytes": books.standing_bytes,
        },
        "latency": books.latency.as_data() if measured.sink_read and books.latency.count else None,
        "age_taken": books.age_taken.as_data() if books.age_taken.count else None,
        "passes": {
            "count": measured.told.passes, "seconds": measured.pass_seconds.as_data(), "errors": dict(measured.pass_errors),
        } if known else None,
        "process": _process(watch.samples, measured.warm) if watch is not None and watch.samples else None,
        "ended": measured.agent_ended or None,
        "stderr": list(measured.stderr),
        "sink": None if sink is None else {
            "events": sink.counts.events, "others": books.foreign, "no_events": sink.counts.other, "overlong": sink.lines.overlong,
            "undecided": books.undecided, "unreadable": sink.unreadable or None,
        },
    }  # fmt: skip


def _process(samples: list[Sample], warm: float) -> dict[str, Any]:
    first, last = samples[0], samples[-1]
    step = -(-len(samples) // _MOST_SAMPLES)
    return {
        "cpu_seconds": round(last.cpu - first.cpu, 3),
        "cpu_percent": round(100 * (last.cpu - first.cpu) / max(last.at - first.at, 0.001), 1),
        "rss_first": first.rss,
        "rss_max": max(one.rss for one in samples),
        "rss_last": last.rss,
        "rss_growth": growth(samples, warm),
        "warm_after": round(warm, 3),
        "descriptors_max": max(one.descriptors for one in samples),
        "samples": [[round(one.at, 2), one.rss, one.descriptors] for one in samples[::step]],
    }


def _metrics(measured: Measured, total: dict[str, Any], agent: dict[str, Any]) -> dict[str, float | None]:
    has_sink = measured.sink_read
    age = agent["latency"] if has_sink else agent["age_taken"]
    grown = agent["process"]["rss_growth"] if agent["process"] else None
    return {
        "backlog.max": measured.books.most_files,
        "age.p99": age["p99"] if age else None,
        "lost": total["lost"] if has_sink else None,
        "duplicated": total["duplicated"],
        "rss.growth": None if grown is None else round(grown / _MIB, 2),
    }


def _findings(measured: Measured, total: dict[str, Any], generator: dict[str, Any], judged: list[Judged]) -> Findings:
    books = measured.books
    settings = measured.orders.collector_settings
    return Findings(
        interrupted=measured.interrupted, broke=measured.broke, lost=total["lost"] or 0, duplicated=total["duplicated"] or 0,
        wrong=(total["altered"] or 0) + (total["undue"] or 0) + books.invented, agent_ended=measured.agent_ended,
        at_least_once=settings.get("delivery") == "at-least-once", held=generator["held"], rail=measured.rail, thresholds=judged,
        sink_unreadable=measured.inflow.unreadable if measured.inflow is not None else "",
        nothing_taken=measured.orders.watches and not books.arrived.count and not books.taken_files,
    )  # fmt: skip
