"""A collector that is a program: one JSON object a line on stdin and stdout (docs/collectors.md).

``messages`` is the format, ``guard`` the process that holds a program on a leash. ``intake`` is
what is read of it, ``conversation`` asks and answers, ``subject`` is the program as a subject.
Whatever a program does costs bounded time and memory, and ends in a verdict.
"""
