"""The site of these pages: `tox run -e docs` builds it, and then follows each of its links.

A page is written once, as Markdown that a repository shows too. What a program knows is made by
the build: the commands, the picture of the rooms, and the reports of real runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE / "_site"))

from etp_kit.simulator._version import __version__  # noqa: E402 - the path above comes first

project = "ETP Kit"
author = copyright = "The ETP Kit authors"  # noqa: A001 - Sphinx's word
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx_click", "real_runs", "rooms_picture", "whole_cli"]
exclude_patterns = ["_site", "_build"]
nitpicky = True  # a reference that leads nowhere is a warning, and a warning ends the build
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
pygments_style = "friendly"
myst_fence_as_directive = ["mermaid"]

html_theme = "furo"
html_title = f"ETP Kit {__version__}"
html_css_files = ["site.css"]
html_static_path = ["_site/static"]
html_copy_source = False
html_show_sourcelink = False
