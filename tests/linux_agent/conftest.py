"""These need the production agent:
`tox run -e agent` fetches it, ETP_LINUX_AGENT names the directory that holds its package.

Where it is named it has to be there:
a test against an agent that is not there would pass for nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def agent() -> str:
    """The collector under test, as the command line names it."""
    directory = os.environ.get("ETP_LINUX_AGENT")
    if not directory:
        pytest.skip("ETP_LINUX_AGENT names no agent; `tox run -e agent` fetches one")
    assert (Path(directory) / "azurelinuxagent" / "__init__.py").is_file(), f"ETP_LINUX_AGENT={directory} holds no azurelinuxagent"
    return f"linux-agent:{directory}"
