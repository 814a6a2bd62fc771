import traceback
from datetime import UTC, datetime, timedelta

from azurelinuxagent.common import logger


class PeriodicOperation:
    """Something done every so often, counted from its end; what it raises is logged once an hour."""

    def __init__(self, period):
        self._period = period
        self._next_run_time = datetime.now(UTC)
        self._warned = {}

    def run(self):
        if self._next_run_time > datetime.now(UTC):
            return
        try:
            self._operation()
        except Exception as error:
            now, text = datetime.now(UTC), str(error)
            if now - self._warned.get(text, now - timedelta(days=1)) >= timedelta(hours=1):
                self._warned[text] = now
                logger.warn(f"Failed to {type(self).__name__}: {text}\n{traceback.format_exc()}")
        finally:
            self._next_run_time = datetime.now(UTC) + self._period

    def _operation(self):
        raise NotImplementedError

    def next_run_time(self):
        return self._next_run_time
