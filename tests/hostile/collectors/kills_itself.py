"""Kills its process."""

import os
import signal

from . import attacking

make = attacking(lambda _: os.kill(os.getpid(), signal.SIGKILL))
