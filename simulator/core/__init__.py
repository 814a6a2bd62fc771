"""The words of a run, as data: steps, labels, history, limits, paths. No effects.

May import: safe and below.
"""

from .amounts import Amount, amount, check_amount, duration
from .capabilities import lacking_settings, offers
from .cost import Cost
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
from .history import COLLECTOR, KIT, History, Record
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
from .opcode_names import microseconds_of, opcode_name, told_microseconds
from .parameters import EVENT_ID, LABELLED_PARAMETERS, PARAMETER_NAMES, PROVIDER_ID
from .paths import (
    AGENT_EVENTS_DIR,
    LOG_DIR,
    OUTSIDE,
    SECRET_FILE,
    SECRET_TEXT,
    directory_outside,
    events_dir,
    handler_dir,
    handler_of,
    is_event_file,
)
from .steps import Step
from .window import Window

__all__ = [
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
    "TOKEN_DIGITS",
    "TOKEN_PREFIX",
    "WRONG_KIND",
    "WRONG_TYPE",
    "AgentEvent",
    "AgentValue",
    "Amount",
    "Cost",
    "Document",
    "History",
    "Label",
    "Limits",
    "Record",
    "Step",
    "Window",
    "agrees",
    "amount",
    "check_amount",
    "directory_outside",
    "duration",
    "events_dir",
    "find_token",
    "handler_dir",
    "handler_of",
    "is_event_file",
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
