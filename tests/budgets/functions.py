"""How many functions a pass calls: ``python functions.py PARENT`` prints a JSON object, for any
interpreter from 3.6.

Counted are the calls that the collector below PARENT makes, of functions written in Python or in C,
with ``sys.setprofile``: what one event, file or extension more costs, so that what is done once a
pass is left out. No clock is asked, so no load of the machine moves a number. The script stands
alone: interpreters run it that have nothing of this kit.
"""

import json
import os
import shutil
import sys
import tempfile

EVENT = {
    "Version": "1.2.3.4", "Timestamp": "2026-01-01T00:00:00.000Z", "TaskName": "Enable",
    "EventLevel": "Informational", "Message": "state=ready",
    "EventPid": "1", "EventTid": "2", "OperationId": "an operation",
}  # fmt: skip
#: The same, in need of work: two spellings of a key, a signature, white space, a process id as a
#: number.
ODD = dict(EVENT, message=" see https://host/path?sv=1&sig=abc ", EventPid=1)


class Sender:
    def enqueue_event(self, event):
        pass

    def stopped(self):
        return False

    def get_thread_name(self):
        return "sender"


def calls(package, inside, extensions=1, files=1, events=1, event=EVENT, **settings):
    """Of one pass, after another that has done what is done once a process."""
    top = tempfile.mkdtemp()
    try:
        collector = package.build(top, None, Sender(), **settings)
        counts = []
        for _ in range(2):
            for extension in range(extensions):
                directory = "%s/Extension%d/events" % (top, extension)
                os.makedirs(directory, exist_ok=True)
                for number in range(files):
                    path = "%s/%d.json" % (directory, 1000 + number)
                    with open(path, "w") as file:
                        json.dump([dict(event, OperationId=str(i)) for i in range(events)], file)
                    os.utime(path, (number, number))
            counts.append(0)

            def count(frame, event, argument):
                caller = frame.f_back if event == "call" else frame
                if event in ("call", "c_call") and caller is not None and caller.f_code.co_filename.startswith(inside):
                    counts[-1] += 1

            sys.setprofile(count)
            collector.collect()
            sys.setprofile(None)
            left = [name for _, _, names in os.walk(top) for name in names]
            if left:
                raise SystemExit("files are left: %s" % left)
        return counts[-1]
    finally:
        shutil.rmtree(top)


def measured(parent):
    sys.path.insert(0, parent)
    import collector

    inside = os.path.join(parent, "collector") + os.sep

    def of(**load):
        return calls(collector, inside, **load)

    return {
        "event": of(events=12) - of(events=11),
        "odd event": of(events=12, event=ODD) - of(events=11, event=ODD),
        "file": of(files=12) - of(files=11),
        "discarded file": of(files=13, quota=1) - of(files=12, quota=1),
        "extension": of(extensions=4) - of(extensions=3),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(os.path.abspath(sys.argv[1]))))
