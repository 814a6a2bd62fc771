"""What crosses a border of trust: texts that are shown, and regular files that are read or written.

May import: base.
"""

from .regular_files import digest_of, read_regular
from .text import safe
from .toml_text import quoted

__all__ = [
    "digest_of",
    "quoted",
    "read_regular",
    "safe",
]
