"""What a writer puts into event files, and what must become of it.

The rule: content is planned, timing is derived. A label says what the contract makes of one written
element *if it is read*: collected with these parameters, or dropped for this reason. Whether it
must be read in a certain pass is the ledger's to derive from the history. The expected text is
composed beside the written text, piece by piece (``Text``). So judging needs no code that strips,
redacts, cuts or parses, which could share a collector's bugs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..safe import unsigned

#: A token stands within the first 64 characters of a Message (after strip); it names one written
#: event within a run.
TOKEN_WINDOW = 64
TOKEN_PREFIX = "etp-"  # noqa: S105 - no secret
TOKEN_DIGITS = 12

#: Every planted secret begins with this, so that a leak is found without knowing which secret it
#: was.
SECRET_PREFIX = "etpsecret"  # noqa: S105 - no secret

#: Planted after an end of line in names and contents: a log record in which a line begins with it
#: shows them raw (report.log-safe).
FORGED_LINE = "etpforged"
#: The same with what follows it, as no reader needs it.
_PLANTED = re.compile(f"{SECRET_PREFIX}[0-9a-zA-Z%]*")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Due = Literal["collect", "cut", "drop", "leave"]
#: A parameter of an agent event: what JSON has, and a tree of it.
AgentValue = str | int | float | bool | list[Any] | dict[str, Any]


def token(actor: int, number: int) -> str:
    """The token of an actor's ``number``-th event (both from 0):

    16 characters, as ``etp-00300000001f``.
    """
    return f"{TOKEN_PREFIX}{actor:03x}{number:09x}"


def find_token(message: str) -> str:
    """The token in a delivered Message, or "" where there is none.

    Looks at twice the window: a collector that alters the text before the token is then *altering*,
    not inventing.
    """
    at = message.find(TOKEN_PREFIX, 0, 2 * TOKEN_WINDOW)
    found = message[at : at + len(TOKEN_PREFIX) + TOKEN_DIGITS] if at >= 0 else ""
    return found if len(found) == len(TOKEN_PREFIX) + TOKEN_DIGITS else ""


def without_secrets(text: str) -> str:
    """The text for a report: neither planted secrets nor signatures of URLs are in it."""
    return _PLANTED.sub("REDACTED", unsigned(text)) if SECRET_PREFIX in text else unsigned(text)


#: In an expected text: any text may stand here but the label's secrets, e.g. what is left of an odd
#: URL after redaction. No delivered text can hold it, as XML cannot carry it.
HOLE = "\x00"


def agrees(expected: str, delivered: str, secrets: Sequence[str] = ()) -> bool:
    """Whether a delivered text is the expected one: equal, or around its holes, and free of the
    secrets.
    """
    if any(secret in delivered for secret in secrets):
        return False
    if HOLE not in expected:
        return delivered == expected
    first, *middle, last = expected.split(HOLE)
    at, end = len(first), len(delivered) - len(last)
    if not (delivered.startswith(first) and delivered.endswith(last)) or at > end:
        return False
    for part in middle:
        found = delivered.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@dataclass(frozen=True, slots=True)
class AgentEvent:
    """What must come of one ``*.tld`` file, once it is read (docs/contract.md, family agent).

    ``kind``: ``intact`` (an event of the agent itself), ``legacy-extension`` (trimmed to six
    parameters, then the common ones), ``legacy-agent`` (gets the common parameters that it lacks).
    ``event_id`` is text in XML. ``parameters``: the event's own parameters, (name, value) in order,
    as they must come out: trimmed, redacted, typed. The common ones that the collector adds are not
    among them.
    """

    kind: Literal["intact", "legacy-extension", "legacy-agent"]
    event_id: int | str
    provider: str
    parameters: tuple[tuple[str, AgentValue], ...]
    form: Literal["json", "xml"] = "json"


class Label(NamedTuple):
    """What the contract makes of one written element, once its file is read.

    ``token`` is "" where the element can carry none (no Message, no object); it then is known by
    file and index. ``due`` is one of:

    * ``collect``;
    * ``cut``: collected, with its Message cut;
    * ``drop``, for ``reason``: the text that is counted, docs/contract.md section 1;
    * ``leave``: the contract forbids reading it (a handler that begins with ``-``, a temporary
      name, a sub-directory).

    ``parameters``: the expected texts in the order of ``LABELLED_PARAMETERS``; empty unless
    collected. A text may hold ``HOLE``s, see ``agrees``. ``secrets``: texts that must survive
    nowhere, not even in a log. ``agent``: what a ``*.tld`` file must come out as; ``parameters`` is
    then empty. ``about``: the clauses that this element was written to try; none for what any
    extension writes on any day.

    A file that falls as a whole (malformed, oversize, irregular) has at least one label. All of its
    labels give the same file reason. A file of ``[]`` has no label. A file in the making carries
    the tokens of the events it is to hold.
    """

    token: str
    due: Due
    parameters: tuple[str, ...] = ()
    reason: str = ""
    secrets: tuple[str, ...] = ()
    agent: AgentEvent | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole content of one event file, as its writer means it: bytes, a label an element, its
    mode.
    """

    name: str
    data: bytes
    labels: tuple[Label, ...]
    mode: int = 0o644


def xml_safe(text: str) -> str:
    """The text with U+FFFD for what XML 1.0 cannot carry: what a handler's name becomes in
    EventName.
    """
    return _NOT_XML.sub("\ufffd", text)


def renamed_text(text: str, old: str, new: str) -> str:
    """An EventName of a handler that has another name now."""
    before = f"{xml_safe(old)}-"
    return f"{xml_safe(new)}-{text.removeprefix(before)}" if text.startswith(before) else text


def renamed_event(label: Label, old: str, new: str) -> Label:
    """The label of the same event, written by a handler of another name."""
    if not label.parameters:
        return label
    return label._replace(parameters=(renamed_text(label.parameters[0], old, new), *label.parameters[1:]))
