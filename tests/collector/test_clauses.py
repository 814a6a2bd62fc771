"""That every clause of the contract has a direct test, found by its name;
the clauses come from the kit's own data.
"""

import ast
import os

from etp_kit.simulator.contract.clauses import CLAUSES


def collected_names():
    names = []
    for entry in sorted(os.listdir(os.path.dirname(__file__))):
        if entry.startswith("test_") and entry.endswith(".py"):
            with open(os.path.join(os.path.dirname(__file__), entry), encoding="utf-8") as source:
                tree = ast.parse(source.read(), entry)
            names += [
                node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            ]
    return names


def prefix_of(slug):
    return "test_" + slug.replace(".", "_").replace("-", "_")


def own_test(slug, slugs, names):
    """Whether a test is named after the clause,
    and not after a clause with a longer name (event.size-all).
    """
    longer = [prefix_of(other) for other in slugs if prefix_of(other).startswith(prefix_of(slug) + "_")]
    return any(
        (name == prefix_of(slug) or name.startswith(prefix_of(slug) + "_"))
        and not any(name == other or name.startswith(other + "_") for other in longer)
        for name in names
    )


def test_every_clause_has_a_direct_test():
    slugs = list(CLAUSES)
    assert len(slugs) > 80, "the contract has lost its clauses"
    names = collected_names()
    assert [slug for slug in slugs if not own_test(slug, slugs, names)] == []


def test_a_clause_without_a_test_is_found():
    names = ["test_event_size_all_of_it", "test_event_sizes"]
    assert not own_test("event.size", ["event.size", "event.size-all"], names)
    assert own_test("event.size-all", ["event.size", "event.size-all"], names)


def test_no_two_tests_share_a_name():
    """The later of two would hide the earlier one."""
    names = collected_names()
    assert sorted(names) == sorted(set(names))
