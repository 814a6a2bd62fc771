"""The bill of a vendored copy holds to CycloneDX's schema, and names each file as it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.subjects.sbom import bill_of
from etp_kit.simulator.subjects.vendored import Copy, vendor

STRICT = JsonStrictValidator(SchemaVersion.V1_6)


def test_it_holds_to_the_schema_and_names_each_file(tmp_path: Path) -> None:
    copy = vendor(tmp_path / "copy")
    bill = bill_of(copy)
    assert STRICT.validate_str(json.dumps(bill)) is None
    told = {one["name"]: one["hashes"][0]["content"] for one in bill["components"]}
    assert told == {name: hashlib.sha256((tmp_path / "copy" / name).read_bytes()).hexdigest() for name in copy.files}
    assert len(told) > 20


def test_what_breaks_the_schema_is_seen() -> None:
    bill = bill_of(Copy("1.0", {"a.py": "not a hash"}))
    assert STRICT.validate_str(json.dumps(bill)) is not None


def test_the_same_copy_has_the_same_bill_and_another_has_another() -> None:
    one = bill_of(Copy("1.0", {"a.py": "0" * 64, "b.py": "1" * 64}))
    assert one == bill_of(Copy("1.0", {"b.py": "1" * 64, "a.py": "0" * 64}))
    for other in (Copy("1.1", {"a.py": "0" * 64, "b.py": "1" * 64}), Copy("1.0", {"a.py": "0" * 64, "b.py": "2" * 64})):
        assert bill_of(other)["serialNumber"] != one["serialNumber"]


def test_the_command_writes_it_of_an_unchanged_copy_alone(tmp_path: Path) -> None:
    copy, bill = tmp_path / "copy", tmp_path / "bill.json"
    run = CliRunner()
    assert run.invoke(cli, ["vendor", str(copy), "--sbom", str(bill)]).exit_code == 0
    first = bill.read_bytes()
    bill.unlink()
    assert run.invoke(cli, ["vendor", "--verify", str(copy), "--sbom", str(bill)]).exit_code == 0
    assert bill.read_bytes() == first
    bill.unlink()
    (copy / "__init__.py").write_text("changed")
    assert run.invoke(cli, ["vendor", "--verify", str(copy), "--sbom", str(bill)]).exit_code == 1
    assert not bill.exists()


@pytest.mark.parametrize("options", [[], ["--verify"]])
def test_it_never_lies_in_the_copy(tmp_path: Path, options: list[str]) -> None:
    copy = tmp_path / "copy"
    vendor(copy)
    done = CliRunner().invoke(cli, ["vendor", str(copy), *options, "--sbom", str(copy / "bill.json")])
    assert isinstance(done.exception, BadInput)
    assert not (copy / "bill.json").exists()
