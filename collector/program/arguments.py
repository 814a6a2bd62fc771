"""The command line. What is wrong with it is told in one line, before anything is read or removed.
"""

import argparse
import functools
import os
import threading
from collections import namedtuple

from ..config import AT_LEAST_ONCE, AT_MOST_ONCE, DELIVERY, configure
from ..text import printable
from .receiver import TIMEOUT, Receiver, headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Mapping, NoReturn, Optional

HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
_AGENT_PERIOD = 60.0
_LONGEST_TIMEOUT = 600.0

Order = namedtuple("Order", "config once receiver")
Order.__doc__ = """What to run: a Config; whether each pass is made just once; what makes a Receiver that stops with a
threading.Event, or None for lines on stdout."""

_EPILOG = f"""Each accepted event is one line of JSON on stdout: eventId, providerId, file_type, key (handler, file, index)
and parameters. Notices go to stderr. A file is removed once its events are handed over (at-most-once) or confirmed
(at-least-once, the only mode of --otlp). SIGTERM and SIGINT end the program between two files.
With --otlp, {HEADERS}=NAME=VALUE,... adds headers; no proxy is used and no redirect followed.
Exit codes: 0 all was delivered; 1 something was not, and stays in its files; 2 usage; 3 something is lost for good: the
receiver refused or rejected it, or may have, or stdout did not take it after its file was gone."""


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
    parser.add_argument(
        "--otlp-timeout", metavar="S", type=float, help=f"seconds a request may take; default: {TIMEOUT:g}"
    )
    parser.add_argument("--protocol", action="store_true", help="answer a conformance kit on stdin; goes alone")
    options = parser.parse_args(arguments)
    if options.protocol:
        parser.error("--protocol goes alone: what to do is told on stdin")
    if options.otlp is not None and options.delivery == AT_MOST_ONCE:
        parser.error("--otlp: delivery is at-least-once, at-most-once is not to be had")
    if options.otlp is None and options.otlp_timeout is not None:
        parser.error("--otlp-timeout belongs to --otlp")
    for name in ("log_dir", "agent_events_dir"):
        path = getattr(options, name)
        if path is not None and not os.path.isdir(path):
            parser.error(f"--{name.replace('_', '-')}: {path!r} is no directory")
    try:
        return Order(_config(options), options.once, _receiver(options, environment))
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


def _receiver(options: "Any", environment: "Mapping[str, str]") -> "Optional[Callable[[threading.Event], Receiver]]":
    if options.otlp is None:
        return None
    try:
        given = headers(environment.get(HEADERS, ""))
    except ValueError as error:
        raise ValueError(f"{HEADERS}: {error}") from None
    timeout = TIMEOUT if options.otlp_timeout is None else options.otlp_timeout
    if not 0 < timeout <= _LONGEST_TIMEOUT:
        raise ValueError(f"--otlp-timeout must be a number of seconds up to {_LONGEST_TIMEOUT:g}")
    make = functools.partial(Receiver, options.otlp, given, timeout=timeout)
    try:
        make(threading.Event())  # what is wrong with the URL is told now
    except ValueError as error:
        raise ValueError(f"--otlp: {error}") from None
    return make
