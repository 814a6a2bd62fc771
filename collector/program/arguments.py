"""The command line. What is wrong with it is told in one line, before anything is read or removed."""

import argparse
import os
from collections import namedtuple

from ..config import AT_LEAST_ONCE, AT_MOST_ONCE, DELIVERY, configure
from ..text import printable
from .receiver import Receiver, headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Mapping, NoReturn, Optional

HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
_AGENT_PERIOD = 60.0

Order = namedtuple("Order", "config once receiver")
Order.__doc__ = "What to run: a Config; whether each pass is made just once; a Receiver, or None for lines on stdout."

_EPILOG = f"""Each accepted event is one line of JSON on stdout: eventId, providerId, file_type, key (handler, file, index)
and parameters. Notices go to stderr. A file is removed once its events are handed over (at-most-once) or confirmed
(at-least-once, the only mode of --otlp). SIGTERM and SIGINT end the program between two files.
With --otlp, {HEADERS}=NAME=VALUE,... adds headers; no proxy is used and no redirect followed.
Exit codes: 0 all delivered, 1 something could not be delivered, 2 usage."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> "NoReturn":
        self.exit(2, f"{self.prog}: {printable(message)} (--help shows what there is)\n")


def parse(program: str, arguments: "Optional[List[str]]", environment: "Mapping[str, str]") -> Order:
    """Exits with 2 and one line on stderr for what makes no sense."""
    parser = _Parser(
        prog=program,
        description="Collects the events of extensions: validates them, writes or sends them, removes their files.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--log-dir", metavar="DIR", required=True, help="where each extension has HANDLER/events")
    parser.add_argument("--agent-events-dir", metavar="DIR", help="where the agent's *.tld files are; default: none")
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--once", action="store_true", help="make one pass and end")
    when.add_argument("--period", metavar="S", type=float, default=300.0, help="seconds between passes; default: 300")
    parser.add_argument("--delivery", choices=DELIVERY, help="default: at-most-once, with --otlp at-least-once")
    parser.add_argument("--otlp", metavar="URL", help="send OpenTelemetry logs there (OTLP/HTTP, JSON), not to stdout")
    parser.add_argument("--protocol", action="store_true", help="answer a conformance kit on stdin; goes alone")
    options = parser.parse_args(arguments)
    if options.protocol:
        parser.error("--protocol goes alone: what to do is told on stdin")
    if options.otlp is not None and options.delivery == AT_MOST_ONCE:
        parser.error("--otlp: delivery is at-least-once, at-most-once is not to be had")
    for name in ("log_dir", "agent_events_dir"):
        path = getattr(options, name)
        if path is not None and not os.path.isdir(path):
            parser.error(f"--{name.replace('_', '-')}: {path!r} is no directory")
    try:
        return Order(_config(options), options.once, _receiver(options.otlp, environment))
    except ValueError as error:
        parser.error(str(error))


def _config(options: "Any") -> "Any":
    return configure(
        os.path.abspath(options.log_dir),
        options.agent_events_dir and os.path.abspath(options.agent_events_dir),
        period=options.period,
        agent_events_period=min(options.period, _AGENT_PERIOD),
        delivery=AT_LEAST_ONCE if options.otlp is not None else options.delivery or AT_MOST_ONCE,
    )


def _receiver(url: "Optional[str]", environment: "Mapping[str, str]") -> "Optional[Receiver]":
    if url is None:
        return None
    try:
        given = headers(environment.get(HEADERS, ""))
    except ValueError as error:
        raise ValueError(f"{HEADERS}: {error}") from None
    try:
        return Receiver(url, given)
    except ValueError as error:
        raise ValueError(f"--otlp: {error}") from None
