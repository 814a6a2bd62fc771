"""Files that are written whole or not at all:
what stands under their names, and beside them, keeps its nature.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.safe import WholeFile, whole_file, write_all_new, write_whole
from etp_kit.simulator.safe.destinations import open_destination


def test_a_new_file_stands_alone_with_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "report", "täxt\n")
    finally:
        os.umask(before)
    assert os.listdir(tmp_path) == ["report"]
    assert (tmp_path / "report").read_bytes() == "täxt\n".encode()
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o640


def test_the_mode_of_a_file_that_is_replaced_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    path.chmod(0o604)
    write_whole(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o604)


def test_until_the_commit_the_old_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    file = WholeFile(path)
    file.stream.write("new")
    file.stream.flush()
    assert path.read_text() == "old"
    file.commit()
    file.abandon()
    assert path.read_text() == "new"


def test_an_exception_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as stream:
        stream.write(f"half {1 // 0}")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["report"])


@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows: what a full disk says as ENOSPC, this limit says as EFBIG."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_takes_nothing_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    file = WholeFile(path)
    file.stream.write("new")
    with full_disk(), pytest.raises(OSError, match="large") as failure:
        file.commit()
    assert failure.value.errno == errno.EFBIG
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["report"])


def test_a_planted_link_beside_the_target_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for name in ("report.part", "report.new", ".report", "report.tmp"):
        (tmp_path / name).symlink_to(precious)
    write_whole(tmp_path / "report", "new")
    assert precious.read_text() == "precious"
    assert sum(entry.is_symlink() for entry in os.scandir(tmp_path)) == 4


def test_a_link_to_a_regular_file_is_written_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "report").write_text("old")
    (tmp_path / "link").symlink_to("there/report")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "report").read_text() == "new"
    assert os.listdir(tmp_path / "there") == ["report"]


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(OSError, match="a link that leads nowhere"):
        WholeFile(tmp_path / "link")
    assert os.listdir(tmp_path) == ["link"]


def test_a_link_to_a_device_writes_the_device(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_char_device()


def test_a_report_to_a_device_leaves_the_device() -> None:
    before = os.lstat("/dev/null")
    destination = open_destination("json=/dev/null", ("json",))
    destination.write(["any report"])
    destination.abandon()
    after = os.lstat("/dev/null")
    assert (after.st_ino, after.st_mode, after.st_rdev) == (before.st_ino, before.st_mode, before.st_rdev)


@pytest.mark.root
def test_a_report_to_a_device_of_a_directory_of_ours_leaves_the_device(tmp_path: Path) -> None:
    path = tmp_path / "null"
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    destination = open_destination(f"json={path}", ("json",))
    destination.write(["any report"])
    assert path.is_char_device()
    assert os.listdir(tmp_path) == ["null"]


def test_a_fifo_is_written_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(path.read_text()))
    reader.start()
    write_whole(path, "new")
    reader.join(30)
    assert (found, path.is_fifo(), os.listdir(tmp_path)) == (["new"], True, ["fifo"])


def test_what_came_in_the_place_of_the_target_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report"
    file = WholeFile(path)
    os.mkfifo(path)
    with pytest.raises(OSError, match="no regular file"):
        file.commit()
    assert (path.is_fifo(), os.listdir(tmp_path)) == (True, ["report"])


def test_standard_output_that_is_a_file_goes_on_where_it_is(tmp_path: Path) -> None:
    script = (
        "from etp_kit.simulator.safe import write_whole\n"
        "print('before', flush=True); write_whole('/dev/stdout', 'text\\n'); print('after')"
    )
    with (tmp_path / "out").open("w") as out:
        subprocess.run([sys.executable, "-c", script], stdout=out, check=True, cwd=Path(__file__).parents[3])
    assert (tmp_path / "out").read_text() == "before\ntext\nafter\n"


def test_a_report_to_a_full_device_is_bad_input() -> None:
    destination = open_destination("json=/dev/full", ("json",))
    with pytest.raises(BadInput, match="/dev/full: cannot be written: No space left"):
        destination.write(["any report"])
    destination.abandon()


def test_a_name_of_the_longest_length_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 127)
    write_whole(path, "new")
    assert path.read_text() == "new"


def test_new_files_come_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    with pytest.raises(FileExistsError):
        write_all_new({tmp_path / "a/b/one": "1", tmp_path / "a/two": "2", tmp_path / "there": "3"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"there": "old"}
    write_all_new({tmp_path / "a/b/one": "1", tmp_path / "a/two": "2"})
    assert ((tmp_path / "a/b/one").read_text(), (tmp_path / "a/two").read_text()) == ("1", "2")


def test_a_full_disk_leaves_no_part_of_a_new_file(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))"
    script = (
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {limit}\n"
        "from etp_kit.simulator.safe import write_all_new\n"
        "try: write_all_new({'new/short': '1', 'new/long': '1' * 100})\n"
        "except OSError: raise SystemExit(7)"
    )
    done = subprocess.run([sys.executable, "-B", "-c", script], cwd=tmp_path, check=False)
    assert (done.returncode, os.listdir(tmp_path)) == (7, [])


@pytest.mark.parametrize("name", ["new/", "there/", "new//"])
def test_the_name_of_a_directory_is_no_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "there").write_text("old")
    with pytest.raises(IsADirectoryError):
        WholeFile(f"{tmp_path}/{name}")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("there", "old")]
