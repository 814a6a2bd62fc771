"""The dialect of every JSON Schema that the kit writes."""

from __future__ import annotations

DIALECT = "https://json-schema.org/draft/2020-12/schema"
