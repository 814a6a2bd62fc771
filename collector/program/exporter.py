"""The sender that exports events as OpenTelemetry logs, at least once.

A file is removed after `flush()` alone. What a receiver did not take stays in its file and comes
again with the next pass. So the buffer is emptied when an export fails, or it would come twice. An
event that the receiver refuses by itself is given up with a notice: it would be refused for ever,
and hold back its extension. No request begins after the stop.
"""

import logging
import time

from .answer import LATER, REFUSED, TAKEN, Answer
from .otlp import record, request
from .sender import Sender, ServiceStoppedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Callable, List

    from ..telemetry import TelemetryEvent
    from .receiver import Receiver

_MOST_RECORDS = 512  # of the SDKs' batch processors (OTEL_BLRP_MAX_EXPORT_BATCH_SIZE)
_MOST_BYTES = 1 << 20
_TRIES = 6
_FIRST_PAUSE = 1.0  # seconds, doubled each time
_LONGEST_PAUSE = 30.0  # also of what a receiver asks for: other extensions wait


class Exporter(Sender):
    """`jitter()` gives a number from 0 to 1, so that many machines do not come back at one moment.
    """

    def __init__(
        self, receiver: "Receiver", stop: "threading.Event", logger: logging.Logger, jitter: "Callable[[], float]"
    ) -> None:
        super().__init__(stop)
        self._receiver = receiver
        self._logger = logger
        self._jitter = jitter
        self._records = []  # type: List[bytes]
        self._bytes = 0

    def enqueue_event(self, event: "TelemetryEvent") -> None:
        """Raises ServiceStoppedError when the receiver does not take what has come together."""
        made = record(event, max(int(time.time() * 10**6), 0) * 1000)
        if len(self._records) >= _MOST_RECORDS or self._bytes + len(made) > _MOST_BYTES:
            self.flush()
        self._records.append(made)
        self._bytes += len(made)
        self.left = True  # until it is taken

    def flush(self) -> bool:
        """True once all is taken, or given up as refused. Raises ServiceStoppedError."""
        records, self._records, self._bytes = self._records, [], 0
        if records:
            self._export(records)
        return True

    def _export(self, records: "List[bytes]") -> None:
        answer = self._send(request(records), len(records))
        if answer.meaning == TAKEN:
            self.left = False
            self._note(answer)
        elif answer.meaning == REFUSED:
            self._split(records, answer)
        else:
            self.left = True
            self._logger.warning("The receiver did not take %d events, their files stay: %s", len(records), answer.text)
            raise ServiceStoppedError

    def _split(self, records: "List[bytes]", answer: "Answer") -> None:
        half = len(records) // 2
        if half:
            self._export(records[:half])
            self._export(records[half:])
        else:
            self.left = False
            self.lost = True
            self._logger.warning(
                "The receiver refused an event of %d bytes, it is lost: %s", len(records[0]), answer.text
            )

    def _note(self, answer: "Answer") -> None:
        if answer.lost:
            self.lost = True
            self._logger.warning("The receiver did not keep all, or may not have: %s", answer.text)
        elif answer.text:
            self._logger.warning("The receiver took all, and says: %s", answer.text)

    def _send(self, body: bytes, count: int) -> "Answer":
        if self.stop.is_set():
            return Answer(LATER, "the program stops", None, False)
        pause = _FIRST_PAUSE
        answer = self._receiver.post(body, count)
        for _ in range(_TRIES - 1):
            if answer.meaning != LATER:
                break
            asked = pause * (0.5 + self._jitter() / 2) if answer.pause is None else answer.pause
            if self.stop.wait(min(asked, _LONGEST_PAUSE)):
                break
            pause *= 2
            answer = self._receiver.post(body, count)
        return answer
