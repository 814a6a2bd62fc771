"""Says on its log what would clear a terminal, and forges a line of the kit's."""

import sys

from answering import answer

answer(lambda _: print("\x1b[2J\x1b]0;owned\x07\rPASS 9 of 9 clauses passed", file=sys.stderr, flush=True))
