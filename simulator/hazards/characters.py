"""Characters that a collector takes away or replaces, as texts that know what is left of them."""

from __future__ import annotations

from ..writers import COMPACT, PYTHON

#: Every character that str.strip() removes: of 29 in Unicode, 23 can stand raw in JSON, and C0 ones
#: must be escaped.
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
GONE = COMPACT.changed(BLANKS, "")
NOT_XML = COMPACT.changed("\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\ufffe\uffff", "\ufffd" * 10)
LONE = PYTHON.changed("\ud800 \udfff \udc80", "\ufffd \ufffd \ufffd")
