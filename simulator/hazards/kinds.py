"""The kinds that a hazard's ``kinds`` may name: whoever chooses among them needs the names as
data.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import bad_keys, heavy, malformed, names, secrets, tld_shapes, xml_bombs

#: hazard -> every kind that it knows, in the order of its table.
HAZARD_KINDS: Mapping[str, tuple[str, ...]] = {
    "bad-keys": bad_keys.KINDS,
    "heavy-json": tuple(heavy.KINDS),
    "malformed": tuple(malformed.DAMAGE),
    "odd-names": tuple(names.NAMES),
    "odd-times": tuple(names.TIMES),
    "secrets": tuple(secrets.KINDS),
    "tld-shapes": tuple(tld_shapes.KINDS),
    "xml-bombs": tuple(xml_bombs.DAMAGE),
}
