"""Answers by brackets, 100,000 deep."""

from answering import answer

answer(lambda _: print("[" * 100_000, flush=True))
