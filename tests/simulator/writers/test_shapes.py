"""Generated files are of exactly the form of those captured from the field,
byte by byte, with the values masked.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.writers.producers import PRODUCERS

from .disk import assignment
from .shapes import masked

#: The masked forms of the captured files: what the repository keeps of them.
KEPT = json.loads(Path(__file__).with_name("captured.json").read_text(encoding="ascii"))
#: The captured files themselves, where they lie beside the repository.
CAPTURED = Path(__file__).resolve().parents[3].parent / "shared" / "producers"


def captured_forms(name: str) -> tuple[set[str], set[str]]:
    frames, events = set(), set()
    for path in sorted((CAPTURED / name).iterdir()):
        frame, *found = masked(path.read_bytes())
        frames.add(frame)
        events |= set(found)
    return frames, events


@pytest.mark.parametrize("name", KEPT)
def test_the_kept_forms_are_those_of_the_captured_files(name):
    if not (CAPTURED / name).is_dir():
        pytest.skip("the captured files are not beside this repository; their masked forms are in captured.json")
    frames, events = captured_forms(name)
    assert {"frames": sorted(frames), "events": sorted(events)} == KEPT[name]


def documents(name: str) -> list[tuple[str, int, bytes]]:
    """(file name, mode, bytes) of what is renamed into place."""
    steps = list(PRODUCERS[name].plan(assignment(400), Draw(11, name)))
    content = {step.path: step for step in steps if step.act == "write"}
    placed = [(step.to.rpartition("/")[2], content[step.path]) for step in steps if step.act == "rename"]
    assert placed
    return [(to, step.mode, step.data) for to, step in placed]


@pytest.mark.parametrize("name", KEPT)
def test_generated_files_have_no_other_form(name):
    frames, events = set(), set()
    for _, _, data in documents(name):
        frame, *found = masked(data)
        frames.add(frame)
        events |= set(found)
    assert frames <= {*KEPT[name]["frames"], "[E]"}
    assert events == set(KEPT[name]["events"])


@pytest.mark.parametrize(("name", "pattern", "mode"), [
    ("linux-patch", r"\d{13}\.json", 0o600),
    ("linux-patch-handler", r"\d{13}\.json", 0o600),
    ("vm-backup", r"\d{19}\.json", 0o644),
    ("guest-proxy-agent", r"\d{19}\.json", 0o644),
])  # fmt: skip
def test_names_and_modes(name, pattern, mode):
    for file, found, _ in documents(name):
        assert re.fullmatch(pattern, file)
        assert found == mode


def test_low_digits_of_a_backup_name_are_lost():
    for name, _, _ in documents("vm-backup"):
        assert int(name.removesuffix(".json")) % 256 == 0


@pytest.mark.parametrize(("name", "pattern", "mode"), [
    ("go-platform", r"\d{16}\.json", 0o644),
    ("aks-bash", r"\d{13}\.json", 0o644),
    ("aks-node-controller", r"\d{19}\.json", 0o644),
    ("aks-secure-tls", r"\d{19}\.json", 0o600),
    ("aks-npd", r"\d{13}\.json", 0o644),
    ("aks-service-execution", r"\d{13}-service-execution-[a-z-]+\.json", 0o644),
    ("aks-go-time", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC m=\+\d+\.\d{9}", 0o777),
    ("plain", r"\d{13}\.json", 0o644),
])  # fmt: skip
def test_direct_writers(name, pattern, mode):
    for step in PRODUCERS[name].plan(assignment(200), Draw(4)):
        assert step.act in {"write", "append"}
        assert re.fullmatch(pattern, step.path.rpartition("/")[2])
        assert step.act == "append" or step.mode == mode


#: One file of each producer as PRODUCERS.md gives it: V for the value of a text, B for any other.
P7_KEYS = ["Timestamp", "OperationId", "Version", "TaskName", "EventLevel", "Message", "EventPid", "EventTid"]
GO_PARAMETER = r'\{"name":"V","value":(?:"V"|B)\}'
PYTHON_PARAMETER = r'\{"name": "V", "value": (?:"V"|B)\}'
LAYOUTS = {
    "go-platform": "{"
    + ",".join(
        f'"{key}":"V"'
        for key in ["Version", "Timestamp", "TaskName", "EventLevel", "Message", "EventPid", "EventTid", "OperationId"]
    )
    + "}",
    "aks-bash": "{ " + ", ".join(f'"{key}": "V"' for key in P7_KEYS) + " }\n",
    "aks-node-controller": "{" + ",".join(f'"{key}":"V"' for key in P7_KEYS) + "}",
    "aks-secure-tls": "{"
    + ",".join(
        f'"{key}":"V"'
        for key in ["TaskName", "OperationId", "Timestamp", "Version", "EventLevel", "Message", "EventPid", "EventTid"]
    )
    + "}",
    "aks-go-time": "{"
    + ",".join(
        f'"{key}":"V"'
        for key in ["TaskName", "OperationId", "Timestamp", "version", "EventLevel", "Message", "EventPid", "EventTid"]
    )
    + "}",
    "aks-npd": "{\n  "
    + ",\n  ".join(
        f'"{key}": "V"'
        for key in ["Version", "Timestamp", "TaskName", "EventLevel", "Message", "EventPid", "EventTid", "OperationId"]
    )
    + "\n}\n",
    "aks-service-execution": "{\n  " + ",\n  ".join(f'"{key}": "V"' for key in P7_KEYS) + "\n}\n",
}
PATTERNS = {
    "custom-script": rf'\{{"eventId":B,"providerId":"V","parameters":\[{GO_PARAMETER}(?:,{GO_PARAMETER}){{5}}\]\}}',
    "guest-configuration": rf'\{{"eventId":"V","parameters":\[{GO_PARAMETER}(?:,{GO_PARAMETER}){{7}}\],"providerId":"V"\}}',
    "waagent": rf'\{{"eventId": B, "providerId": "V", "parameters": \[{PYTHON_PARAMETER}(?:, {PYTHON_PARAMETER}){{12,}}\], '
    r'"file_type": "V"\}',
    "bosh-cpi": rf'\{{"eventId": "V", "providerId": "V", "parameters": \[{PYTHON_PARAMETER}(?:, {PYTHON_PARAMETER}){{5}}\]\}}',
    "legacy-xml": r'<Data><Provider id="V"/><Event id="V"/>(<Param Name="V" Value="V" T="V" />){20}</Data>',
}
FORMS = {**{name: re.escape(text) for name, text in LAYOUTS.items()}, **PATTERNS}


def without_values(text: str) -> str:
    """JSON or XML with each text value as V and any other as B; keys and attributes stay."""
    text = re.sub(r'(": ?)"(?:[^"\\]|\\.)*"', r'\1"V"', text)
    text = re.sub(r'(": ?)(?:true|false|-?[0-9.e+]+)', r"\1B", text)
    return re.sub(r"""=(?:"[^"]*"|'[^']*')""", '="V"', text)


@pytest.mark.parametrize("name", FORMS)
def test_layout(name):
    files = [step.data.decode("utf-8") for step in PRODUCERS[name].plan(assignment(150), Draw(2, name)) if step.data]
    assert files
    for text in files:
        assert re.fullmatch(FORMS[name], without_values(text)), text
