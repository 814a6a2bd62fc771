"""Labels: tokens, expected texts with holes, and a handler's new name."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.labels import HOLE, Label, agrees, find_token, renamed_event, token


@pytest.mark.parametrize("before", ["", " some text "])
def test_a_token_is_found_where_it_was_put(before: str) -> None:
    made = token(3, 31)
    assert made == "etp-00300000001f"
    assert find_token(f"{before}{made} more") == made


@pytest.mark.parametrize("message", ["", "no token", token(0, 0)[:-1]])
def test_a_message_without_a_whole_token_has_none(message: str) -> None:
    assert find_token(message) == ""


@pytest.mark.parametrize(
    ("expected", "delivered", "secrets", "answer"),
    [
        ("text", "text", (), True),
        ("text", "texts", (), False),
        ("text", "text", ("ex",), False),
        (f"a{HOLE}z", "a anything z", (), True),
        (f"a{HOLE}z", "az", (), True),
        (f"a{HOLE}z", "b anything z", (), False),
        (f"a{HOLE}z", "a anything y", (), False),
        (f"ab{HOLE}bc", "abc", (), False),
        (f"a{HOLE}m{HOLE}z", "a.m.z", (), True),
        (f"a{HOLE}m{HOLE}z", "a.n.z", (), False),
        (f"a{HOLE}m{HOLE}m{HOLE}z", "a.m.z", (), False),
        (f"a{HOLE}z", "a secret z", ("secret",), False),
    ],
)
def test_an_expected_text_agrees_around_its_holes_and_without_its_secrets(
    expected: str, delivered: str, secrets: tuple[str, ...], answer: bool
) -> None:
    assert agrees(expected, delivered, secrets) is answer


@pytest.mark.parametrize(
    ("parameters", "renamed"),
    [
        ((), ()),
        (("Old-1.0", "x"), ("New-1.0", "x")),
        (("Other-1.0",), ("Other-1.0",)),
        (("Older-1.0",), ("Older-1.0",)),
    ],
)
def test_a_renamed_handlers_events_have_its_new_name(parameters: tuple[str, ...], renamed: tuple[str, ...]) -> None:
    assert renamed_event(Label("", "collect", parameters), "Old", "New").parameters == renamed
