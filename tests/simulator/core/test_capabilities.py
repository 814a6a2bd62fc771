"""Whose words a run's reasons are: decided by the subject's whole name, never by how it begins."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.capabilities import is_of_the_kit


@pytest.mark.parametrize("subject", ["reference", "mutant:clean-up-skipped"])
def test_the_reference_and_its_mutants_are_the_kits(subject: str) -> None:
    assert is_of_the_kit(subject)


@pytest.mark.parametrize("subject", ["", "py:reference:build", "dir:mutant:x", "reference.build", "linux-agent"])
def test_no_other_name_is(subject: str) -> None:
    assert not is_of_the_kit(subject)
