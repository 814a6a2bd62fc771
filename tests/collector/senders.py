"""Senders on a script: what they accept, refuse, confirm, and when they stop."""

from .samples import param


class ServiceStoppedError(Exception):
    """What a stopped sender raises; recognised by this name alone."""


class Sender:
    """Records what it is given. `stop_after` n accepts n events, then is stopped; `raise_at` fails
    the events of these indices (counted over all offers); `on_enqueue(n)` is called at the n-th
    offer, before anything else.
    """

    def __init__(self, stop_after=None, raise_at=(), on_enqueue=None, thread_name="TheSender"):
        self.stop_after = stop_after
        self.raise_at = set(raise_at)
        self.on_enqueue = on_enqueue
        self.thread_name = thread_name
        self.offers = 0
        self.accepted = []
        self.is_stopped = stop_after == 0

    def enqueue_event(self, handed):
        offer = self.offers
        self.offers += 1
        if self.on_enqueue is not None:
            self.on_enqueue(offer)
        if self.is_stopped:
            raise ServiceStoppedError("the sender was stopped")
        if offer in self.raise_at:
            raise ValueError(f"the sender refuses offer {offer}")
        self.accepted.append(handed)
        if self.stop_after is not None and len(self.accepted) >= self.stop_after:
            self.is_stopped = True

    def stopped(self):
        return self.is_stopped

    def get_thread_name(self):
        return self.thread_name

    @property
    def messages(self):
        return [param(handed, "Context1") for handed in self.accepted]

    @property
    def keys(self):
        return [handed.key for handed in self.accepted]

    def of(self, handler):
        return [handed for handed in self.accepted if handed.key[0] == handler]


class FlushingSender(Sender):
    """For at-least-once: an event counts only once `flush()` confirmed it. `flush_fails` is a list
    of what successive calls do: None or True confirm, False or an exception do not; when it is
    used up, they confirm.
    """

    def __init__(self, flush_fails=(), **script):
        super().__init__(**script)
        self.answers = list(flush_fails)
        self.confirmed = []
        self.flushed = 0
        self.flushes = 0

    def flush(self):
        self.flushes += 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        if answer is not False:
            self.confirmed += self.accepted[self.flushed :]
            self.flushed = len(self.accepted)
        return answer
