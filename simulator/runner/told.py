"""What a history tells of a step and of capabilities: what is judged, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ..core import AgentEvent, Step, StepResult

_OF_AGENT_EVENT = [field.name for field in fields(AgentEvent)]


def told_capabilities(capabilities: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a collector declares, that whose value is plain, or a list of texts.

    Settings are many and decide nothing that is judged.
    """
    return {
        key: value if isinstance(value, (bool, int, str)) else [str(item) for item in value]
        for key, value in capabilities.items()
        if key != "settings" and isinstance(value, (bool, int, str, list, tuple))
    }


def step_result(step: Step, outcome: str, now: int) -> StepResult:
    """A step as the history tells it; ``outcome``: "" or the errno's name; ``now``: virtual ns."""
    result: StepResult = {"act": step.act}
    if step.to:
        result["to"] = step.to
    if step.data:
        result["bytes"] = len(step.data)
    if step.mtime is not None or step.at != now:
        result["mtime"] = step.at if step.mtime is None else step.mtime
    if step.labels is not None:
        result["labels"] = [_told_label(label) for label in step.labels]
    if outcome:
        result["errno"] = outcome
    return result


def _told_label(label: Any) -> list[Any]:
    """[token, due, reason or parameters], the secrets where it plants some, and what it is about
    where that is anything.
    """
    detail = {name: getattr(label.agent, name) for name in _OF_AGENT_EVENT} if label.agent else None
    told = [label.token, label.due, label.reason or detail or list(label.parameters)]
    if label.about:
        return [*told, list(label.secrets), list(label.about)]
    return [*told, list(label.secrets)] if label.secrets else told
