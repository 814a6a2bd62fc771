"""A collector that is a program: one JSON object a line on its stdin and stdout (docs/collectors.md).

``messages`` is the format, ``guard`` the process that holds a program on a leash, ``intake`` what is read of it, ``program`` the conversation,
``run`` a run of it in the real world. Whatever a program does costs bounded time and memory, and ends in a verdict.
"""
