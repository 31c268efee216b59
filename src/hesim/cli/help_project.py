"""What the help of the commands about a folder of one's own, and about the shell, says."""

from __future__ import annotations

INIT = """\
hesim init FOLDER [--quiet]

Begin a folder of your own. It gets a question (an experiment) and a lever, both with a comment at
each setting, a notebook, and a README with three commands that work at once. FOLDER must be new or
empty; in a folder with files nothing is written, and the exit code is 2. See docs/studies.md.

Example
  hesim init my_question"""

COMPLETION = """\
hesim completion bash|zsh|fish|powershell

Print a script that lets Tab complete commands, options, settings, their values, and folders of runs
and studies. `hesim` must be on the path, as in an active virtual environment.

  bash        add to ~/.bashrc:                        source <(hesim completion bash)
  zsh         add to ~/.zshrc, below compinit:         source <(hesim completion zsh)
  fish        hesim completion fish > ~/.config/fish/completions/hesim.fish
  powershell  add to the file that $PROFILE names:     hesim completion powershell | Out-String |
                                                       Invoke-Expression

Example
  hesim completion bash"""

DOCS = """\
hesim docs [--no-open]

Open the documentation in the browser: reference, explanation, glossary and all else. It is a copy
of this very version. It needs no network, and asks no other server for anything. A wheel holds the
copy; in a checkout `uv run --group docs python -m docs.site` builds it.

  --no-open   only print where it is

Example
  hesim docs --no-open"""

OF_PROJECTS = {"init": INIT, "docs": DOCS, "completion": COMPLETION}
