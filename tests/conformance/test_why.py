"""A cause is one: of 95 % of all mutants it names the file and the call, or the field, that the
mutant's data tell.

It takes minutes on a quiet machine, as each mutant is run in several scenarios: `tox -e why`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.sweep import kept_hunts
from etp_kit.simulator.sweep.naming import MOST_SECONDS, library_by_work, named

SHARE = 0.95


@pytest.mark.skipif(not os.environ.get("ETP_WHY"), reason="takes minutes: tox -e why sets ETP_WHY")
def test_causes_name_the_defects_of_mutants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_hunts, "PLACE", tmp_path / "kept" / "hunts")
    library = library_by_work()
    found = [named(mutant, library) for mutant in mutants().values()]
    wrong = [(one.mutant.name, one.mutant.shows, sorted(one.words)) for one in found if not one.is_right]
    assert len(found) >= 200
    assert len(wrong) <= (1 - SHARE) * len(found), wrong
    slow = [(one.mutant.name, one.seconds) for one in found if not one.is_quick]
    assert len(slow) <= (1 - SHARE) * len(found), (MOST_SECONDS, slow)
