"""The manifest loses nothing to a kill: whatever was torn had not been made."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.load.directory import LoadDirectory
from etp_kit.simulator.load.manifest import PREFIX, Entry, Manifest, is_own_file, parse, stored

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=12)
ENTRIES = st.lists(st.tuples(NAMES, st.sampled_from(["write", "mkdir"]), st.integers(0, 1 << 40), st.integers(1, 1 << 62), st.booleans()), max_size=8)


def written(place: Path, entries: list[tuple[str, str, int, int, bool]]) -> bytes:
    held = LoadDirectory(place)
    (place / f"{PREFIX}0").unlink(missing_ok=True)
    manifest = Manifest(held, 0)
    for path, act, size, inode, made in entries:
        manifest.announce(path, act, size)
        if made:
            manifest.made(inode)
    manifest.close()
    held.close()
    return (place / f"{PREFIX}0").read_bytes()


@settings(deadline=None)
@given(entries=ENTRIES)
def test_what_was_announced_is_read_back(entries: list[tuple[str, str, int, int, bool]], tmp_path_factory: pytest.TempPathFactory) -> None:
    data = written(tmp_path_factory.mktemp("m"), entries)
    assert list(parse(data.splitlines(keepends=True))) == [Entry(p, a, s, i if made else 0) for p, a, s, i, made in entries]


@settings(deadline=None)
@given(entries=ENTRIES, data=st.data())
def test_a_torn_last_line_announces_nothing(
    entries: list[tuple[str, str, int, int, bool]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = written(tmp_path_factory.mktemp("m"), entries)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    found = list(parse(cut.splitlines(keepends=True)))
    assert [one.path for one in found] == [entry[0] for entry in entries][: len(found)]
    assert len(found) == cut[: cut.rfind(b"\n") + 1].count(b'["+"')


@given(st.lists(st.binary(max_size=40).map(lambda junk: junk.replace(b"\n", b"") + b"\n"), max_size=5))
def test_lines_that_no_writer_wrote_are_passed_over(junk: list[bytes]) -> None:
    line = b'["+","a/events/1.json","write",5,0]\n'
    assert Entry("a/events/1.json", "write", 5, 0) in list(parse([*junk, line]))


@pytest.mark.parametrize("line", [b'["+","a","write",true,0]\n', b'["=","9"]\n', b'["+"]\n', b"[]\n", b'{"+":1}\n', b'["+",1,"write",1,1]\n'])
def test_a_line_of_wrong_types_announces_nothing(line: bytes) -> None:
    assert list(parse([line])) == []


def test_a_link_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text('["+","x","write",1,0]\n')
    (tmp_path / f"{PREFIX}0").symlink_to("elsewhere")
    place = LoadDirectory(tmp_path)
    assert stored(place).names == ()
    assert is_own_file(place, "elsewhere")
    place.close()
