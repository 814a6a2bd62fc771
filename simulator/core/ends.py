"""How a run ended that came to no verdict of its own."""

from __future__ import annotations

#: The machine gave it next to nothing of its processor. It proves nothing, and is nobody's failure:
#: neither a pass nor a fail may be made of it.
STARVED = "starved"
