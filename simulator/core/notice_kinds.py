"""What kinds of notices there are beside those that judges know.

Why here: who reads a collector's notices and who judges them must agree on it.
"""

from __future__ import annotations

#: What a collector's own kinds begin with: no clause is about them.
OWN_KINDS = "x-"
