"""The command line: one module a verb, and one place where errors become exit codes.

0 conformant; 1 not; 2 interrupted; 3 the kit broke; 4 usage or bad input; 5 nothing selected.
May import: sweep and below; click, rich.
"""

from .command import main

__all__ = ["main"]
