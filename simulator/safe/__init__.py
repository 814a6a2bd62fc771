"""What crosses a border of trust: texts that are shown, and regular files that are read or written.

May import: base and below; click.
"""

from .destinations import Destination, open_destinations
from .made_pages import keep_page, markdown_table, with_parts
from .mounts import mount_of
from .regular_files import digest_of, read_given, read_regular
from .text import near, safe
from .toml_text import load_toml, quoted, read_toml
from .whole_files import WholeFile, whole_file, write_all_new, write_new, write_own, write_whole

__all__ = [
    "Destination",
    "WholeFile",
    "digest_of",
    "keep_page",
    "load_toml",
    "markdown_table",
    "mount_of",
    "near",
    "open_destinations",
    "quoted",
    "read_given",
    "read_regular",
    "read_toml",
    "safe",
    "whole_file",
    "with_parts",
    "write_all_new",
    "write_new",
    "write_own",
    "write_whole",
]
