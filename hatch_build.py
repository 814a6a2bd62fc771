"""What the metadata of a build says of where the project lives.

The repository's own links are relative, so that they hold in a checkout, a fork and a mirror. An
index shows the README alone, where a relative link leads nowhere. Whoever publishes names the
address, and this makes the links absolute; the release workflow names that of its repository.
Without an address the words of a link stay, and nothing is linked.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

#: The repository that a build is published from, such as https://github.com/OWNER/REPOSITORY.
ADDRESS = "ETP_KIT_ADDRESS"
#: One that a link can hold: no user, query or fragment, and nothing that ends a link.
_SOUND = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+")
_LINK = re.compile(r"(!?)\[([^\]\[]*)\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


class CustomMetadataHook(MetadataHookInterface):
    """The README as an index shows it, and the project's addresses."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling. A source archive has both already, as its own build found them."""
        if (Path(self.root) / "PKG-INFO").is_file():
            return
        address = os.environ.get(ADDRESS, "").rstrip("/")
        if address and not _SOUND.fullmatch(address):
            raise ValueError(f"{ADDRESS}: {address!r} is no address; expected https://HOST/OWNER/REPOSITORY")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        version = f"v{metadata['version']}"
        metadata["readme"] = {"content-type": "text/markdown", "text": shown(text, address, version)}
        metadata["urls"] = addresses(address, version)


def addresses(address: str, version: str) -> dict[str, str]:
    """The project's addresses at this version; none where nobody publishes."""
    if not address:
        return {}
    files = f"{address}/blob/{version}"
    return {
        "Documentation": f"{files}/docs/index.md",
        "Source": address,
        "Changelog": f"{files}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }


def shown(text: str, address: str, version: str) -> str:
    """A page without relative links; what stands between fences is left as it is typed."""

    def absolute(found: re.Match[str]) -> str:
        image, words, target = found.groups()
        if _ELSEWHERE.match(target):
            return found[0]
        if not address:
            return words
        path = f"README.md{target}" if target.startswith("#") else target
        return f"{image}[{words}]({address}/{'raw' if image else 'blob'}/{version}/{path})"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else _LINK.sub(absolute, part) for part in parts)
