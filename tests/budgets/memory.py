"""What a collector keeps between passes: ``python memory.py PARENT`` prints bytes, counted by
tracemalloc, as a JSON object.

A day has 288 passes; in each the extensions are others by name than in the one before, their
events, damaged files and leftovers too, so that whatever is remembered of them adds up. The second
half of the day is compared with the first, as some things are made once, at their first use.

The script stands alone: the process that is measured loads the collector and nothing of this kit.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
import tracemalloc

PASSES = 288


class Sender:
    def enqueue_event(self, event):
        pass

    def stopped(self):
        return False

    def get_thread_name(self):
        return "sender"


def furnish(top, number):
    fields = ("Version", "Timestamp", "TaskName", "EventLevel", "EventPid", "EventTid", "OperationId")
    for extension in range(3):
        directory = "%s/Extension%d-%d/events" % (top, extension, number)
        os.makedirs(directory)
        for file in range(4):
            event = dict(
                dict.fromkeys(fields, "text %d of pass %d" % (file, number)), Message="m %d %s" % (number, "=" * file)
            )
            with open("%s/%d.json" % (directory, 1000 * number + file), "w") as out:
                json.dump([event, dict(event, Message=""), {"Message": "of pass %d" % number}], out)
        for name, text in (("9.json", "[torn %d" % number), ("left.tmp", "x"), ("8.json", "x" * 5000)):
            with open("%s/%s" % (directory, name), "w") as out:
                out.write(text)
    os.symlink("nowhere", "%s/Extension0-%d/events/7.json" % (top, number))


def held():
    """Bytes that are held now and that this file did not allocate.

    What opens files here keeps some of its own, in one run and not in the next.
    """
    gc.collect()
    others = [tracemalloc.Filter(False, name) for name in (__file__, tracemalloc.__file__)]
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(others).traces)


def measured(parent):
    sys.path.insert(0, parent)
    import collector

    settings = {"retry_delay": 0, "max_file_size": 4000}
    top = tempfile.mkdtemp()
    try:
        tracemalloc.start()
        before = held()
        service = collector.build(top, top, Sender(), **settings).service()
        idle = held() - before
        made = collector.build(top, top, Sender(), **settings)
        marks = dict.fromkeys((PASSES // 2, PASSES - 1, PASSES + PASSES // 2, 2 * PASSES - 1), 0)
        for number in range(PASSES + PASSES):
            if number < PASSES:
                furnish(top, number)
            made.collect()
            made.collect_agent_events()
            if number < PASSES:
                for name in os.listdir(top):
                    shutil.rmtree(os.path.join(top, name))
            if number in marks:
                marks[number] = held()
        del service
        return {
            "idle service": idle,
            "growth in half a day of passes": marks[PASSES - 1] - marks[PASSES // 2],
            "growth in half a day without files": marks[2 * PASSES - 1] - marks[PASSES + PASSES // 2],
        }
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(os.path.abspath(sys.argv[1]))))
