"""The sender's side: handing events over, hearing that it stopped, asking it to confirm.

A stopped sender is recognised by the class name of what it raises, because its class belongs to the embedding agent.
"""

_STOPPED = "ServiceStoppedError"


class Stopped(Exception):
    """The sender serves no more: nothing is read, handed over or removed from now on."""


class Delivery:
    """The sender of one collector."""

    def __init__(self, sender):
        # type: (object) -> None
        self._sender = sender

    def check(self):
        # type: () -> None
        """Raises Stopped if the sender has stopped."""
        if self._sender.stopped():  # type: ignore[attr-defined]
            raise Stopped()

    def hand_over(self, event):
        # type: (object) -> bool
        """True if the sender took it, False if it failed over this one (deliver.sender-error). Raises Stopped."""
        try:
            self._sender.enqueue_event(event)  # type: ignore[attr-defined]
        except Exception as error:
            if type(error).__name__ == _STOPPED:
                raise Stopped() from None
            return False
        return True

    def confirm(self):
        # type: () -> bool
        """True once the sender has confirmed all that it took (deliver.at-least-once)."""
        try:
            return self._sender.flush() is not False  # type: ignore[attr-defined]
        except Exception as error:
            if type(error).__name__ == _STOPPED:
                raise Stopped() from None
            return False

    def thread_name(self):
        # type: () -> str
        return str(self._sender.get_thread_name())  # type: ignore[attr-defined]
