"""How a result comes out of a process in which foreign code ran."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.runner import reply as replies
from etp_kit.simulator.runner.reply import Foreign, Reply, readable


@pytest.fixture
def reply() -> Iterator[Reply]:
    """Both sides in one process: the child's is a thread."""
    made = Reply(dict[str, int])
    yield made
    made.close()


def sent(reply: Reply, kind: str, value: Any) -> tuple[str, Any] | None:
    child = threading.Thread(target=lambda: reply.send(reply.written(kind, value)))
    child.start()
    while not reply.hear():
        readable([reply.descriptor], 1)
    child.join()
    return reply.result()


def written(reply: Reply, data: bytes) -> None:
    os.write(reply._out, data)


@pytest.mark.parametrize(("kind", "value"), [("result", {"a": 1}), ("kit-broke", "it did"), ("broken", ["crash", "x"])])
def test_what_was_sent_arrives_with_its_kind(reply: Reply, kind: str, value: Any) -> None:
    assert sent(reply, kind, value) == (kind, value)


def test_a_long_one_arrives_whole(reply: Reply) -> None:
    value = {str(number): number for number in range(300_000)}
    assert sent(reply, "result", value) == ("result", value)


def test_sets_are_lists_in_order(reply: Reply) -> None:
    assert sent(reply, "broken", {"b", "a"}) == ("broken", ["a", "b"])


def test_what_json_does_not_have_is_not_written(reply: Reply) -> None:
    with pytest.raises(TypeError, match="a object is in no result"):
        reply.written("broken", object())


def test_a_result_of_another_form_is_none(reply: Reply) -> None:
    with pytest.raises(Foreign, match="its result is none"):
        sent(reply, "result", {"a": "text"})


def test_what_is_written_before_the_number_is_given_out_is_foreign(reply: Reply) -> None:
    written(reply, b'["result", {"a": 1}]')
    with pytest.raises(Foreign, match="wrote into the kit's own pipe"):
        reply.hear()


def test_what_bears_another_number_is_foreign(reply: Reply) -> None:
    written(reply, b"?")
    assert not reply.hear()
    written(reply, b"0" * 32 + (2).to_bytes(8, "big") + b"{}")
    with pytest.raises(Foreign, match="wrote into the kit's own pipe"):
        reply.hear()


def test_two_workers_have_two_numbers(reply: Reply) -> None:
    other = Reply(dict[str, int])
    numbers = []
    for one in (reply, other):
        written(one, b"?")
        one.hear()
        numbers.append(os.read(one._asked, 32))
    other.close()
    assert len(set(numbers)) == 2
    assert {len(number) for number in numbers} == {32}


def test_a_length_beyond_reason_is_foreign(reply: Reply) -> None:
    written(reply, b"?")
    reply.hear()
    written(reply, os.read(reply._asked, 32) + (1 << 62).to_bytes(8, "big"))
    with pytest.raises(Foreign, match="more than 1 GiB"):
        reply.hear()


@pytest.mark.parametrize("ended", ["at once", "after the work", "in the result"])
def test_what_ended_before_it_told_all_has_no_result(reply: Reply, ended: str) -> None:
    if ended != "at once":
        written(reply, b"?")
        assert not reply.hear()
    if ended == "in the result":
        written(reply, os.read(reply._asked, 32) + (100).to_bytes(8, "big") + b"[")
        assert not reply.hear()
    reply.be_parent()
    assert reply.hear()
    assert reply.result() is None


def test_a_child_whose_parent_has_gone_writes_nothing(reply: Reply) -> None:
    os.close(reply._ask)
    reply._ask = os.dup(reply._asked)
    reply.send(b"[]")
    assert os.read(reply.descriptor, 100) == b"?"


def test_a_child_that_died_beside_its_last_word_is_no_error(reply: Reply) -> None:
    written(reply, b"?")
    reply.be_parent()
    assert not reply.hear()
    assert reply.hear()
    assert reply.result() is None


def test_a_child_keeps_only_its_own_ends() -> None:
    made = Reply(int)
    made.be_child()
    for descriptor in (made.descriptor, made._ask):
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)
    made.be_parent()


def test_the_adapter_of_a_form_is_made_once() -> None:
    assert replies.adapter_of(dict[str, int]) is replies.adapter_of(dict[str, int])
