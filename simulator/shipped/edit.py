"""An edit: one exact replacement in one file of a package. It applies once or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from ..base import KitBroke


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``old``, which stands exactly once in ``file`` (below the package), by ``new``."""

    file: str
    old: str
    new: str

    def apply(self, text: str | None) -> str:
        """The edited text. Raises KitBroke where the old text does not stand there exactly once."""
        if text is None:
            raise KitBroke(f"an edit names {self.file}, which the package does not have")
        count = text.count(self.old)
        if count != 1:
            raise KitBroke(f"the text of an edit stands {count} times in {self.file}, expected once: {self.old!r}")
        return text.replace(self.old, self.new)
