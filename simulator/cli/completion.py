"""Completion of words such as ``dir:agent``, ``mutant:quota-raised`` and ``--collector=dir:agent``.

Bash breaks words at colons and takes what is offered for the last piece alone. So the line is read
as it was typed, and what is offered leaves out the pieces that stand there already. Zsh and fish
put what is offered in the place of the whole word, its option included. Loaded where a shell asks,
by ``command``.
"""

from __future__ import annotations

import os

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

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


#: As click's, but that nothing ends a word which goes on, such as ``dir:``.
_ZSH_SOURCE = r"""#compdef %(prog_name)s

%(complete_func)s() {
    local -a answer whole begun described
    local type key help
    (( $+commands[%(prog_name)s] )) || return 1
    answer=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        %(complete_var)s=zsh_complete %(prog_name)s)}")
    for type key help in "${(@)answer}"; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain)
                if [[ $help != _ ]]; then
                    described+=("$key:$help")
                elif [[ $key == *: ]]; then
                    begun+=("$key")
                else
                    whole+=("$key")
                fi
                ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#whole )) && compadd -U -V unsorted -a whole
    (( $#begun )) && compadd -U -S '' -V unsorted -a begun
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
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


class _WithOption(ShellComplete):
    """A shell that replaces the whole word: what is offered begins with the option before ``=``."""

    def format_completion(self, item: CompletionItem) -> str:
        """What is offered, in the place of all that was typed of the word."""
        option, separator, _ = self.get_completion_args()[1].partition("=")
        if item.type == "plain" and separator and option.startswith("--"):
            item = CompletionItem(f"{option}={item.value}", item.type, item.help)
        return super().format_completion(item)


class Zsh(_WithOption, ZshComplete):
    """Zsh, with whole words, and words that go on."""

    source_template = _ZSH_SOURCE


class Fish(_WithOption, FishComplete):
    """Fish, with whole words."""


def offer_whole_words() -> None:
    """Shells are answered so from now on."""
    for shell in (WholeWords, Zsh, Fish):
        add_completion_class(shell)
