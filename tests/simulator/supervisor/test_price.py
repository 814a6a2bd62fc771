"""The price of being heard can be measured: both passes do their work, and one of them is heard."""

from __future__ import annotations

from . import price
from .heard import needs_kernel

pytestmark = needs_kernel


def test_a_pass_is_timed_alone_let_be_and_heard() -> None:
    collector = price.REFERENCE
    words = collector.removeprefix("cmd:").split()
    seconds, calls = price.placed(lambda root: price.let_be(words, root))
    assert price.placed(lambda root: price.alone(words, root)) > 0
    assert seconds > 0
    assert price.heard(collector) > 0
    # Of each file at least: it is looked at, opened, read, closed and removed.
    assert calls > 4 * price.FILES
