"""What a vendored copy is made of, as a CycloneDX 1.6 document.

Who scans an agent finds the collector in it, by name, version and hashes.

Rules: the document says what the copy's record says, and nothing of the moment or the machine, so
the same copy has the same document. Its serial number is made of the files' hashes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any, Final

from .vendored import Copy

_NAME: Final = "etp-kit-collector"
#: Of serial numbers of these documents; any fixed one will do.
_SPACE: Final = uuid.UUID("6f2f5c1e-4a7b-5d0c-9e57-0d1a4c3b2e10")


def bill_of(copy: Copy) -> dict[str, Any]:
    """The document of a copy: the collector, and each of its files with its SHA-256."""
    files = sorted(copy.files.items())
    whole = hashlib.sha256(json.dumps([copy.version, files]).encode("ascii")).hexdigest()
    reference = f"{_NAME}@{copy.version}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, whole)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": reference,
                "name": _NAME,
                "version": copy.version,
                "description": "The reference collector of extension telemetry events; it needs nothing but Python.",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [
            {
                "type": "file",
                "bom-ref": f"{reference}/{name}",
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for name, digest in files
        ],
        "dependencies": [{"ref": reference, "dependsOn": []}],
    }
