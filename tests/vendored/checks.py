"""Direct checks of a vendored copy, for any interpreter from 3.6:
``python checks.py PARENT PACKAGE``.

No test framework: old interpreters have none.
Prints a line a check; the exit code is 1 if one fails, 2 if none ran.
"""

import importlib
import json
import os
import shutil
import sys
import tempfile
import time

FIELDS = {
    "Version": "1.0", "Timestamp": "2024-01-01T00:00:00.000Z", "TaskName": "Task", "EventLevel": "Informational",
    "Message": "m", "EventPid": "1", "EventTid": 2, "OperationId": "",
}  # fmt: skip


class ServiceStoppedError(Exception):
    pass


class Sender:
    def __init__(self, most=1 << 30):
        self.events = []
        self.most = most

    def enqueue_event(self, event):
        if self.stopped():
            raise ServiceStoppedError()
        self.events.append(event)

    def stopped(self):
        return len(self.events) >= self.most

    def get_thread_name(self):
        return "Sender"

    def flush(self):
        return True

    def messages(self):
        return [parameter.value for event in self.events for parameter in event.parameters if parameter.name == "Context1"]


class Place:
    """A log dir with one extension, and an agent events dir."""

    def __init__(self, top):
        self.log_dir = os.path.join(top, "log")
        self.agent_events_dir = os.path.join(top, "lib", "events")
        self.events_dir = os.path.join(self.log_dir, "Contoso.Agent", "events")
        for path in (self.events_dir, self.agent_events_dir):
            os.makedirs(path)

    def write(self, name, content):
        with open(os.path.join(self.events_dir, name), "wb") as file:
            file.write(content)

    def left(self):
        return sorted(os.listdir(self.events_dir))


def event(message="m", **changes):
    return dict(FIELDS, Message=message, **changes)


def encoded(value):
    return json.dumps(value).encode("utf-8")


def delivers_and_removes(package, place):
    place.write("1.json", encoded([event("a"), event("b")]))
    sender = Sender()
    package.build(place.log_dir, place.agent_events_dir, sender).collect()
    assert sender.messages() == ["a", "b"], sender.messages()
    assert place.left() == [], place.left()


def keeps_the_quota(package, place):
    for number in range(5):
        place.write("%d.json" % number, encoded(event(str(number))))
    sender = Sender()
    package.build(place.log_dir, place.agent_events_dir, sender, quota=3).collect()
    assert sender.messages() == ["4", "3", "2"], sender.messages()
    assert place.left() == [], place.left()


def survives_hostile_files(package, place):
    os.mkfifo(os.path.join(place.events_dir, "1.json"))
    os.symlink("/dev/zero", os.path.join(place.events_dir, "2.json"))
    place.write("3.json", b"[" * 100000)
    place.write("4.json", b"[" + b"9" * 250000 + b"]")
    place.write("5.json", encoded(event("good")))
    place.write("6.json", b'{"Message": ' + b"[" * 900 + b"]" * 900 + b"}")
    sender = Sender()
    package.build(place.log_dir, place.agent_events_dir, sender, retry_delay=0).collect()
    assert sender.messages() == ["good"], sender.messages()
    assert place.left() == [], place.left()


def redacts(package, place):
    place.write("1.json", encoded(event("see https://h/p?sv=1&sig=SECRET now")))
    sender = Sender()
    package.build(place.log_dir, place.agent_events_dir, sender).collect()
    assert len(sender.messages()) == 1, sender.messages()
    assert "SECRET" not in sender.messages()[0], sender.messages()


def keeps_files_when_stopped(package, place):
    for number in range(3):
        place.write("%d.json" % number, encoded(event(str(number))))
    sender = Sender(most=1)
    package.build(place.log_dir, place.agent_events_dir, sender).collect()
    assert sender.messages() == ["2"], sender.messages()
    assert place.left()[:2] == ["0.json", "1.json"], place.left()


def collects_agent_events(package, place):
    parameters = [{"name": "Name", "value": "WALinuxAgent"}, {"name": "Message", "value": "hello"}]
    path = os.path.join(place.agent_events_dir, "1.waagent.tld")
    with open(path, "wb") as file:
        file.write(encoded({"eventId": 1, "providerId": "p", "parameters": parameters}))
    sender = Sender()
    package.build(place.log_dir, place.agent_events_dir, sender).collect_agent_events()
    assert len(sender.events) == 1, sender.events
    assert not os.path.exists(path)


def runs_as_a_service(package, place):
    place.write("1.json", encoded(event("a")))
    sender = Sender()
    service = package.build(place.log_dir, place.agent_events_dir, sender).service()
    service.run()
    deadline = time.time() + 20
    while not sender.events and time.time() < deadline:
        time.sleep(0.01)
    service.stop()
    assert sender.messages() == ["a"], sender.messages()
    assert service.stopped()
    assert not service.is_alive()


CHECKS = (
    delivers_and_removes, keeps_the_quota, survives_hostile_files, redacts, keeps_files_when_stopped, collects_agent_events, runs_as_a_service,
)  # fmt: skip


def main(parent, name):
    sys.path.insert(0, parent)
    sys.dont_write_bytecode = True
    package = importlib.import_module(name)
    failed = 0
    for check in CHECKS:
        top = tempfile.mkdtemp()
        try:
            check(package, Place(top))
            print("ok   " + check.__name__)
        except Exception as error:
            failed += 1
            print("FAIL %s: %s: %r" % (check.__name__, type(error).__name__, error))
        finally:
            shutil.rmtree(top, ignore_errors=True)
    return 2 if not CHECKS else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
