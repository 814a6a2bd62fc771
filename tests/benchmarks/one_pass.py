"""One pass in a process of its own, timed: ``python one_pass.py SUBJECT LOG_DIR AGENT_EVENTS_DIR
[PACKAGE]`` prints seconds of processor.

SUBJECT is ``floor``, ``reference`` or ``linux-agent:DIR``. Two passes over an empty log dir come
first: one for what is only done once a process, one for the cost of a pass over nothing, which is
taken off. The sender counts and keeps nothing: what happens to an event after it is not the
collector's cost.
"""

import json
import os
import sys
import time

QUOTA = 360


class Sender:
    def __init__(self):
        self.count = 0

    def enqueue_event(self, event):
        self.count += 1

    def stopped(self):
        return False

    def get_thread_name(self):
        return "sender"


class Floor:
    """The least that is done to the same files: list, open, fstat, read, parse, close, unlink;
    nothing is looked at twice, and no event is looked into.

    The newest files are read until the quota is reached, and all are removed, as the contract has
    it.
    """

    def __init__(self, log_dir, sender):
        self.log_dir = log_dir
        self.sender = sender

    def collect(self):
        for handler in os.listdir(self.log_dir):
            directory = os.open(f"{self.log_dir}/{handler}/events", os.O_RDONLY | os.O_DIRECTORY)
            room = QUOTA
            for name in sorted(os.listdir(directory), reverse=True):
                if room > 0:
                    file = os.open(name, os.O_RDONLY, dir_fd=directory)
                    value = json.loads(os.read(file, os.fstat(file).st_size))
                    os.close(file)
                    found = len(value) if isinstance(value, list) else 1
                    self.sender.count += min(found, room)
                    room -= found
                os.unlink(name, dir_fd=directory)
            os.close(directory)


def reference(log_dir, agent_events_dir, sender):
    from etp_kit import collector

    return collector.build(log_dir, agent_events_dir, sender)


def linux_agent(spec, log_dir, agent_events_dir, sender):
    """The production agent's collector as it is, with the quota of its later versions; its log goes
    nowhere."""
    from etp_kit.simulator.subjects import resolve

    factory = resolve(spec).load()
    made = factory(log_dir, agent_events_dir, sender)
    factory._modules["logger"].DEFAULT_LOGGER.appenders = []
    handler = factory._main._ProcessExtensionEvents
    for name in [name for name in vars(handler) if "MAX_NUMBER_OF_EVENTS_PER_EXTENSION" in name]:
        setattr(handler, name, QUOTA)
    return made


def made(subject, log_dir, agent_events_dir, sender):
    if subject == "floor":
        return Floor(log_dir, sender)
    if subject == "reference":
        return reference(log_dir, agent_events_dir, sender)
    return linux_agent(subject, log_dir, agent_events_dir, sender)


def seconds(subject, log_dir, agent_events_dir, sender):
    """Processor time of a pass. The log dir is moved to its place only for that pass: a collector
    knows one log dir."""
    waiting = log_dir + ".waiting"
    os.rename(log_dir, waiting)
    os.mkdir(log_dir)
    collector = made(subject, log_dir, agent_events_dir, sender)
    collector.collect()
    begin = time.process_time()
    collector.collect()
    nothing = time.process_time() - begin
    os.rmdir(log_dir)
    os.rename(waiting, log_dir)
    begin = time.process_time()
    collector.collect()
    return time.process_time() - begin - nothing


def main():
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    sender = Sender()
    used = seconds(*sys.argv[1:4], sender)
    left = sum(len(os.listdir(f"{sys.argv[2]}/{handler}/events")) for handler in os.listdir(sys.argv[2]))
    sys.stdout.write(json.dumps({"seconds": used, "events": sender.count, "left": left}))


if __name__ == "__main__":
    main()
