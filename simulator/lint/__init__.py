"""What would become of these event files? A pass of the reference collector that only looks, with advice for their publishers.

``lint(paths, terms, now, reporters)`` is the door; see docs/lint.md.
"""

from simulator.lint.profile import Terms
from simulator.lint.run import Reporter, lint
from simulator.lint.summary import Summary

__all__ = ["Reporter", "Summary", "Terms", "lint"]
