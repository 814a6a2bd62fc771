"""Lines on a console, broken between words at its width.

Why: a terminal breaks a line wherever it ends, and the rest begins at its left edge. What somebody
copies is never broken: neither a name nor the line that shows a failure again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

#: What later lines of a paragraph are indented by, and the fewest columns for words.
_HANG, _FEWEST = 2, 20


def paragraph(console: Console, text: str, indent: str = "", *, style: str = "", head: str = "") -> None:
    """Print a line that was made safe. ``head``: words before it that are styled; without one all
    of it is."""
    body = text.lstrip(" ")
    margin = indent + text[: len(text) - len(body)]
    room = max(console.width - len(margin), _FEWEST)
    for number, line in enumerate(broken(f"{head} {body}" if head else body, room)):
        shown = Text(line)
        if not head or not number:
            shown.stylize(style, 0, len(head) if head else len(line))
        console.print(Text(margin + " " * (_HANG if number else 0)) + shown, soft_wrap=True)


def paragraphs(console: Console, lines: Iterable[str], indent: str = "") -> None:
    """Each of the lines, which were made safe."""
    for line in lines:
        paragraph(console, line, indent)


def whole(console: Console, text: str, indent: str = "") -> None:
    """Print a line to be copied as it is, however long."""
    console.print(Text(indent + text), soft_wrap=True)


def broken(text: str, room: int) -> Iterator[str]:
    """The text in lines of so many columns; the later ones of fewer, as they are indented. A word
    that is longer has a line of its own."""
    first, *words = text.split(" ")
    line, left = first, room - cell_len(first)
    for word in words:
        width = cell_len(word)
        if width + 1 > left and line.strip():
            yield line.rstrip()
            line, left = word, room - _HANG - width
        else:
            line, left = f"{line} {word}", left - width - 1
    yield line.rstrip()
