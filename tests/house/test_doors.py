"""What crosses rooms leaves by a door, and a door names nothing else (after trio's test_exports).

Rules: a door is a room's ``__init__``; its ``__all__`` is what others may use. Names are read
from the source, so that an import within a function and one for type checkers count as well.
"""

from __future__ import annotations

import ast
import re
import sys

import pytest

from .layers import below, floors
from .source import SIMULATOR, Module, modules, rooms

ROOMS = sorted(rooms())
#: Their names are used by the users of the kit, not by the kit.
FACES = {"cli", "pytest_plugin", "testing"}

SENTENCE = re.compile(r"May import: ([^.]*(?:\.\w[^.]*)*)\.(?:\s|$)")


def exported(door: Module) -> list[str]:
    """``__all__``, as it is written."""
    for node in door.tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return list(ast.literal_eval(node.value))
    return []


def strangers(room: str) -> list[Module]:
    """The modules outside a room."""
    return [module for module in modules().values() if module.room != room]


def room_of(module: str) -> str:
    """The room that a dotted name points into; "" for none."""
    parts = module.split(".")
    return parts[2] if module.startswith(f"{SIMULATOR}.") and parts[2] in rooms() else ""


def used_outside(room: str) -> set[str]:
    """What other modules take from a room's door."""
    return {
        one.name
        for module in strangers(room)
        for one in module.imports
        if one.module == f"{SIMULATOR}.{room}" and one.name
    }


def foreign(room: str) -> set[str]:
    """Packages of others that a room imports; etp_kit.collector is one of them.

    Maintainers' programs, which make pages and pools, are nobody's import and do not count.
    """
    found = set()
    for module in modules().values():
        if module.room != room or module.is_program:
            continue
        for one in module.imports:
            top = one.module.split(".")[0]
            if one.module.startswith("etp_kit.collector") or (one.module, one.name) == ("etp_kit", "collector"):
                found.add("etp_kit.collector")
            elif top not in {"etp_kit", *sys.stdlib_module_names}:
                found.add(top)
    return found


def sentence(room: str) -> str:
    """What a door has to say of its imports: the rooms, then packages of others."""
    return "; ".join([below(room), *([", ".join(sorted(foreign(room)))] if foreign(room) else [])])


def test_every_room_has_a_floor() -> None:
    assert {name for floor in floors() for name in floor} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_entered_by_its_door(room: str) -> None:
    names = set(exported(rooms()[room]))
    wrong = []
    for module in strangers(room):
        for one in module.imports:
            behind = one.module.startswith(f"{SIMULATOR}.{room}.") or (one.module == SIMULATOR and one.name == room)
            unnamed = one.module == f"{SIMULATOR}.{room}" and one.name not in names
            if behind or unnamed:
                wrong.append(f"{module.name}:{one.line}: {one.module} {one.name}")
    assert wrong == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in FACES])
def test_a_door_names_nothing_that_nobody_outside_uses(room: str) -> None:
    assert sorted(set(exported(rooms()[room])) - used_outside(room)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_hides_no_module_of_its_room(room: str) -> None:
    inside = {module.name.split(".")[3] for module in modules().values() if module.room == room and not module.is_door}
    taken = {name for name in exported(rooms()[room]) if name in inside}
    assert taken == set(), f"{SIMULATOR}.{room}.NAME is the module or what the door names, by the order of imports"


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_says_what_the_room_is_for_and_may_import(room: str) -> None:
    text = " ".join(rooms()[room].docstring.split())
    assert len(text.split("May import:")[0].split()) >= 5, "a purpose comes first"
    assert SENTENCE.findall(text) == [sentence(room)], f"write: May import: {sentence(room)}."


def test_all_that_is_used_was_looked_at() -> None:
    """The tests above read imports: they would pass if none were found."""
    crossings = {(module.room, room_of(one.module)) for module in modules().values() for one in module.imports}
    assert ("judging", "contract") in crossings
    assert ("cli", "suite") in crossings
    assert "Ledger" in used_outside("judging")
    assert foreign("cli") >= {"click", "rich"}
