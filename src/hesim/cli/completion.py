"""The command `hesim completion`, and the hidden word `--complete` that its scripts ask.

A script hands over the line up to the cursor in `HESIM_LINE`, so that no shell's quoting of
arguments gets in the way, and reads one candidate a line. A space at the end of a candidate says
that the word is whole.
"""

from __future__ import annotations

import os

from hesim.cli.candidates import OPEN, SHELLS, candidates
from hesim.cli.commands import NOTHING, _read, _refuse, _reports_bad_input
from hesim.input.problems import ConfigErrors, Problem, nearest

LINE, BREAKS = "HESIM_LINE", "HESIM_BREAKS"
"""Names of what a script hands over: the line, and the characters at which bash parts words."""

BASH = """\
# hesim in bash: add the next line to ~/.bashrc
#   source <(hesim completion bash)
_hesim() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(HESIM_LINE="${COMP_LINE:0:COMP_POINT}" HESIM_BREAKS="$COMP_WORDBREAKS" \\
        "$1" --complete bash 2>/dev/null)
}
complete -o nospace -F _hesim hesim
"""

ZSH = """\
#compdef hesim
# hesim in zsh: add the next line to ~/.zshrc, below compinit
#   source <(hesim completion zsh)
_hesim() {
    local word
    local -a whole open
    for word in "${(@f)$(HESIM_LINE="${(j: :)words[1,CURRENT-1]} $PREFIX" \\
        ${words[1]} --complete zsh 2>/dev/null)}"; do
        if [[ $word == *' ' ]]; then whole+=("${word% }")
        elif [[ -n $word ]]; then open+=("$word"); fi
    done
    (( $#whole )) && compadd -a whole
    (( $#open )) && compadd -S '' -a open
}
compdef _hesim hesim
"""

FISH = """\
# hesim in fish: hesim completion fish > ~/.config/fish/completions/hesim.fish
function __hesim_candidates
    set -lx HESIM_LINE (commandline -cp | string collect)
    set -l typed (commandline -opc)
    command $typed[1] --complete fish 2>/dev/null | string trim --right
end
complete -c hesim -f -a '(__hesim_candidates)'
"""

POWERSHELL = """\
# hesim in PowerShell: add the next line to the file that $PROFILE names
#   hesim completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName hesim -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $text = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $env:HESIM_LINE = $text.PadRight($length).Substring(0, $length)
    hesim --complete powershell 2>$null | ForEach-Object {
        $word = $_.TrimEnd()
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $word)
    }
    Remove-Item Env:HESIM_LINE
}
"""

SCRIPTS = dict(zip(SHELLS, (BASH, ZSH, FISH, POWERSHELL), strict=True))


@_reports_bad_input
def completion(arguments: list[str]) -> int:
    """Print the script that lets a shell complete the words of hesim."""
    words = _read(arguments, settings=False, takes=NOTHING)
    given = words.plain[0] if words.plain else None
    if given not in SCRIPTS:
        close = nearest(given, SHELLS) if given else None
        allowed = "must be one of " + ", ".join(SHELLS)
        words.problems.append(Problem("SHELL", given, allowed, close))
    _refuse(words, [*words.plain[1:], *words.overrides])
    if given is None:
        raise ConfigErrors(words.problems)
    print(SCRIPTS[given], end="")
    return 0


def complete(arguments: list[str]) -> int:
    """Print what may follow the line that a script hands over, a candidate a line."""
    shell = arguments[0] if arguments else ""
    words, current, quoted = parts(os.environ.get(LINE, ""))
    found = candidates(words[1:], current) if words else []
    cut = 0
    if shell == "bash" and not quoted:
        # Bash takes what stands behind the last of these for the word that is completed.
        breaks = {*os.environ.get(BREAKS, "")} & {*"=:"}
        cut = max((current.rfind(sign) for sign in breaks), default=-1) + 1
    for word in found:
        whole = not word.endswith(OPEN) and not quoted and "=" not in word
        print(word[cut:] + (" " if whole else ""))
    return 0


def parts(line: str) -> tuple[list[str], str, bool]:
    """Part a line into its words, as shells do.

    Args:
        line: A command line up to the cursor.

    Returns:
        The whole words, the one that is being typed, and whether a quote is open in it. None of
        them has quotes.
    """
    words: list[str] = []
    current, quote, begun, escaped = "", "", False, False
    for sign in line:
        if escaped:
            current, escaped = current + sign, False
        elif sign == "\\" and quote != "'":
            escaped = begun = True
        elif quote:
            current, quote = (current, "") if sign == quote else (current + sign, quote)
        elif sign in "'\"":
            quote, begun = sign, True
        elif sign.isspace():
            if begun:
                words.append(current)
            current, begun = "", False
        else:
            current, begun = current + sign, True
    return words, current, bool(quote)
