"""Data checked by pydantic, which is loaded when something is checked and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Checked:
    """In an annotation: what pydantic is to check of the value, in the words of its core schema."""

    def __init__(self, **constraints: Any) -> None:
        self._constraints = constraints

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        return {**handler(source), **self._constraints}


def checked(shape: type[T], data: Any) -> T:
    """The data as a value of that dataclass, which knows all keys. Raises ValueError in one line:
    place, fault, what was found."""
    from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config  # noqa: PLC0415 - half of a start

    try:
        return TypeAdapter(with_config(ConfigDict(extra="forbid"))(shape)).validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        found = "" if first["type"] in ("missing", "missing_argument") else f"; found {first['input']!r:.80}"
        more = "" if error.error_count() == 1 else f" (and {error.error_count() - 1} more)"
        raise ValueError(f"{place}: {first['msg']}{found}{more}") from None
