"""Inputs for where no engine looks at coverage: what is kept, changed here and there."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

#: Bytes that formats are made of.
_TOKENS = (
    b"", b"\x00", b"\xff", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"%", b"=", b"\n", b"9" * 40, b"sig=",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, kept: Sequence[bytes]) -> bytes:
    """One of the kept inputs with up to six changes: a piece is replaced, by a token or by any."""
    data = draw(st.sampled_from(kept))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 8)))
        data = data[:start] + draw(st.sampled_from(_TOKENS) | st.binary(max_size=4)) + data[end:]
    return data


def inputs(kept: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Mutations of what is kept, and any bytes."""
    return mutated(kept) | st.binary(max_size=300)
