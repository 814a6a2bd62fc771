"""The kit's version; the wheel reads it from here."""

__version__ = "0.1.0"
