"""TOML from outside: read as tomllib reads it, or refused in one line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.safe import load_toml, quoted


@given(st.dictionaries(st.text("abc.\"'# \\", max_size=9), st.text(max_size=200), max_size=5))
def test_what_is_within_reason_is_read_as_it_is(data: dict[str, str]) -> None:
    text = "".join(f"{quoted(name)} = {quoted(value)}\n" for name, value in data.items())
    assert load_toml(text) == tomllib.loads(text) == data


@pytest.mark.parametrize(
    "text",
    [
        'x = "' + "a." * 500 + '"',
        "x = '" + "a." * 500 + "'",
        "# " + "." * 500,
        "x = 1 # " + "." * 500,
        ".".join("a" * 64) + " = 1",
    ],
)
def test_dots_that_part_no_key_are_no_matter(text: str) -> None:
    assert load_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n" + ".".join("a" * 65) + " = 1", "line 2 has a key of more than 64 parts"),
        ("[" + " . ".join(["'b'"] * 65) + "]", "line 1 has a key of more than 64 parts"),
        ("x = {" + ".".join("a" * 65) + " = 1}", "line 1 has a key of more than 64 parts"),
        ("x = " + "[" * 9999, "nested too deep"),
        ("x = " + "9" * 5000, "4300 digits"),
        ("x = ", "Invalid value"),
    ],
)
def test_what_is_beyond_reason(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        load_toml(text)
    assert "\n" not in str(refused.value)
