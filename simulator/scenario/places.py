"""Where a writer's step falls within a pass, said by what the collector does: a schedule in words.

Rules: a seed's schedule says the same only as long as the collector makes the same calls in the
same order. A place says "before its second unlink in this directory", which outlives a refactoring.
A place that nothing meets is told: what it was about did not happen.
"""

from __future__ import annotations

import fnmatch

from pydantic import BaseModel, ConfigDict, Field


class Place(BaseModel):
    """One ``[[place]]`` of a scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    actor: str = Field(min_length=1, description="Whose step: the name of a handler's directory.")
    before: str = Field(
        "*",
        description="Before which of the collector's acts: a glob over call labels, deliver and flush.",
    )
    path: str = Field("*", description="A glob over the call's path, relative to the world.")
    nth: int = Field(1, ge=1, description="The n-th match in the pass.")
    in_pass: int = Field(0, ge=0, description="In which pass (from 0).")
    steps: int = Field(1, ge=1, description="How many of its steps that wait for the pass it takes there.")

    def matches(self, label: str, path: str) -> bool:
        """Whether this act of the collector is one of its matches."""
        return fnmatch.fnmatchcase(label, self.before) and fnmatch.fnmatchcase(path, self.path)
