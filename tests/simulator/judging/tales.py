"""Small histories as data: a line a record, in words.

Rules: a line is a verb, a file and what the verb takes; a table is a record as it stands. A file is
``HANDLER:NAME``, or ``NAME`` alone of the one extension; ``agent:NAME`` lies in the agent's own
events dir. The final tree is what writers left and the collector did not remove.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.core.history import AGENT, COLLECTOR, KIT, History, Record
from etp_kit.simulator.core.labels import token
from etp_kit.simulator.core.opcode_names import opcode_name
from etp_kit.simulator.core.parameters import LABELLED_PARAMETERS, PARAMETER_NAMES
from etp_kit.simulator.core.paths import OUTSIDE, SECRET_FILE, event_path, events_dir, handler_dir

HANDLER = "Contoso.Agent"
LIMITS = {
    "quota": 3, "file_size": 1_000, "rejects": 4, "parse": 1_000, "spared": 5, "removals": 3, "period": 300 * 10**9,
}  # fmt: skip


def said(handler: str = HANDLER, message: str = "alive") -> list[str]:
    """The texts of an event, as labels have them."""
    return [f"{handler}-1.0", "Error", "beat", message, "now", "operation", "1", "1"]


class Tale:
    """A history, told line by line."""

    def __init__(self, delivery: str = "at-most-once", **run: Any) -> None:
        self.records: list[Record] = []
        self.number = 0
        self.now = 0
        self.there = dict.fromkeys((SECRET_FILE, f"{OUTSIDE}/directory/1767571200000.json"), "file")
        self.tokens = (token(0, number) for number in itertools.count())
        self.labels: dict[str, list[list[Any]]] = {}
        self.run = {"limits": LIMITS, "delivery": delivery, "capabilities": {}, "actors": [], **run}
        self.note(KIT, "run", "", self.run)

    def note(self, actor: str, op: str, path: str = "", result: Any = None) -> None:
        self.records.append(Record(self.now, self.number, actor, op, path, result))

    def tell(self, line: str | Mapping[str, Any]) -> None:
        if isinstance(line, str):
            verb, *words = line.split()
            VERBS[verb](self, *words)
        else:
            rest = dict(line)
            times, actor = rest.pop("times", 1), rest.pop("actor", COLLECTOR)
            op, path = rest.pop("op"), rest.pop("path", "")
            for _ in range(times):
                self.note(actor, op, path, rest.get("result", rest))

    def history(self) -> History:
        tree = [[path, kind, 100] for path, kind in sorted(self.there.items())]
        return History([*self.records, Record(self.now, self.number, KIT, "tree", "", tree)])

    # --- writers ---

    def step(self, act: str, path: str, **result: Any) -> None:
        self.note(f"0:{_split(path)[0]}", "step", path, {"act": act, **result})

    def write(self, file: str, *labels: str) -> None:
        """``collect``, ``cut``, ``leave``, ``drop=REASON``; ``bare-DUE``: without a token.
        ``DUE@CLAUSE``: written to try a clause.
        """
        handler, name = _file(file)
        path = event_path(handler, name)
        self.labels[path] = [self._label(handler, label) for label in labels or ("collect",)]
        self.step("write", path, bytes=100, labels=self.labels[path])
        self.there[path] = "file"

    def _label(self, handler: str, label: str) -> list[Any]:
        label, _, about = label.partition("@")
        due, _, reason = label.removeprefix("bare-").partition("=")
        marked = "" if label.startswith("bare-") else next(self.tokens)
        detail: Any = reason
        if due in {"collect", "cut"}:
            detail = said(handler, marked or "alive") if handler else agent_event(marked)
        return [marked, due, detail, *([[], [about]] if about else [])]

    def again(self, file: str) -> None:
        """The same events are written into the same file."""
        path = event_path(*_file(file))
        self.step("write", path, bytes=100, labels=self.labels[path])
        self.there[path] = "file"

    def overwrite(self, file: str, label: str) -> None:
        """Its writer puts something else into the file, which leaves its events so."""
        path = event_path(*_file(file))
        due, _, reason = label.partition("=")
        self.labels[path] = [[known[0], due, reason] for known in self.labels[path]]
        self.step("write", path, bytes=100, labels=self.labels[path])

    def spoil(self, file: str, reason: str = "MalformedFileError") -> None:
        """Its writer damages what stands there."""
        path = event_path(*_file(file))
        self.step("chmod", path, labels=[[label[0], "drop", reason] for label in self.labels[path]])

    def wait(self, seconds: str) -> None:
        """Time goes by, and no call tells of it."""
        self.now += int(seconds) * 10**9

    def touch(self, file: str, mtime: str) -> None:
        self.step("touch", event_path(*_file(file)), mtime=int(mtime))

    def link(self, file: str, other: str) -> None:
        path, target = event_path(*_file(file)), event_path(*_file(other))
        self.step("link", path, to=target)
        self.there[target] = "file"
        self.labels[target] = self.labels[path]

    def rename(self, file: str, other: str) -> None:
        path, target = event_path(*_file(file)), event_path(*_file(other))
        self.step("rename", path, to=target)
        self.there[target] = self.there.pop(path)
        self.labels[target] = self.labels.pop(path, [])

    def rename_handler(self, old: str, new: str) -> None:
        before, after = handler_dir(old), handler_dir(new)
        self.step("rename", before, to=after)
        for path in [path for path in self.there if path.startswith(f"{before}/")]:
            self.there[after + path[len(before) :]] = self.there.pop(path)
            self.labels[after + path[len(before) :]] = self.labels.pop(path)

    def carry_off(self, handler: str) -> None:
        """Its events dir is moved out of the log dir."""
        self._move_below(events_dir(handler), f"{OUTSIDE}/moved")

    def put_back(self, handler: str) -> None:
        self._move_below(f"{OUTSIDE}/moved", events_dir(handler))

    def _move_below(self, before: str, after: str) -> None:
        self.step("rename", before, to=after)
        self.there = {
            after + path[len(before) :] if path.startswith(f"{before}/") else path: kind
            for path, kind in self.there.items()
        }

    def withdraw(self, file: str) -> None:
        path = event_path(*_file(file))
        self.step("unlink", path)
        self.there.pop(path)

    def uninstall(self, handler: str) -> None:
        self.step("rmtree", handler_dir(handler))
        self.there = {
            path: kind for path, kind in self.there.items() if not path.startswith(f"{handler_dir(handler)}/")
        }

    # --- the collector ---

    def begin(self, kind: str = "extension") -> None:
        self.note(KIT, "pass-begin", "", {"kind": kind})

    def end(self, how: str = "returned") -> None:
        self.note(KIT, "pass-end", "", {"kind": "extension", "end": how, "leaked": 0})
        self.number += 1
        self.now += LIMITS["period"]

    def look(self, handler: str = HANDLER) -> None:
        self.note(COLLECTOR, "call", "lib/events" if handler == "agent" else events_dir(handler), {"call": "scandir"})

    def call(self, name: str, file: str = "", errno: str = "") -> None:
        """Any other call that is about a file: ``call open 1.json``."""
        path = event_path(*_file(file)) if file else ""
        self.note(COLLECTOR, "call", path, {"call": name, **({"errno": errno} if errno else {})})

    def sleep(self, seconds: str) -> None:
        self.now += int(float(seconds) * 10**9)
        self.note(COLLECTOR, "call", "", {"call": "sleep", "ns": int(float(seconds) * 10**9)})

    def odd(self, act: str, file: str) -> None:
        """What is no file under a file's name: mkfifo, socket, device, symlink, mkdir."""
        path = event_path(*_file(file))
        self.step(act, path)
        self.there[path] = {"mkdir": "dir", "mkfifo": "fifo"}.get(act, act)

    def heavy(self, file: str, size: str, mtime: str = "") -> None:
        """A file of so many bytes without an event; its time in virtual seconds."""
        path = event_path(*_file(file))
        times = {"mtime": int(mtime) * 10**9} if mtime else {}
        self.step("write", path, bytes=int(size), labels=[], **times)
        self.there[path] = "file"

    def remove(self, file: str, errno: str = "") -> None:
        path = event_path(*_file(file))
        self.note(COLLECTOR, "call", path, {"call": "unlink", **({"errno": errno} if errno else {})})
        if not errno:
            self.there.pop(path, None)

    def remove_carried(self, file: str) -> None:
        """From a directory that was carried off, by who had entered it and calls it as before."""
        path = event_path(*_file(file))
        self.note(COLLECTOR, "call", path, {"call": "unlink"})
        del self.there[f"{OUTSIDE}/moved/{path.rpartition('/')[2]}"]

    def lose(self, file: str) -> None:
        """The file goes, and nobody sees who took it."""
        self.there.pop(event_path(*_file(file)))

    def lie(self, file: str, path: str) -> None:
        """The file lies elsewhere: its writer went through a link."""
        self.there[path] = self.there.pop(event_path(*_file(file)))

    def deliver(self, file: str, index: str = "0", *changes: str) -> None:
        """``NAME=VALUE`` puts another value in the place of a parameter, ``order=reversed`` all in
        another order, ``as=FILE`` another file into the key.
        """
        handler, name = _file(file)
        label = self.labels[event_path(handler, name)][int(index)]
        texts = label[2] if isinstance(label[2], list) else said(handler, label[0])
        values = dict.fromkeys(PARAMETER_NAMES, "") | dict(zip(LABELLED_PARAMETERS, texts, strict=True))
        values["OpcodeName"] = opcode_name(EPOCH // 1_000)
        extra: dict[str, Any] = {}
        for change in changes:
            key, _, value = change.partition("=")
            if key in PARAMETER_NAMES:
                values[key] = value
            elif key == "order":
                values = dict(reversed(values.items()))
                extra["names"] = [*values]
            elif key == "as":
                handler, name = _file(value)
            else:
                extra[key] = value.split(",") if key in {"ids"} else value
        self.note(COLLECTOR, "deliver", "", {"key": [handler, name, int(index)], "values": [*values.values()], **extra})

    def flush(self, confirmed: str = "yes") -> None:
        self.note(COLLECTOR, "flush", "", {"confirmed": confirmed == "yes"})

    def crash(self) -> None:
        self.note(COLLECTOR, "crash", "", {"call": "deliver", "when": "after"})

    def fault(self, kind: str, file: str = "", index: str = "0") -> None:
        path = event_path(*_file(file)) if kind == "errno" else ""
        key = [*_file(file), int(index)] if file else None
        self.note(COLLECTOR, "fault", path, {"kind": kind, **({} if kind == "errno" else {"key": key})})

    def notice(self, kind: str, extension: str = HANDLER, reason: str = "", count: str = "1") -> None:
        who = None if extension == "agent" else extension
        self.note(COLLECTOR, "notice", "", {"kind": kind, "extension": who, "reason": reason, "count": int(count)})

    def service(self, do: str) -> None:
        self.note(KIT, "service", "", {"do": do})

    def mkdir(self, handler: str) -> None:
        self.note(AGENT, "step", events_dir(handler), {"act": "mkdir"})


def agent_event(message: str) -> dict[str, Any]:
    """What an event of the agent itself must come out as."""
    return {
        "kind": "intact", "event_id": 1, "provider": "p", "form": "json",
        "parameters": [["Name", "n"], ["Message", message]],
    }  # fmt: skip


def _file(text: str) -> tuple[str, str]:
    """(handler, name); "" for the agent."""
    handler, colon, name = text.rpartition(":")
    return ("" if handler == "agent" else handler or HANDLER), name if colon else text


def _split(path: str) -> tuple[str, str]:
    parts = path.split("/")
    return (parts[1], parts[-1]) if parts[0] == "log" else ("Agent", parts[-1])


VERBS: dict[str, Callable[..., None]] = {
    "write": Tale.write,
    "again": Tale.again,
    "overwrite": Tale.overwrite,
    "spoil": Tale.spoil,
    "wait": Tale.wait,
    "touch": Tale.touch,
    "link": Tale.link,
    "rename": Tale.rename,
    "rename-handler": Tale.rename_handler,
    "carry-off": Tale.carry_off,
    "put-back": Tale.put_back,
    "withdraw": Tale.withdraw,
    "uninstall": Tale.uninstall,
    "begin": Tale.begin,
    "end": Tale.end,
    "look": Tale.look,
    "call": Tale.call,
    "sleep": Tale.sleep,
    "odd": Tale.odd,
    "heavy": Tale.heavy,
    "remove": Tale.remove,
    "remove-carried": Tale.remove_carried,
    "lose": Tale.lose,
    "lie": Tale.lie,
    "deliver": Tale.deliver,
    "flush": Tale.flush,
    "crash": Tale.crash,
    "fault": Tale.fault,
    "notice": Tale.notice,
    "service": Tale.service,
    "mkdir": Tale.mkdir,
}


def told(lines: Sequence[str | Mapping[str, Any]], **run: Any) -> History:
    """The history of these lines."""
    tale = Tale(**run)
    for line in lines:
        tale.tell(line)
    return tale.history()
