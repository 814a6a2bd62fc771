"""Directories, clock, threads and the seam at ``os``, fake or real: where a collector runs.

May import: core and below; pyfakefs.
"""

from .calls import may_wait
from .clearing import clear
from .clock import CLOCK, look_around, real_monotonic, real_wall
from .early_names import rebind
from .escape import READABLE, install_escape_detector, stop_watching, take_escapes, watch_escapes
from .files import install_files
from .hooks import install_seam
from .host import host_in
from .listing import NEVER, invented
from .process_watch import Look, count_descriptors, install_process_watch, restore_library
from .roots import forget_root, temporary_root
from .seam import REAL, Seam, aside, enter_seam
from .signals import Killed, LostWorld, NotModelled, TimeUp, WorldSignal, WouldBlock
from .threads import Conductor
from .tree import kind_of
from .world import FakeWorld, RealWorld, World
from .zones import install

__all__ = [
    "CLOCK",
    "NEVER",
    "READABLE",
    "REAL",
    "Conductor",
    "FakeWorld",
    "Killed",
    "Look",
    "LostWorld",
    "NotModelled",
    "RealWorld",
    "Seam",
    "TimeUp",
    "World",
    "WorldSignal",
    "WouldBlock",
    "aside",
    "clear",
    "count_descriptors",
    "enter_seam",
    "forget_root",
    "host_in",
    "install",
    "install_escape_detector",
    "install_files",
    "install_process_watch",
    "install_seam",
    "invented",
    "kind_of",
    "look_around",
    "may_wait",
    "real_monotonic",
    "real_wall",
    "rebind",
    "restore_library",
    "stop_watching",
    "take_escapes",
    "temporary_root",
    "watch_escapes",
]
