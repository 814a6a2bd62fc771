import threading
from datetime import UTC, datetime


class LogLevel:
    VERBOSE, INFO, WARNING, ERROR = range(4)


_NAMES = ("VERBOSE", "INFO", "WARNING", "ERROR")


class Logger:
    def __init__(self):
        self.appenders = []

    def log(self, level, text):
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        thread = threading.current_thread().name.replace(" ", "-")
        for appender in self.appenders:
            appender.write(level, f"{now} {_NAMES[level]} {thread} {text}\n")


DEFAULT_LOGGER = Logger()


def verbose(text):
    DEFAULT_LOGGER.log(LogLevel.VERBOSE, text)


def info(text):
    DEFAULT_LOGGER.log(LogLevel.INFO, text)


def warn(text):
    DEFAULT_LOGGER.log(LogLevel.WARNING, text)
