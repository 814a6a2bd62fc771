"""One pass in a process of its own: what it cost. Run by test_bounds.py; prints one line of JSON.

    python probe.py PACKAGE_ROOT LOG_DIR AGENT_DIR METHOD SETTINGS

`growth` is the peak of the resident set above what was resident before the pass, in bytes. `cpu` is
in seconds of the machine on which the limits were measured: fixed work is timed beside the pass.
The sender keeps nothing, waits are skipped, and one small pass goes first, so that only
the files are measured.
"""

import json
import logging
import os
import sys
import tempfile
import time

root, log_dir, agent_dir, method, settings = sys.argv[1:]
sys.path.insert(0, root)
from etp_kit import collector  # noqa: E402 - it lies below the root that was given


class Counting:
    def __init__(self):
        self.accepted = 0

    def enqueue_event(self, handed):
        self.accepted += 1

    def stopped(self):
        return False

    def flush(self):
        return True

    def get_thread_name(self):
        return "Counting"


def status(field):
    with open("/proc/self/status") as source:
        (line,) = [line for line in source if line.startswith(field + ":")]
    return int(line.split()[1]) * 1024


def reset_peak():
    with open("/proc/self/clear_refs", "w") as target:
        target.write("5")


def slowness():
    """How many times longer 5,000 keys take than on the machine of the limits: 1.3 ms there."""
    rounds = []
    for _ in range(9):
        begun = time.process_time()
        _ = {"%x" % number: [number] for number in range(5000)}
        rounds.append(time.process_time() - begun)
    return max(1.0, sorted(rounds)[4] / 0.0013)


def main():
    time.sleep = lambda seconds: None
    logger = logging.Logger("probe")
    logger.addHandler(logging.NullHandler())
    with tempfile.TemporaryDirectory() as small:
        os.makedirs(small + "/Warm/events")
        with open(small + "/Warm/events/1.json", "w") as out:
            json.dump([{"Message": "https://h/p?a=1&sig=x"}, {}], out)
        with open(small + "/1.tld", "w") as out:
            out.write('<Data><Provider id="p"/><Event id="1"/></Data>')
        getattr(collector.build(small, small, Counting(), logger=logger), method)()
    sender = Counting()
    subject = collector.build(log_dir, agent_dir, sender, logger=logger, **json.loads(settings))
    reset_peak()
    before = status("VmRSS")
    begun = time.process_time()
    report = getattr(subject, method)()
    cpu = (time.process_time() - begun) / slowness()
    growth = status("VmHWM") - before
    kinds = sorted({notice.kind for notice in report.notices})
    print(json.dumps({"growth": growth, "cpu": cpu, "accepted": sender.accepted, "kinds": kinds}))


main()
