"""Find what may come next on a command line: commands, options, settings, values and folders.

A shell asks at each press of Tab, so that only few files are read, and nothing is composed. What a
command takes is read from its own help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hesim.cli import COMMANDS
from hesim.cli import help as texts

SHELLS = ("bash", "zsh", "fish", "powershell")
OPEN = ("=", ".", "/", "[", ",", "+")
"""Ends after which a word goes on; behind all others a space may follow."""
RESULTS = ("FOLDER", "STUDY", "RUN", "RUN1", "RUN2")
"""Words of a command's help that stand for the folder of a run or study."""
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_KEY = re.compile(r"(?<![\w.+])([a-z_][a-z_.]*)=")


def candidates(words: Sequence[str], current: str) -> list[str]:
    """What the current word may become, sorted and without doubles.

    Args:
        words: Those before it, without `hesim` itself.
        current: What is typed of it, without quotes; may be empty.
    """
    found = _after(words, current)
    return sorted({word for word in found if word.startswith(current) and word != current})


def _after(words: Sequence[str], current: str) -> Iterable[str]:
    if not words:
        return [*COMMANDS, "help", "--help", "--version"]
    command = words[0]
    if command == "help":
        return COMMANDS
    if command not in COMMANDS:
        return []
    text = texts.OF_COMMAND.get(command, "")
    usage = text.partition("\n\n")[0]
    config = _config(words)
    takes = dict(re.findall(r"(--[a-z-]+) ([A-Z]+)", usage))
    option, equals, typed = current.partition("=")
    if words[-1] in takes:
        return _of_option(takes[words[-1]], current)
    if equals and option in takes:
        return (f"{option}={value}" for value in _of_option(takes[option], typed))
    if current.startswith("-"):
        return [*_OPTION.findall(text), "--help"]
    if equals:
        return _values(option, typed, words, config)
    return [*_plain(command, usage, current, config), *_keys(text, usage, current, words, config)]


def _config(words: Sequence[str]) -> str | None:
    """The folder that is given with `--config`."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--config" and following:
            return following
        if word.startswith("--config="):
            return word.partition("=")[2]
    return None


def _of_option(kind: str, typed: str) -> Iterable[str]:
    """Values of an option by the word that its help has for them."""
    from hesim.cli import candidate_folders as folders

    if kind in RESULTS:
        return folders.results(typed)
    return folders.places(typed) if kind in ("DIR", "FILE") else []


def _plain(command: str, usage: str, typed: str, config: str | None) -> Iterable[str]:
    """Words that are no settings: names, or folders of runs and studies."""
    from hesim.cli import candidate_folders as folders
    from hesim.cli import candidate_settings as settings

    if command == "completion":
        return SHELLS
    if command in ("levers", "dose"):
        names = settings.option_names("levers", config)
        return [*names, *folders.results(typed)] if command == "dose" and typed else names
    if command == "reproduce":
        from hesim.experiments.page_file import page_names, pages_folder

        try:
            return [*page_names(pages_folder()), "all"]
        except ValueError:
            return []
    if command == "config":
        return [*settings.setting_names(typed, ending=""), "labels"]
    if command == "tables":
        from hesim.tables import TABLES

        return TABLES
    if command == "validate":
        return settings.option_names("calibration", config)
    if set(re.findall(r"[A-Z]+[0-9]?", usage)) & {*RESULTS}:
        return folders.results(typed)
    return []


def _keys(
    text: str, usage: str, typed: str, words: Sequence[str], config: str | None
) -> Iterator[str]:
    """Names of what can be set, each with what follows it: an equals sign, or a point."""
    from hesim.cli import candidate_settings as settings

    if "key=value" not in usage and "data=" not in usage:
        return
    yield from (f"{key}=" for key in _KEY.findall(text) if "." not in key and key != "key")
    if "--config" in usage or words[0] == "resume":
        yield from settings.setting_names(typed, ending="=", chosen=chosen_levers(words))
        yield from (f"{group}=" for group in settings.groups(config) if group != "experiment")
        yield "+experiment="


def chosen_levers(words: Sequence[str]) -> list[str]:
    """Levers that words before choose."""
    found: list[str] = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key in ("levers", "study.levers", "study.dose"):
            found += re.findall(r"\w+", value)
    return found


def _values(key: str, typed: str, words: Sequence[str], config: str | None) -> Iterator[str]:
    """Values of a setting, each with its name before it."""
    from hesim.cli import candidate_folders as folders
    from hesim.cli import candidate_settings as settings

    if words[0] in ("barriers", "dose", "validate", "calibrate") and key == "structures":
        key_of_values = "study.structures"
    else:
        key_of_values = key.removeprefix("+")
    if key_of_values in ("data", "output"):
        yield from (f"{key}={place}" for place in folders.places(typed))
        return
    names, several = settings.values(key_of_values, config)
    if key_of_values in settings.OF_PATHS:
        last = re.split(r"[\[,]", typed)[-1]
        names = tuple(settings.setting_names(last, ending=":", chosen=chosen_levers(words)))
    yield from (f"{key}={value}" for value in _listed(typed, names, several))


def _listed(typed: str, names: Iterable[str], several: bool) -> Iterator[str]:
    """Values as they follow what is typed of a list: `[a,` goes on with each other name."""
    if not several:
        yield from names
        return
    # A combination of levers, as a+b, goes on behind its sign.
    head, last = re.fullmatch(r"(.*[\[,+])?(.*)", typed, re.DOTALL).groups()  # type: ignore[union-attr]
    before = re.split(r"[\[,]", head or "")
    for name in names:
        if name not in before and name.startswith(last):
            yield f"{head or ''}{name}"
