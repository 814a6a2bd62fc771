"""The history's canonical form:
one JSON text a record, the same bytes as the standard library's encoder makes.
"""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.core.history import History, Record

TEXT = st.text(st.characters(codec=None))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OPS = TEXT | st.sampled_from(("run", "call"))
RECORDS = st.builds(Record, st.integers(0, 2**63), st.integers(0, 999), TEXT, OPS, TEXT, PLAIN) | st.builds(
    lambda label, more: Record(0, 0, "collector", "call", "log", {"call": label, **more}), TEXT, st.just({}) | st.just({"errno": "ENOENT"})
)


def _canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@given(RECORDS, st.integers(0, 10**6))
def test_a_line_is_canonical_json(record, i):
    line = record.line(i)
    assert line == _canonical(json.loads(line))


@given(RECORDS, st.integers(0, 10**6))
def test_a_line_gives_its_record_again(record, i):
    data = json.loads(record.line(i))
    members = (data["t"], data["pass"], data["actor"], data["op"], data.get("path", ""), data.get("result"))
    assert Record(*members) == record
    assert json.loads(record.line(i))["i"] == i


def test_a_line_leaves_out_what_does_not_apply():
    assert Record(5, 0, "kit", "restart", "", None).line(3) == '{"actor":"kit","i":3,"op":"restart","pass":0,"t":5}'


def test_what_a_collector_is_called_changes_the_line_and_not_the_hash() -> None:
    one, other = (History([Record(0, 0, "kit", "run", "", {"seed": 0, "subject": name})]) for name in ("a", "dir:b"))
    assert one.sha256() == other.sha256()
    assert list(one.lines()) != list(other.lines())


def test_a_run_that_tells_nothing_of_itself_has_a_hash() -> None:
    """Of a history that came from outside."""
    one, other = (History([Record(0, 0, "kit", "run", "", told)]) for told in (None, ["subject"]))
    assert one.sha256() != other.sha256()


def test_what_it_declares_changes_the_hash() -> None:
    one, other = (History([Record(0, 0, "kit", "run", "", {"capabilities": {"quota": n}})]) for n in (1, 2))
    assert one.sha256() != other.sha256()


@given(st.lists(RECORDS, max_size=5))
def test_sha256_is_over_the_lines_each_with_its_newline(records):
    history = History(records)
    assert history.sha256() == hashlib.sha256("".join(f"{line}\n" for line in history.lines()).encode()).hexdigest()
