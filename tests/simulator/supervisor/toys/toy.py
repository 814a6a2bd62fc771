"""A careless collector, as an object and as a program. Its siblings toy.pl, toy.js and toy.c do the
same in the same order.

It opens what it finds and follows links, waits at a FIFO, removes before it hands over, and gives
up the pass at the first error.
"""

import json
import os
import sys
from typing import Any


class Event:
    eventId = 1  # noqa: N815 - as on the wire
    providerId = "toy"  # noqa: N815 - as on the wire
    file_type = "json"

    def __init__(self, key: list[Any], message: str) -> None:
        self.key, self.parameters = key, [("Message", message)]


class Toy:
    def __init__(self, log_dir: str, agent_events_dir: str, sender: Any) -> None:
        self.log_dir, self.sender = log_dir, sender

    def collect(self) -> None:
        try:
            for handler in sorted(os.listdir(self.log_dir)):
                self.extension(handler, f"{self.log_dir}/{handler}/events")
        except (OSError, ValueError):
            return

    def extension(self, handler: str, events: str) -> None:
        for name in sorted(os.listdir(events)):
            with open(f"{events}/{name}", "rb") as file:
                data = json.loads(file.read())
            os.unlink(f"{events}/{name}")
            for index, one in enumerate(data if isinstance(data, list) else [data]):
                self.sender.enqueue_event(Event([handler, name, index], one["Message"]))


def make(log_dir: str, agent_events_dir: str, sender: Any) -> Toy:
    return Toy(log_dir, agent_events_dir, sender)


make.capabilities = {"settings": []}


class Printing:
    def enqueue_event(self, event: Event) -> None:
        say(
            type="event",
            key=event.key,
            eventId=1,
            providerId="toy",
            file_type="json",
            parameters=[{"name": "Message", "value": event.parameters[0][1]}],
        )


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    toy = None
    while line := sys.stdin.readline():
        request = json.loads(line)
        if request["type"] == "hello":
            say(type="hello", protocol=1, capabilities={"settings": []})
        elif request["type"] == "start":
            toy = Toy(request["log_dir"], "", Printing())
            say(type="started")
        elif request["type"] == "collect":
            assert toy is not None
            toy.collect()
            say(type="done")
        else:
            return


if __name__ == "__main__":
    main()
