"""Labels: holes and secrets, elements and their reasons, texts."""

from __future__ import annotations

import importlib.metadata
import json
import unicodedata

import pytest

from etp_kit.simulator.core.drop_reasons import KEYS
from etp_kit.simulator.core.labels import HOLE, Label, agrees
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.writers.element import (
    COMPACT,
    GO,
    PYTHON,
    document,
    fallen,
    left,
    object_text,
    sound,
    valid,
    xml_safe,
)
from etp_kit.simulator.writers.texts import PATH, POOLS


@pytest.mark.parametrize(("expected", "delivered", "agree"), [
    ("a", "a", True), ("a", "a ", False), ("a", "", False), ("", "", True),
    (f"a {HOLE} z", "a  z", True), (f"a {HOLE} z", "a anything z", True), (f"a {HOLE} z", "a z", False),
    (f"a {HOLE} z", "b x z", False), (f"a {HOLE} z", "a x y", False), (HOLE, "", True), (HOLE, "x", True),
    (f"a{HOLE}b{HOLE}c", "a-b-c", True), (f"a{HOLE}b{HOLE}c", "a-c", False), (f"ab{HOLE}ba", "aba", False),
    (f"a {HOLE} z", "a secret z", False), ("a secret z", "a secret z", False),
])  # fmt: skip
def test_agrees(expected, delivered, agree):
    assert agrees(expected, delivered, ("secret",)) is agree


FIELDS = {key: "x" for key in KEYS}


def with_fields(**changes):
    return sound("handler", "token", {**FIELDS, **changes}, Limits(message=10, event=30))


@pytest.mark.parametrize(("changes", "due"), [
    ({}, "collect"),
    ({"Message": "m" * 10}, "collect"),
    ({"Message": "m" * 11}, "cut"),
    ({"Message": "m" * 1_000, "Version": "v" * 14}, "cut"),
    ({"Message": "m" * 1_000, "Version": "v" * 15}, "drop"),
    ({"TaskName": "t" * 23}, "collect"),
    ({"TaskName": "t" * 24}, "drop"),
])  # fmt: skip
def test_a_sound_event_is_due_by_its_lengths(changes, due):
    assert with_fields(**changes).due == due


def test_an_oversize_event_names_the_limit():
    assert with_fields(TaskName="t" * 24).reason == "OversizeEventError: max event size allowed: 30"


def test_a_sound_event_has_a_message():
    with pytest.raises(ValueError, match="empty Message"):
        with_fields(Message="")


def test_a_file_that_falls_has_a_label_even_without_events():
    assert fallen((), "MalformedFileError") == (Label("", "drop", reason="MalformedFileError"),)


def test_secrets_stay_with_events_that_fall_or_are_left():
    label = Label("token", "collect", secrets=("s",))
    assert fallen((label,), "x")[0].secrets == left((label,))[0].secrets == ("s",)


def test_go_escapes_what_html_would_read():
    assert GO.text("<a href='x'>&\u2028é</a>").written == "\\u003ca href='x'\\u003e\\u0026\\u2028é\\u003c/a\\u003e"


@pytest.mark.parametrize("layout", [COMPACT, PYTHON, GO])
@pytest.mark.parametrize("pool", [name for name in POOLS._fields if name != "signed"])
def test_every_layout_writes_what_it_means(layout, pool):
    for text in getattr(POOLS, pool):
        assert json.loads(layout.text(text).literal) == text


def test_a_lone_surrogate_is_escaped_where_others_are_raw():
    assert COMPACT.escape("é\ud800") == "é\\ud800"


def test_members_stand_as_given():
    assert object_text([("a", "1"), ("a", "null")], COMPACT) == '{"a":1,"a":null}'


def test_a_document_is_a_list_or_its_one_element():
    element = valid("h", "t", {key: COMPACT.text("x") for key in KEYS}, Limits(), COMPACT)
    one = document("1.json", [element], COMPACT, as_list=False)
    several = document("1.json", [element, element], COMPACT, as_list=True)
    assert isinstance(json.loads(one.data), dict)
    assert len(json.loads(several.data)) == len(several.labels) == 2


def test_xml_safe_names():
    assert xml_safe("ab\x1b\udcff\ufffe😀 é") == "ab\ufffd\ufffd\ufffd😀 é"


class TestTexts:
    def all(self):
        texts = [text for name, pool in POOLS._asdict().items() if name != "signed" for text in pool]
        return texts + [text for signed in POOLS.signed for text in (signed.written, signed.final)]

    def test_are_many(self):
        assert len(POOLS.short) >= 1_500
        assert all(len(pool) >= 60 for pool in POOLS)

    def test_need_no_stripping_and_no_cleaning(self):
        for text in self.all():
            assert text == text.strip() != ""
            assert text == xml_safe(text)
            assert not any(unicodedata.category(character) == "Cs" for character in text)

    def test_are_of_many_scripts(self):
        scripts = {unicodedata.name(text[0], "?").split()[0] for text in POOLS.short}
        assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "HANGUL", "THAI", "GEORGIAN", "DEVANAGARI"} <= scripts

    def test_hold_secrets_only_where_they_say_so(self):
        for signed in POOLS.signed:
            assert signed.secret in signed.written
            assert signed.secret not in signed.final
            assert "<redacted>" in signed.final
        assert not any("sig=" in text for name, pool in POOLS._asdict().items() if name != "signed" for text in pool)

    def test_are_what_faker_says_under_its_seed(self):
        pytest.importorskip("faker", reason="faker is only needed to rebuild the frozen texts")
        version = importlib.metadata.version("faker")
        if version != "40.54.0":
            pytest.skip(f"the texts were built with faker 40.54.0, this is {version}: the frozen ones stay")
        from etp_kit.simulator.writers.texts.rebuild import build

        with open(PATH, encoding="utf-8") as file:
            assert json.load(file) == json.loads(json.dumps(build()))
