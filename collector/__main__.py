"""`python -m etp_kit.collector`: the collector as a program; see program/."""

import sys

from .program.command import main

sys.exit(main())
