"""The collector's program, killed at moments that nobody chose, while extensions go on writing.

    python -m tests.crash --kills 300

At-least-once must lose no event, at-most-once must hand none over twice. What a crash at a call
does is shown by scenarios (`--exhaust crash`); here the moments are those of a real machine.
"""
