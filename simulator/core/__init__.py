"""The words of a run, as data: steps, labels, history, limits, paths. No effects.

May import: shipped and below; pydantic, typing_extensions.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .amounts import Amount, amount, check_amount, duration
from .capabilities import is_of_the_kit, lacking_settings, offers
from .cost import Cost, Held
from .drop_reasons import (
    EMPTY,
    EMPTY_MESSAGE,
    IRREGULAR,
    KEYS,
    MALFORMED,
    MISSING,
    MISSING_KEY,
    NOT_AN_OBJECT,
    OVERSIZE_ELEMENT,
    OVERSIZE_EVENT,
    OVERSIZE_FILE,
    WRONG_KIND,
    WRONG_TYPE,
)
from .ends import STARVED
from .history import AGENT, COLLECTOR, KIT, History, Record
from .host_agent import COMMON_PARAMETERS
from .labels import (
    FORGED_LINE,
    HOLE,
    SECRET_PREFIX,
    TOKEN_DIGITS,
    TOKEN_PREFIX,
    AgentEvent,
    AgentValue,
    Document,
    Label,
    agrees,
    find_token,
    renamed_event,
    renamed_text,
    token,
    xml_safe,
)
from .limits import Limits
from .line_schema import history_schema
from .note import Note
from .opcode_names import is_about, is_nearest, microseconds_of, opcode_name, told_microseconds
from .parameters import EVENT_ID, LABELLED_PARAMETERS, PARAMETER_NAMES, PROVIDER_ID
from .paths import (
    AGENT_EVENTS_DIR,
    LOG_DIR,
    OUTSIDE,
    SECRET_FILE,
    SECRET_TEXT,
    directory_outside,
    event_path,
    events_dir,
    handler_dir,
    handler_of,
    is_agent_event,
    is_event_file,
    is_in_log_dir,
)
from .said import STOOD, Line, Raised, Said
from .steps import Step
from .window import Window

if TYPE_CHECKING:
    from .records import (
        CallResult,
        DeliverResult,
        LogResult,
        NoticeResult,
        PassKind,
        RunResult,
        ServiceResult,
        StepResult,
    )

__all__ = [
    "AGENT",
    "AGENT_EVENTS_DIR",
    "COLLECTOR",
    "COMMON_PARAMETERS",
    "EMPTY",
    "EMPTY_MESSAGE",
    "EVENT_ID",
    "FORGED_LINE",
    "HOLE",
    "IRREGULAR",
    "KEYS",
    "KIT",
    "LABELLED_PARAMETERS",
    "LOG_DIR",
    "MALFORMED",
    "MISSING",
    "MISSING_KEY",
    "NOT_AN_OBJECT",
    "OUTSIDE",
    "OVERSIZE_ELEMENT",
    "OVERSIZE_EVENT",
    "OVERSIZE_FILE",
    "PARAMETER_NAMES",
    "PROVIDER_ID",
    "SECRET_FILE",
    "SECRET_PREFIX",
    "SECRET_TEXT",
    "STARVED",
    "STOOD",
    "TOKEN_DIGITS",
    "TOKEN_PREFIX",
    "WRONG_KIND",
    "WRONG_TYPE",
    "AgentEvent",
    "AgentValue",
    "Amount",
    "CallResult",
    "Cost",
    "DeliverResult",
    "Document",
    "Held",
    "History",
    "Label",
    "Limits",
    "Line",
    "LogResult",
    "Note",
    "NoticeResult",
    "PassKind",
    "Raised",
    "Record",
    "RunResult",
    "Said",
    "ServiceResult",
    "Step",
    "StepResult",
    "Window",
    "agrees",
    "amount",
    "check_amount",
    "directory_outside",
    "duration",
    "event_path",
    "events_dir",
    "find_token",
    "handler_dir",
    "handler_of",
    "history_schema",
    "is_about",
    "is_agent_event",
    "is_event_file",
    "is_in_log_dir",
    "is_nearest",
    "is_of_the_kit",
    "lacking_settings",
    "microseconds_of",
    "offers",
    "opcode_name",
    "renamed_event",
    "renamed_text",
    "token",
    "told_microseconds",
    "xml_safe",
]


def __getattr__(name: str) -> object:
    """The types of records, whose schema takes pydantic: core itself loads on a bare Python."""
    if name in __all__:
        return getattr(import_module(".records", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
