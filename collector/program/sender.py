"""What the senders of the program share: they stop with the program, and remember what they could
not deliver."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading


class ServiceStoppedError(Exception):
    """Ends the pass; nothing that was not confirmed is removed (stop.prompt)."""


class Sender:
    """`stop` is the program's. For its exit code, `left` tells whether something was not delivered
    and stays in its files, `lost` whether something never will be."""

    def __init__(self, stop: "threading.Event") -> None:
        self.stop = stop
        self.left = False
        self.lost = False

    def stopped(self) -> bool:
        return self.stop.is_set()

    @staticmethod
    def get_thread_name() -> str:
        return "Program"
