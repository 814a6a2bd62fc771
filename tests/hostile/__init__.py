"""Collectors under test that attack: whatever each does ends as docs/cage.md says."""
