"""The cage, each layer from within: in a child, as none can be opened again."""

from __future__ import annotations

import json
import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.cage import ask_for_cage, cage, enclose, enclose_program, held_layers, landlock, native

LACKING = cage.lacking_layers()
needs_landlock = pytest.mark.skipif("landlock" in LACKING, reason="no Landlock here")
needs_namespaces = pytest.mark.skipif("namespaces" in LACKING, reason="no namespaces here")


def in_child(work: Callable[[], Any]) -> Any:
    """What the work returns, or the name of the error that it ended with."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            try:
                told = work()
            except BaseException as error:
                told = type(error).__name__
            os.write(into, json.dumps(told).encode())
        finally:
            os._exit(0)
    os.close(into)
    with open(out, encoding="utf-8") as file:
        told = json.load(file)
    os.waitpid(child, 0)
    return told


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    (tmp_path / "inside" / "deeper").mkdir(parents=True)
    (tmp_path / "outside").write_text("kept")
    return tmp_path / "inside"


def tried(*acts: Callable[[], object]) -> list[str]:
    """What each comes to: "" where it is allowed."""
    found = []
    for act in acts:
        try:
            act()
            found.append("")
        except OSError as error:
            found.append(type(error).__name__)
    return found


@needs_landlock
def test_writes_are_for_inside_alone_and_reads_for_everywhere(inside: Path) -> None:
    outside = inside.parent / "outside"

    def work() -> list[str]:
        enclose([str(inside)])
        return tried(
            (inside / "new").touch,
            lambda: (inside / "new").rename(inside / "deeper" / "new"),
            outside.read_text,
            lambda: outside.write_text("lost"),
            outside.unlink,
            lambda: outside.rename(inside / "taken"),
            (inside.parent / "other").mkdir,
            lambda: os.symlink("x", inside.parent / "link"),
            lambda: Path(os.devnull).write_text("x"),
        )

    denied = "PermissionError"
    told = in_child(work)
    assert told[:5] == ["", "", "", denied, denied]
    assert told[5] in {denied, "OSError"}  # EXDEV, as the kernel has it of renames
    assert told[6:] == [denied, denied, ""]
    assert outside.read_text() == "kept"


@needs_landlock
def test_a_link_leads_nowhere_else(inside: Path) -> None:
    (inside / "link").symlink_to(inside.parent / "outside")

    def work() -> list[str]:
        enclose([str(inside)])
        return tried(lambda: (inside / "link").write_text("lost"))

    assert in_child(work) == ["PermissionError"]


@needs_landlock
def test_a_program_may_not_write_what_the_kit_may(inside: Path) -> None:
    outside = inside.parent / "outside"

    def work() -> list[str]:
        enclose([str(inside)], [str(inside.parent)])
        before = tried(lambda: outside.write_text("kept"))
        enclose_program()
        return before + tried(lambda: outside.write_text("lost"), (inside / "new").touch)

    assert in_child(work) == ["", "PermissionError", ""]


@needs_namespaces
def test_there_is_no_network(inside: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        def work() -> Any:
            return "network" in enclose([str(inside)]), tried(lambda: socket.create_connection(address, 5).close())

        has_layer, (came,) = in_child(work)
    assert has_layer
    assert came


def test_limits_hold_and_only_shrink(inside: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)

    def work() -> Any:
        layers = enclose([str(inside)])
        numbers = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
        return layers[0], [resource.getrlimit(number) for number in numbers]

    layer, (core, file, descriptors) = in_child(work)
    assert (layer, core) == ("limits", [0, 0])
    assert file[1] <= 2 << 30
    assert descriptors[1] <= min(8_192, most if most != resource.RLIM_INFINITY else 8_192)


def test_no_exec_gives_rights(inside: Path) -> None:
    def work() -> str:
        enclose([str(inside)])
        return next(line for line in Path("/proc/self/status").read_text().splitlines() if "NoNewPrivs" in line)

    assert in_child(work).split() == ["NoNewPrivs:", "1"]


def test_it_is_closed_once(inside: Path) -> None:
    def work() -> Any:
        return enclose([str(inside)]), enclose([str(inside.parent)]), held_layers()

    first, second, held = in_child(work)
    assert first == second == held
    assert first


def test_what_is_not_asked_for_is_not_closed(inside: Path) -> None:
    outside = inside.parent / "outside"

    def work() -> Any:
        ask_for_cage("off")
        layers = enclose([str(inside)])
        enclose_program()
        return layers, tried(lambda: outside.write_text("kept"))

    assert in_child(work) == [[], [""]]


def refused(*_: object) -> int:
    raise PermissionError(1, os.strerror(1))


def test_a_machine_without_landlock_has_the_other_layers(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "landlock", refused)
    layers = in_child(lambda: enclose([str(inside)]))
    assert {"limits", "privileges"} <= set(layers)
    assert not {"writes", "tcp", "signals"} & set(layers)


def test_a_machine_without_namespaces_has_the_other_layers(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cage, "unshare", refused)
    layers = in_child(lambda: enclose([str(inside)]))
    assert {"limits", "privileges"} <= set(layers)
    assert "network" not in layers


@pytest.mark.parametrize(
    ("abi", "size", "layers"),
    [
        (2, 8, ["writes"]),
        (4, 16, ["writes", "tcp"]),
        (6, 24, ["writes", "tcp", "signals"]),
        (9, 24, ["writes", "tcp", "signals"]),
    ],
)
def test_an_older_kernel_is_asked_for_what_it_knows(
    abi: int, size: int, layers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def kernel(number: int, *args: Any) -> int:
        if args[0] is None:
            return abi
        asked.append((number, args))
        return os.open(os.devnull, os.O_RDONLY) if number == native.CREATE_RULESET else 0

    monkeypatch.setattr(landlock, "landlock", kernel)
    assert landlock.restrict(["/nowhere"]) == layers
    assert len(asked[0][1][0]) == size
    assert asked[-1][0] == native.RESTRICT_SELF


def test_the_first_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "landlock", lambda *_: 1)
    with pytest.raises(OSError, match="forbids every rename"):
        landlock.version()


def test_a_machine_whose_numbers_nobody_knows_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "KNOWN_MACHINE", False)
    with pytest.raises(OSError, match="not implemented"):
        landlock.version()


def test_what_is_required_and_lacking_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cage, "lacking_layers", lambda: {"landlock": "no such thing"})
    with pytest.raises(BadInput, match="no collector can be caged here: landlock: no such thing"):
        ask_for_cage("require")


@needs_landlock
@needs_namespaces
def test_what_is_required_and_there_is_taken(inside: Path) -> None:
    def work() -> Any:
        ask_for_cage("require")
        return enclose([str(inside)])

    assert {"limits", "network", "privileges", "writes"} <= set(in_child(work))


def test_the_library_tells_what_the_kernel_refuses() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        native.unshare(1)
