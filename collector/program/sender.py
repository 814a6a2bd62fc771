"""What the senders of the program share: they stop with the program, and remember that they could not deliver."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading


class ServiceStoppedError(Exception):
    """Ends the pass; nothing that was not confirmed is removed (stop.prompt)."""


class Sender:
    """`stop` is the program's; `failed` tells whether something could not be delivered, for the exit code."""

    def __init__(self, stop: "threading.Event") -> None:
        self.stop = stop
        self.failed = False

    def stopped(self) -> bool:
        return self.stop.is_set()

    @staticmethod
    def get_thread_name() -> str:
        return "Program"
