"""agent.redact, agent.no-signature: what leaves of an agent event holds no signature."""

import json

import pytest

from .samples import SECRET, encode, param
from .test_agent import only, pairs, telemetry, xml

REDACTED = "see https://h/p?<redacted> now"


@pytest.mark.parametrize("name", ["1.waagent.tld", "1.tld"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_agent_redact_the_message(world, name, form):
    parameters = [("Name", "Ext"), ("Message", SECRET)]
    content = telemetry(parameters) if form == "json" else xml(
        [(key, value.replace("&", "&amp;"), "mt:wstr") for key, value in parameters]
    )  # fmt: skip
    assert param(only(world, name, content), "Message") == REDACTED


def test_agent_redact_no_other(world):
    """Only a signature goes from the others, not the whole of a token."""
    text = "https://h/p?sv=1&sp=r"
    given = [("Operation", text), ("message", text), ("Message ", text), ("Context1", {"a": [text]})]
    assert pairs(only(world, "1.waagent.tld", telemetry(given))) == given


UNSIGNED = "see https://h/p?sv=1&<redacted> now"


@pytest.mark.parametrize("name", ["Operation", "message", "Message ", "Context1", "Name"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_agent_no_signature_in_another_parameter(world, name, form):
    content = telemetry([(name, SECRET)]) if form == "json" else xml([(name, SECRET.replace("&", "&amp;"), "mt:wstr")])
    assert pairs(only(world, "1.waagent.tld", content)) == [(name, UNSIGNED)]


@pytest.mark.parametrize("name", ["Message", "Context1"])
@pytest.mark.parametrize(
    ("value", "due"),
    [
        ({"url": SECRET, "n": 5}, {"url": UNSIGNED, "n": 5}),
        ([SECRET, None, [True, [SECRET]]], [UNSIGNED, None, [True, [UNSIGNED]]]),
        ({"a": {"b": [{"c": SECRET}, {}]}, "d": []}, {"a": {"b": [{"c": UNSIGNED}, {}]}, "d": []}),
        ({"b": 1, SECRET: {"x": SECRET}, "a": 2}, {"b": 1, UNSIGNED: {"x": UNSIGNED}, "a": 2}),
    ],
    ids=["object", "list", "deep", "key"],
)
def test_agent_no_signature_at_any_depth(world, name, value, due):
    (found,) = only(world, "1.waagent.tld", telemetry({name: value})).parameters
    assert json.dumps([found.name, found.value]) == json.dumps([name, due])  # the order of keys as well


def test_agent_no_signature_in_a_name(world):
    given = [("c/b?sv=1&sig=SECRET", 1)]
    assert pairs(only(world, "1.waagent.tld", telemetry(given))) == [("c/b?sv=1&<redacted>", 1)]


def test_agent_no_signature_as_deep_as_json_goes(world):
    """No depth that the parser takes is too deep for the redaction."""
    depth = 900
    value = "[" * depth + json.dumps(SECRET) + "]" * depth
    content = encode(telemetry({"Message": "@"})).replace(b'"@"', value.encode())
    (found,) = only(world, "1.waagent.tld", content).parameters
    found = found.value
    while isinstance(found, list):
        (found,) = found
    assert found == UNSIGNED


@pytest.mark.parametrize("value", [5, None, True, 1.5])
def test_agent_redact_text_only(world, value):
    assert param(only(world, "1.waagent.tld", telemetry({"Message": value})), "Message") == value


def test_agent_redact_is_neither_cut_nor_stripped(world):
    message = " " + "m" * 5000 + " " + SECRET + " "
    assert param(only(world, "1.waagent.tld", telemetry({"Message": message})), "Message") == message.replace(
        SECRET, REDACTED
    )
