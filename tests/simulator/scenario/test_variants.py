"""Variants: a name is read as what it tells, and told again by the same name."""

from __future__ import annotations

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.scenario.faults import Fault
from etp_kit.simulator.scenario.variants import Crash, Errno, Interleave, Variant, parse_variant


@pytest.mark.parametrize(
    ("name", "variant", "faults"),
    [
        ("crash:17:after", Crash(17, after=True), (Fault(kind="crash", nth=17, when="after"),)),
        ("crash:1:before", Crash(1, after=False), (Fault(kind="crash", nth=1, when="before"),)),
        ("errno:3:EIO", Errno(3, "EIO"), (Fault(kind="errno", nth=3, errno="EIO"),)),
        ("interleave:0:2:9", Interleave(0, 2, 9), ()),
    ],
)
def test_a_variant_is_its_name(name: str, variant: Variant, faults: tuple[Fault, ...]) -> None:
    assert parse_variant(name) == variant
    assert str(variant) == name
    assert variant.faults == faults


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("errno:3:ENOSUCH", "unknown errno 'ENOSUCH'"),
        ("errno:3:EXDEV", "unknown errno 'EXDEV'"),
        ("crash:0:after", "is no variant"),
        ("crash:1:later", "is no variant"),
        ("interleave:0:0:0", "is no variant"),
        ("crash:\u0661:after", "is no variant"),
        ("", "is no variant"),
    ],
)
def test_any_other_name_is_refused(name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_variant(name)
