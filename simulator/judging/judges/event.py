"""Family event: what is made of an element.

The label says what is due, and which clause it tries; the ledger says what came.
"""

from __future__ import annotations

import re
from collections import Counter

from ...core import (
    HOLE,
    LABELLED_PARAMETERS,
    NOT_AN_OBJECT,
    OVERSIZE_ELEMENT,
    PARAMETER_NAMES,
    SECRET_TEXT,
    WRONG_KIND,
    is_agent_event,
    offers,
)
from ..agreement import FORM, HOST, NOT_DUE, TIME, ZONE, is_beside_the_nearest
from ..case import Case
from ..counted import COUNTED, told_drops
from ..fared import has_empty, is_lost
from ..problems import Judge, as_tried, both, due_of, first
from ..written import Written

_OF_TIME = frozenset({TIME, ZONE})
#: What an element says itself; its EventName is made of the handler's name.
_TEXTS = frozenset(LABELLED_PARAMETERS) - {"EventName"}
#: In what an event differs that was due to be cut and was not (event.message-cut).
_CUT = ("Context1",)
_PIDS = frozenset({"EventPid", "EventTid"})
#: What stands where a secret stood.
_MASK = "<redacted>"
#: Digits of the longest pid that any machine has.
_DIGITS = 20


def mapping(case: Case) -> list[str] | None:
    """What any extension writes comes out as it should; what tries another clause is that clause's,
    but for its form and what the agent gave.
    """
    problems = [
        f"{event.extension}: {event.token or event.file}: {event.why}"
        for event in case.ledger.events
        if event.fate == "altered"
        and not is_agent_event(event.path)  # those have clauses of their own
        and _of_mapping(event)
    ]
    problems += [
        f"{delivered.extension}: {delivered.file} was invented"
        for delivered in case.ledger.invented
        if SECRET_TEXT not in str(delivered.values)  # discover.links
    ]
    problems += [
        f"{delivered.extension}: {delivered.token or delivered.file}: its parameters are not in the contract's order: {_disorder(delivered.names)}"
        for delivered in case.ledger.deliveries
        if delivered.extension and delivered.own and delivered.names != PARAMETER_NAMES
    ]
    if case.words_known:  # others may leave the key out: where an event was read is known all the same
        problems += ["an event has no key" for delivered in case.ledger.deliveries if delivered.keyless]
    return first(problems) if case.ledger.deliveries else None


def _of_mapping(event: Written) -> set[str]:
    """In what it differs, without what other clauses decide. Those decide the cut, an odd handler's
    name, the zone and what is redacted. They also decide a text that was changed at its place
    (event.verbatim), and what it was written to try.
    """
    left = set(event.differs) - {
        NOT_DUE,
        ZONE,
        *(_CUT if event.due == "cut" else ()),
        *(() if event.extension.isprintable() else ("EventName",)),
        *(() if event.about else {*_reworked(event), *_redacted(event)}),
    }
    return left & {FORM, HOST, *(() if "event.time-utc" in event.about else (TIME,))} if event.about else left


def _redacted(event: Written) -> set[str]:
    """The parameters of which something is due to be redacted, or that hold a secret all the same.
    What is left of them is for the family redact to judge.
    """
    due = zip(LABELLED_PARAMETERS, event.expected[-1], strict=True) if event.expected else ()
    found = [dict(zip(PARAMETER_NAMES, delivered.own, strict=True)) for delivered in event.deliveries if delivered.own]
    held = {name for texts in found for name, text in texts.items() if any(one in str(text) for one in event.secrets)}
    return held | {name for name, text in due if HOLE in text}


def _reworked(event: Written) -> set[str]:
    """The parameters that hold their own text, changed on its way. Such a text begins or ends like
    the one that is due, is bare, and is that of no other parameter.
    """
    found = set()
    for name in (set(event.differs) & _TEXTS) - _redacted(event) if event.expected else ():
        texts = dict(zip(LABELLED_PARAMETERS, event.expected[-1], strict=True))
        due = texts.pop(name)
        got = [delivered.own[PARAMETER_NAMES.index(name)] for delivered in event.deliveries if delivered.own]
        own = [isinstance(text, str) and text not in texts.values() and _is_reworked(text, due) for text in got]
        if got and all(own):
            found.add(name)
    return found


def _is_reworked(text: str, due: str) -> bool:
    return bool(text) and text.strip() != due and (text[0] == due[:1] or text[-1] == due[-1:])


def verbatim(case: Case) -> list[str] | None:
    """Texts that look like what they are not come as they are. So do the texts of any extension,
    which only show where something is wrong.
    """
    problems = as_tried("event.verbatim")(case)
    plain = [
        f"{event.extension}: {event.token or event.file}: its {', '.join(sorted(changed))} was changed"
        for event in case.ledger.events
        if event.fate == "altered" and not event.about and event.agent is None
        # How long a Message is where it is due to be cut is for event.message-cut to judge.
        if (changed := _reworked(event) - (set(_CUT) if event.due == "cut" else set()))
    ]
    return first([*(problems or []), *plain]) if problems is not None or plain else None


def _disorder(names: tuple[str, ...]) -> str:
    """Where the order first departs."""
    place, name, due = next((n, a, b) for n, (a, b) in enumerate(zip(names, PARAMETER_NAMES, strict=True)) if a != b)
    return f"{name} stands at place {place + 1}, where {due} is due"


def time_utc(case: Case) -> list[str] | None:
    """Files of every time come, with their time. No event tells its time in another zone, which any
    event shows on a host that has one. Nor does one tell a microsecond beside the nearest.
    """
    problems = as_tried("event.time-utc", values=_OF_TIME)(case)
    zoned = [event for event in case.ledger.events if ZONE in event.differs]
    beside = [e for e in case.ledger.events if any(is_beside_the_nearest(e, delivered) for delivered in e.deliveries)]
    if problems is None and not any(event.deliveries for event in case.ledger.events):
        return None
    return first(
        [
            *(problems or []),
            *(f"{event.extension}: {event.token}: its time is told in another zone than UTC" for event in zoned),
            *(f"{e.extension}: {e.token}: its time is not rounded to the nearest microsecond" for e in beside),
        ]
    )


def required(case: Case) -> list[str] | None:
    """An event that lacks a key is dropped, and counted under the error that names the key. That
    holds as far as drops are counted at all (report.drops).
    """
    problems = as_tried("event.required", values=False)(case)
    if problems is None:
        return None
    due, told = told_drops(case)
    left = {event.extension for event in case.ledger.events if event.overdue or is_lost(event)}
    pure = Counter(
        (event.extension, event.why)
        for event in case.tried("event.required")
        if event.about == ("event.required",) and event.fate == "dropped"
    )
    for (extension, reason), count in pure.items():
        here, there = due.get(extension, Counter()), told.get(extension, Counter())
        if extension not in left and here.total() == there.total() and there[reason] < count:
            problems.append(f"{extension}: {there[reason]} counted for {reason!r}, {count} events lacked no other key")
    return first(problems)


def reason_order(case: Case) -> list[str] | None:
    """Of several reasons that apply the first in the order of work is counted."""
    if not case.tried("event.reason-order"):
        return None
    due, told = told_drops(case)
    unsure = {
        event.extension for event in case.ledger.events if is_lost(event) or (event.due == "drop" and event.deliveries)
    }
    problems = []
    for extension in dict.fromkeys(
        event.extension for event in case.tried("event.reason-order") if event.extension not in unsure
    ):
        here, there = due.get(extension, Counter()), told.get(extension, Counter())
        if here.total() == there.total() and _classes(here) == _classes(there):
            problems += [
                f"{extension}: {there[reason]} counted for {reason!r}, {here[reason]} were dropped for it"
                for reason in sorted({*here, *there})
                if here[reason] != there[reason]
            ]
    return first(problems)


def _classes(reasons: Counter[str]) -> set[str]:
    """The kinds of errors that are counted: one that is never counted is not known, which is for
    the clause about it to judge.
    """
    return {reason.partition(":")[0] for reason, count in reasons.items() if count}


def types(case: Case) -> list[str] | None:
    """A wrong type drops its event alone, and is counted under its reason, which comes before all
    others.
    """
    problems = as_tried("event.types", values=False, alone=True)(case)
    if problems is None or case.is_losing or not case.gives_notices:
        return problems  # of a pass that ended before its end nothing need be counted
    return first([*problems, *_uncounted_types(case)])


#: Reasons of single elements that are counted and judged at this level: of another collector by
#: their number, and by not being empty.
_HARDENED = (WRONG_KIND, NOT_AN_OBJECT)


def _uncounted_types(case: Case) -> list[str]:
    unsure = {extension for extension, _ in [*case.full_passes, *case.limited]}
    if not case.words_known:
        unsure |= {event.extension for event in case.ledger.events if event.refused or event.reason == OVERSIZE_ELEMENT}
    due: dict[str, Counter[str]] = {}
    told: dict[str, Counter[str]] = {}
    for event in case.ledger.events:
        if event.fate == "dropped" and event.why.startswith(_HARDENED) and case.was_read(event):
            due.setdefault(event.extension, Counter())[event.why] += 1
    for _, notice in case.ledger.notices:
        if notice["kind"] == "drops" and not str(notice["reason"]).startswith(COUNTED):
            told.setdefault(notice["extension"] or "", Counter())[notice["reason"] or ""] += notice["count"]
    problems = []
    for extension in dict.fromkeys(
        event.extension for event in case.tried("event.types") if event.extension not in unsure
    ):
        here, there = due.get(extension, Counter()), told.get(extension, Counter())
        if not any(n["kind"] == "drops" and n["extension"] == extension for _, n in case.ledger.notices):
            continue  # nothing at all is counted (report.drops)
        if case.words_known:
            problems += [
                f"{extension}: {there[reason]} counted for {reason!r}, {count} were dropped for it"
                for reason, count in here.items()
                if reason.startswith(WRONG_KIND) and there[reason] < count
            ]
        elif there.total() < here.total() or there[""]:
            problems.append(
                f"{extension}: {here.total()} events were dropped for what they are, {there.total()} are counted, {there['']} without a reason"
            )
    return problems


def _size(slug: str) -> Judge:
    def judge(case: Case) -> list[str] | None:
        """What is at the limit comes, what is beyond it does not. What is beyond it for want of a
        cut is event.message-cut's. What it says when it comes is for other clauses to judge.
        """
        counted = [event for event in case.tried(slug) if event.due != "cut" and not _is_counted_otherwise(case, event)]
        return due_of(case, counted, values=False)

    return judge


def _is_counted_otherwise(case: Case, event: Written) -> bool:
    """Whether its length is that of a text or a pid as only others hand it over: redacted, or
    written as an integer of more digits than any pid has.
    """
    declared = case.ledger.run["capabilities"]
    due = dict(zip(LABELLED_PARAMETERS, event.expected[-1], strict=True)) if event.expected else {}
    if not offers(declared, "integer_pids") and any(len(str(due.get(name, ""))) > _DIGITS for name in _PIDS):
        return True
    return not offers(declared, "redaction") and any(_MASK in str(text) or HOLE in str(text) for text in due.values())


def strip(case: Case) -> list[str] | None:
    """Padded values come out bare.

    Whether such an event comes at all is for event.empty-ok and others to judge: no missing strip
    loses one.
    """
    return due_of(
        case,
        [
            event
            for event in case.tried("event.strip")
            if not is_lost(event) and not (event.due == "drop" and _is_bare(event))
        ],
    )


def _is_bare(event: Written) -> bool:
    """Whether an event of blanks was handed over without them: it was stripped
    (event.message-empty).
    """
    return any(
        delivered.own and delivered.own[PARAMETER_NAMES.index("Context1")] == "" for delivered in event.deliveries
    )


def message_cut(case: Case) -> list[str] | None:
    """A Message beyond the limit comes, cut; what others write as long is cut as well."""
    long = [event for event in case.ledger.events if event.due == "cut" and not event.about]
    tried = case.tried("event.message-cut")
    if any(is_lost(event) for event in tried if event.due == "collect"):  # so are those that need no cut
        tried = [event for event in tried if not is_lost(event)]
    return due_of(case, [*tried, *long], values=frozenset(_CUT))


def empty_ok(case: Case) -> list[str] | None:
    """Empty fields cost nothing; writers of the field have some as well."""
    return due_of(
        case,
        [
            *case.tried("event.empty-ok"),
            *(event for event in case.ledger.events if not event.about and has_empty(event)),
        ],
    )


#: Levels that writers agree on, and the form of a time.
_LEVELS = {"LogAlways", "Critical", "Error", "Warning", "Informational", "Verbose"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
_UNVALIDATED = frozenset({"CapabilityUsed", "Context2", "EventPid", "EventTid"})
_LEVEL, _TIME, _PID, _TID = (
    LABELLED_PARAMETERS.index(name) for name in ("CapabilityUsed", "Context2", "EventPid", "EventTid")
)


def open_values(case: Case) -> list[str] | None:
    """Levels, times and pids that nobody foresaw come as they are; writers of the field have some
    as well.
    """
    unforeseen = [
        event
        for event in case.ledger.events
        if not event.about and event.expected and _is_unforeseen(event.expected[-1])
    ]
    events = [event for event in [*case.tried("event.open-values"), *unforeseen] if not _reworked(event)]
    return due_of(case, events, values=_UNVALIDATED)


def _is_unforeseen(texts: list[str]) -> bool:
    return (
        texts[_LEVEL] not in _LEVELS
        or _MOMENT.fullmatch(texts[_TIME]) is None
        or not (texts[_PID] + texts[_TID]).isdecimal()
    )


def non_object(case: Case) -> list[str] | None:
    """An element that is no object is dropped alone."""
    others = [event for event in case.ledger.events if event.reason == NOT_AN_OBJECT and not event.about]
    return both(as_tried("event.non-object", alone=True)(case), due_of(case, others))


JUDGES: dict[str, Judge] = {
    **{
        slug: as_tried(slug)
        for slug in (
            "event.keys",
            "event.keys-all",
            "event.pids-bool",
            "event.text",
        )
    },
    "event.pids": as_tried("event.pids", values=_PIDS),
    "event.message-empty": as_tried("event.message-empty", values=False),
    "event.verbatim": verbatim,
    **{slug: _size(slug) for slug in ("event.size", "event.size-all")},
    "event.strip": strip,
    "event.empty-ok": empty_ok,
    "event.time-utc": time_utc,
    "event.reason-order": reason_order,
    "event.mapping": mapping,
    "event.message-cut": message_cut,
    "event.required": required,
    "event.types": types,
    "event.non-object": non_object,
    "event.open-values": open_values,
}
