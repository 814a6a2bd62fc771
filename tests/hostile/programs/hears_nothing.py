"""Ignores every signal that can be ignored, and does not end when it is asked to."""

import signal
import time

from answering import answer


def attack(_: str) -> None:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            continue
    import answering

    answering.os._exit = lambda code: time.sleep(1_000)


answer(attack)
