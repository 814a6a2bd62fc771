"""Completion in bash of words that hold a colon, such as ``dir:agent`` and ``mutant:quota-raised``.

Bash breaks words at colons and takes what is offered for the last piece alone. So the line is read
as it was typed, and what is offered leaves out the pieces that stand there already. Loaded where a
shell asks, by ``command``.
"""

from __future__ import annotations

import os

from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

_SOURCE = r"""
%(complete_func)s() {
    local IFS=$'\n' response completion type value
    response=$(env COMP_TYPED="${COMP_LINE:0:$COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
        %(complete_var)s=bash_complete "$1")
    for completion in $response; do
        IFS=',' read type value <<< "$completion"
        if [[ $type == dir ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $type == file ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $type == plain ]]; then
            COMPREPLY+=("$value")
            [[ $value == *: ]] && compopt -o nospace
        fi
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class WholeWords(BashComplete):
    """Bash, asked for words as they were typed."""

    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one."""
        typed = os.environ.get("COMP_TYPED")
        if typed is None:  # a shell that was started with an older kit
            return super().get_completion_args()
        words = split_arg_string(typed)[1:]
        return (words, "") if typed[-1:].isspace() or not words else (words[:-1], words[-1])

    def format_completion(self, item: CompletionItem) -> str:
        """What is offered, without the pieces of it that stand on the line."""
        return f"{item.type},{str(item.value).removeprefix(self._standing())}"

    def _standing(self) -> str:
        word = self.get_completion_args()[1]
        if word.startswith("--") and "=" in word:
            word = word.partition("=")[2]
        breaking = set(":=").intersection(os.environ.get("COMP_WORDBREAKS", ""))
        breaks = [place for place, letter in enumerate(word) if letter in breaking]
        return word[: breaks[-1] + 1] if breaks else ""


def offer_whole_words() -> None:
    """Bash is answered so from now on."""
    add_completion_class(WholeWords)
