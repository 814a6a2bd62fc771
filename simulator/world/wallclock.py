"""Every way in which Python asks for the time of day, answered from one number as the system
answers it.

A frozen clock may answer in UTC where the system answers in the host's zone
(``datetime.fromtimestamp``, ``now``, ``timestamp``, ``date.today``). It may know no summer time
(``localtime``) or forget which of two equal hours it is (``fold``). A collector that writes local
time as UTC would look right behind it. So the rule here: only *which instant it is* is ours. What
that is in the host's zone is asked of the C library, which follows ``TZ`` and ``tzset``.
"""

from __future__ import annotations

import copyreg
import datetime as _datetime
import sys
import time as _time
import warnings
from collections.abc import Callable
from typing import Any, Self

from ..base import SECOND

_real_date: Any = _datetime.date
_real_datetime: Any = _datetime.datetime

#: Before anything was replaced.
REAL: dict[str, Any] = {
    name: getattr(_time, name) for name in ("time", "time_ns", "localtime", "gmtime", "strftime", "asctime", "ctime")
}
REAL_CLASSES: dict[str, type] = {"date": _real_date, "datetime": _real_datetime}


def seconds(nanoseconds: int) -> float:
    """As CPython makes a float of a clock: whole seconds exactly, others by one division of a
    rounded number.
    """
    return float(nanoseconds // SECOND) if nanoseconds % SECOND == 0 else float(nanoseconds) / 1e9


class _Kind(type):
    """Instances of the real class are instances of the one in its place, but not of those that
    others derive from that.
    """

    def __instancecheck__(cls, instance: object) -> bool:
        real = vars(cls).get("etp_real")
        return isinstance(instance, real) if real is not None else type.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        real = vars(cls).get("etp_real")
        return issubclass(subclass, real) if real is not None else type.__subclasscheck__(cls, subclass)


def classes(wall: Callable[[], int]) -> tuple[Any, Any]:
    """``date`` and ``datetime`` whose present is ``wall()``, in Unix ns; named and shown as the
    real ones.
    """

    class date(_real_date, metaclass=_Kind):  # type: ignore[misc] # noqa: N801 - the name that it is found by
        etp_real = _real_date

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(wall() // SECOND)

        def __repr__(self) -> str:
            return _shown(self, date)

    class datetime(_real_datetime, metaclass=_Kind):  # type: ignore[misc] # noqa: N801 - the name that it is found by
        etp_real = _real_datetime

        @classmethod
        def fromtimestamp(cls, timestamp: float, tz: _datetime.tzinfo | None = None) -> Any:
            # In C it forgets ``fold`` of classes that derive from the real one.
            told = _real_datetime.fromtimestamp(timestamp, tz)
            return _as(cls, told) if cls is datetime else super().fromtimestamp(timestamp, tz)

        @classmethod
        def now(cls, tz: _datetime.tzinfo | None = None) -> Any:
            second, rest = divmod(wall() // 1_000, 1_000_000)
            if tz is None:
                return cls.fromtimestamp(second).replace(microsecond=rest)
            utc = cls(*REAL["gmtime"](second)[:6], rest, tz)
            return tz.fromutc(utc)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

        @classmethod
        def utcnow(cls) -> Self:
            if sys.version_info >= (3, 12):
                warnings.warn(
                    "datetime.datetime.utcnow() is deprecated: it knows no time zone", DeprecationWarning, stacklevel=2
                )
            second, rest = divmod(wall() // 1_000, 1_000_000)
            return cls(*REAL["gmtime"](second)[:6], rest)

        def date(self) -> Any:
            return date(self.year, self.month, self.day)

        def __repr__(self) -> str:
            return _shown(self, datetime)

    for ours in (date, datetime):
        ours.__module__, ours.__qualname__ = "datetime", ours.__name__
        for bound in ("min", "max"):
            setattr(ours, bound, _as(ours, getattr(ours.etp_real, bound)))
        # Values of the real class, made before or in C, are pickled and copied as ours: it stands
        # where theirs is looked for.
        copyreg.pickle(ours.etp_real, _pickled(ours))
    return date, datetime


def _shown(value: Any, ours: type) -> str:
    real: str = type(value).etp_real.__repr__(value)
    return f"datetime.{real}" if type(value) is ours else real


def _as(ours: type, value: Any) -> Any:
    return ours(*value.__reduce_ex__(4)[1])


def _pickled(ours: type) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: (ours, value.__reduce_ex__(4)[1])


def functions(wall: Callable[[], int]) -> dict[str, Callable[..., Any]]:
    """The functions of ``time`` that tell the time of day, by name.

    Given a time they are the system's.
    """

    def localtime(at: float | None = None, /) -> _time.struct_time:
        told: _time.struct_time = REAL["localtime"](wall() // SECOND if at is None else at)
        return told

    def gmtime(at: float | None = None, /) -> _time.struct_time:
        told: _time.struct_time = REAL["gmtime"](wall() // SECOND if at is None else at)
        return told

    def strftime(form: str, /, *at: Any) -> str:
        told: str = REAL["strftime"](form, *(at or (localtime(),)))
        return told

    def asctime(*at: Any) -> str:
        told: str = REAL["asctime"](*(at or (localtime(),)))
        return told

    def ctime(at: float | None = None, /) -> str:
        told: str = REAL["ctime"](wall() // SECOND if at is None else at)
        return told

    return {
        "time": lambda: seconds(wall()),
        "time_ns": lambda: wall(),  # noqa: PLW0108 - it is marked
        "localtime": localtime,
        "gmtime": gmtime,
        "strftime": strftime,
        "asctime": asctime,
        "ctime": ctime,
    }
