"""Pages of docs/ that are made from data: `python -m MODULE [--check] [--path PATH]`.

What stands twice drifts apart. So a page, or a part of it, is made from what the program uses, and
a test compares. Here is what such modules share: Markdown, the parts of a page, and the command.

Exit codes are 0: written, or current. 1: not current (with --check). 3: data and page do not hold
together. 4: bad usage, or no place to read from or write to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..base import Exit, KitBroke
from .whole_files import write_whole

#: A made part of a page that people write, with the markers that hold it.
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table;
    cells must hold neither `|` nor line feeds, which the data's shape sees to.
    """
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def with_parts(text: str, parts: Mapping[str, str]) -> str:
    """The page with its made parts made anew. Raises KitBroke unless it has each of them once."""
    found = [match[2] for match in _PART.finditer(text)]
    if sorted(found) != sorted(parts):
        raise KitBroke(f"expected the made parts {sorted(parts)}, once each; found {sorted(found)}")
    return _PART.sub(lambda match: f"{match[1]}{parts[match[2]]}\n{match[3]}", text)


def keep_page(arguments: Sequence[str], module: str, page: Path, make: Callable[[Path], str]) -> Exit:
    """Write a page, or compare it; every error is one line on stderr and its exit code.

    ``make`` takes the page's path, because a page of parts is made from what it says already.
    """
    import click  # noqa: PLC0415 - a program that only shows safe texts has no command to make

    @click.command(help=f"Write docs/{page.name} from the data that the kit runs on.")
    @click.option("--check", is_flag=True, help="Write nothing; exit 1 if the page is not current.")
    @click.option("--path", type=click.Path(path_type=Path), default=page, help=f"The page, if not docs/{page.name}.")
    def command(check: bool, path: Path) -> Exit:
        try:
            expected = make(path)
            if not check:
                write_whole(path, expected)
                return Exit.CONFORMANT
            if path.is_file() and path.read_bytes() == expected.encode():
                return Exit.CONFORMANT
        except OSError as error:
            raise click.ClickException(f"{path}: {error.strerror}") from None
        click.echo(f"{path}: not current: run `python -m {module}`", err=True)
        return Exit.NOT_CONFORMANT

    try:
        return Exit(command.main(list(arguments), prog_name=module, standalone_mode=False) or 0)
    except click.ClickException as error:
        message, code = error.format_message(), Exit.BAD_INPUT
    except KitBroke as error:
        message, code = str(error), Exit.KIT_BROKE
    click.echo(message, err=True)
    return code
