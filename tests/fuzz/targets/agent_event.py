"""Agent events: a file is one event or is refused; of XML, a second parser sees as many parameters.
"""

from __future__ import annotations

from xml.dom import expatbuilder

from etp_kit.collector.agent import complete, parse
from etp_kit.collector.errors import Malformed, OversizeElement, WrongShape

from ..signatures import signed

_KEY = ("", "1.tld", 0)


def check(data: bytes) -> None:
    try:
        event = parse(data, _KEY)
    except (Malformed, OversizeElement, WrongShape):
        return
    assert event.key == _KEY
    assert all(isinstance(param.name, str) for param in event.parameters)
    messages = [param.value for param in event.parameters if param.name == "Message"]
    assert not [one for one in messages if isinstance(one, str) and signed(one)]
    if event.file_type == "xml":
        tree = expatbuilder.parseString(data, namespaces=False)
        assert len(event.parameters) == len(tree.getElementsByTagName("Param"))
    complete(event, 0, {"OpcodeName": "x", "TaskName": "y"})
    names = [param.name for param in event.parameters]
    assert "OpcodeName" in names
