"""redact.*: shared-access signatures never leave the machine."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from etp_kit.collector import redact
from etp_kit.collector.text import NOT_XML

from .samples import ABSENT, FIELDS, data, event, param
from .test_event import value_of

NAMES = ["sv", "st", "se", "sr", "sp", "sip", "spr", "sig"]
LEAKS = data("leaks.json")
SPELLINGS = {"lower": str.lower, "upper": str.upper, "title": str.title}


def redacted(world, text):
    """What becomes of a text as Message (short enough to be neither cut nor too long)."""
    world.write("1.json", event(Message=text))
    (handed,) = world.run().accepted
    return param(handed, "Context1")


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("name", NAMES)
def test_redact_sas_rest_of_the_url(world, name, spelling):
    text = f"get https://host/a/b.zip?{spelling(name)}=2020-01-01&sr=b&sig=SECRET%3D failed"
    assert redacted(world, text) == "get https://host/a/b.zip?<redacted> failed"


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "\u00a0", "\u2003"], ids=ascii)
def test_redact_sas_ends_at_white_space(world, space):
    assert redacted(world, f"https://h/p?sig=SECRET{space}tail") == f"https://h/p?<redacted>{space}tail"


def test_redact_sas_several(world):
    text = "a https://h/1?sig=S b https://h/2?sv=S c https://h/3?x=1 d"
    assert redacted(world, text) == "a https://h/1?<redacted> b https://h/2?<redacted> c https://h/3?x=1 d"


@pytest.mark.parametrize("field", FIELDS)
def test_redact_sas_in_every_field(world, field):
    world.write("1.json", event(**{field: "x https://h/p?sv=1&sig=SECRET y"}))
    (handed,) = world.run().accepted
    assert value_of(handed, field) == "x https://h/p?<redacted> y"


def test_redact_sas_after_strip(world):
    assert redacted(world, "\n  https://h/p?sig=SECRET  \n") == "https://h/p?<redacted>"


@pytest.mark.parametrize("before", range(3040, 3080, 3))
def test_redact_sas_before_the_cut(world, before):
    """A signature that begins before the cut and ends behind it is gone as well."""
    text = "x" * before + " https://h/p?sig=SECRETSECRET"
    assert redacted(world, text) == ("x" * before + " https://h/p?<redacted>")[:3072]


URL = "https://h/p?sv=1&sig=SECRET"


def test_redact_sas_no_log_record_carries_it(world):
    world.write("1.json", [event(Message=URL, **{field: 5}) for field in ("EventLevel", "Version")])
    world.write(
        "2.json", [event(Message=URL, Version=URL * 400), event(Message=ABSENT, TaskName=URL), event(TaskName=ABSENT)]
    )
    world.write("3.json", {URL: URL})
    world.write("4.json", ("[" + URL).encode())
    world.write("5.json", f'{{"{URL}": "{URL}'.encode())
    world.write("6.json", f'"{URL}"'.encode())
    world.write("7.json", event(Message=URL))
    outcome = world.run()
    told = outcome.records + [repr(notice) for notice in outcome.report.notices] + [repr(n) for n in outcome.emitted]
    assert len(told) > 6
    assert not [text for text in told if "SECRET" in text]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak["why"])
def test_redact_complete(world, leak):
    outcome = redacted(world, leak["text"])
    assert "SECRET" not in outcome
    assert "tail" in outcome


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak["why"])
def test_redact_complete_in_every_field(world, leak):
    world.write("1.json", event(**dict.fromkeys(FIELDS, leak["text"])))
    (handed,) = world.run().accepted
    assert "SECRET" not in repr([value for _name, value in handed.parameters])


@pytest.mark.parametrize("text", data("no_secret.json"))
def test_redact_complete_changes_nothing_else(world, text):
    assert redacted(world, text) == text


def test_redact_complete_text_around_urls_survives(world):
    text = "one http://h/p?a=1&sig=SECRET two wss://h/p?sig=SECRET three"
    told = redacted(world, text)
    assert [word for word in told.split() if word in ("one", "two", "three")] == ["one", "two", "three"]


# Laws. One pass judges many texts, so that an example costs little.

LAWS = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
PIECES = st.lists(
    st.sampled_from(
        ["https://", "http://", "wss://", "HTTPS://", "h", "/", "?", "&", "=", "sig", "sv", "sr=b", "a=1", "%3F", "%26", "%3D", "%",
         ":", " ", "\x1f", "\x0b", "&#61;", '"', "<", "#", ";", ",", "\u65e5", "https%3A%2F%2F", "&amp;", "redacted",
         "\u00a0"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def all_redacted(world, texts):
    world.write("1.json", [event(TaskName=text) for text in texts])
    return [param(handed, "TaskName") for handed in world.run().accepted]


@LAWS
@given(st.lists(st.tuples(PIECES, st.sampled_from("?&"), PIECES), min_size=1, max_size=20))
def test_redact_complete_the_value_of_sig_never_survives(world, parts):
    texts = [f"https://h/?{''.join(head.split())}{mark}sig=SECRET{tail}" for head, mark, tail in parts]
    for text, told in zip(texts, all_redacted(world, texts), strict=True):
        assert "SECRET" not in told, text


MARKS = st.sampled_from(["?", "&", ";", "=", "&amp;", "&#38;", "%26", "%253f", "\\u0026", "\\x26"])
NOT_CARRIED = st.sampled_from(["", "", "\x00", "\x1f", "\x0b\x0c", "\x1c\x1d\x1e", "\ud800", "\ufffe\uffff"])
EQUALS = st.sampled_from(
    ["=", "\\=", "%3D", "%253d", "\\u003d", "\\x3D", "&#61;", "&#x3D;", "&equals;", "&amp;amp;#061;", "%26%2361%3B"]
)


@LAWS
@given(st.lists(st.tuples(PIECES, MARKS, NOT_CARRIED, EQUALS, NOT_CARRIED, PIECES), min_size=1, max_size=20))
def test_redact_complete_no_query_carries_it_whatever_is_replaced_on_the_way(world, parts):
    texts = [f"{head}{mark}{x}s{y}ig{x}{equals}{y}SECRET{tail}" for head, mark, x, equals, y, tail in parts]
    for text, told in zip(texts, all_redacted(world, texts), strict=True):
        assert "SECRET" not in told, text


def test_redact_complete_a_run_ends_at_white_space_that_xml_carries():
    """The set is written out, as patterns that ignore case know no Unicode here."""
    every = "".join(map(chr, range(0x110000)))
    ends = re.sub(redact._RUN, "", every)
    assert ends == re.sub(NOT_XML, "", "".join(re.findall(r"\s", every)))


@LAWS
@given(st.lists(PIECES, min_size=1, max_size=20))
def test_redact_complete_is_idempotent(world, texts):
    once = all_redacted(world, texts)
    assert all_redacted(world, once) == once


@LAWS
@given(st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",))), min_size=1, max_size=20))
def test_redact_complete_text_without_a_url_or_a_signature_is_unchanged(world, texts):
    for text in texts:
        assume(not re.search(r"(?i)sig|https:", text))
        assume("\ufffe" not in text and "\uffff" not in text)
    assert all_redacted(world, texts) == [text.strip() for text in texts]
