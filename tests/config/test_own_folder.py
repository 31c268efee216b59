"""One's own folder: partial files, what the calibration fitted, and each kind of bad input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hesim.cautions import cautions
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.input import userfile
from hesim.input.document import BadDocument, parse
from hesim.scenario import compose
from hesim.sources import packaged

GLOBAL = "# @package _global_\n"
SECTOR_COST = "model.choice.sector_cost"
NEVER = ("hydra", "omegaconf", "traceback", "yaml.", "antlr", "recursion")


def lever(*further: str) -> str:
    text = (packaged() / "levers" / "single_cao.yaml").read_text("utf-8")
    return text.replace("levers.single_cao", "levers.mine", 1) + "".join(further)


def main_list(*change: str) -> str:
    """A config.yaml with the packaged list of defaults, changed."""
    usual = {
        "population": "default",
        "model": "default",
        "survey": "default",
        "structure": "standing",
        "calibration": "production",
        "study": "default",
        "engine": "processes",
        "levers": "[]",
    }
    lines = [f"  - {key}: {value}" for key, value in usual.items()]
    return "\n".join(["defaults:", *lines, *(f"  - {line}" for line in change), "  - _self_\n"])


def put(folder: Path, name: str, content: str | bytes = "") -> Path:
    file = folder / name
    if name.endswith("/"):
        file.mkdir(parents=True)
        return folder
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


MINE = "+experiment=mine"
BAD: dict[str, tuple[str, str | bytes, list[str], list[str]]] = {
    # What is wrong: a file, what it holds, what is typed, and what must be said.
    "a tab": ("config.yaml", "model:\n\tx: 1\n", [], ["config.yaml", "line 2", "a tab"]),
    "a bracket left open": ("model/choice.yaml", "a: [1\n", [], ["the [ in line 1", "by a ]"]),
    "a brace left open": ("model/choice.yaml", "a: {b: 1\nc: 2\n", [], ["the { in line 1"]),
    "a quote left open": ("model/choice.yaml", "a: 'x\n", [], ["the quote that opens in line 1"]),
    "two colons": ("model/choice.yaml", "a: b: c\n", [], ["line 1", "two colons"]),
    "no colon": ("model/choice.yaml", "sector_cost 9.0\nstay: 1\n", [], ["line above", "no colon"]),
    "indented otherwise": ("model/choice.yaml", "a: 1\n b: 2\n", [], ["line 2", "does not fit"]),
    "a list in a mapping": ("model/choice.yaml", "a: 1\n- b\n", [], ["line 2", "does not fit"]),
    "a sign that begins nothing": ("model/choice.yaml", "a: @b\n", [], ["begin with @"]),
    "a backslash": ("model/choice.yaml", 'a: "\\q"\n', [], ["line 1", "double quotes"]),
    "a character that nobody sees": ("model/choice.yaml", "a: 1\nb: \x01\n", [], ["line 2", "U+0"]),
    "a directive": ("model/choice.yaml", "%YAML 3\na: 1\n", [], ["cannot begin with %"]),
    "an empty file": ("config.yaml", " \n", [], ["config.yaml", "is empty"]),
    "an empty lever": ("levers/mine.yaml", "", ["levers=[mine]"], ["is empty"]),
    "an empty experiment": ("experiment/mine.yaml", "", [MINE], ["is empty"]),
    "a text in Latin-1": ("config.yaml", "# caf\xe9\n".encode("latin-1"), [], ["UTF-8"]),
    "a folder where a file must be": ("model/choice.yaml/", "", [], ["must be a file"]),
    "a folder with a file in it": ("config.yaml/a.txt", "a", [], ["must be a file"]),
    "a key that stands twice": ("config.yaml", "years: 1\nyears: 2\n", [], ["stands twice"]),
    "a list where a mapping must be": (
        "experiment/mine.yaml",
        f"{GLOBAL}model: [1]\nstudy: 3\n",
        [MINE],
        ["model = [1]: must be a mapping", "study = 3: must be a mapping"],
    ),
    "a mapping where a fitted number must be": (
        "model/choice.yaml",
        "sector_cost: {_target_: os.getcwd, a: 1}\n",
        [],
        [f"{SECTOR_COST} = {{", "a number from 0 to 10, not a mapping"],
    ),
    "a number where fitted numbers must be": (
        "config.yaml",
        "model: {choice: {scale: 3}}\n",
        [],
        ["model.choice.scale = 3"],
    ),
    "a mapping where a list must be": (
        "experiment/mine.yaml",
        f"{GLOBAL}study: {{levers: {{a: 1}}}}\n",
        [MINE],
        ["study.levers = {'a': 1}: must be a list"],
    ),
    "scenarios that are mappings": (
        "experiment/mine.yaml",
        f"{GLOBAL}study: {{scenarios: [{{a: 1}}]}}\n",
        [MINE],
        ["study.scenarios", "must be a list of values, each a text"],
    ),
    "wrong types, all at once": (
        "experiment/mine.yaml",
        f"{GLOBAL}years: many\nstart: 2011-13\nfigures: 3\nyeers: 1\nstudy: {{design: gird}}\n",
        [MINE],
        ["from 1 to 100", "2014-01", "true or false", "did you mean years?", "mean grid?"],
    ),
    "a target": (
        "experiment/mine.yaml",
        f"{GLOBAL}_target_: os.getcwd\n",
        [MINE],
        ["_target_ = 'os.getcwd': no such key"],
    ),
    "a target in a lever": (
        "levers/mine.yaml",
        lever("_target_: os.getcwd\n"),
        ["levers=[mine]"],
        ["levers.mine._target_"],
    ),
    "an interpolation": (
        "experiment/mine.yaml",
        f"{GLOBAL}output: ${{oc.env:HOME}}\n",
        [MINE],
        ["line 2", "interpolations are not resolved"],
    ),
    "an unknown group": ("modle/choice.yaml", "a: 1\n", [], ["mean model/choice.yaml?"]),
    "a group in the list that there is not": (
        "config.yaml",
        main_list("populaton: default"),
        [],
        ["'populaton' must be one of", "did you mean population?"],
    ),
    "a file in the list that there is not": (
        "experiment/mine.yaml",
        f"{GLOBAL}defaults: [sector_csots]\n",
        [MINE],
        ["'sector_csots' must be a file of experiment/", "did you mean sector_costs?"],
    ),
    "a list without what the packaged has": (
        "model/default.yaml",
        "defaults: [careers, push]\n",
        [],
        ["lacks vacancies, search", "outside"],
    ),
    "a file that stands twice in a list": (
        "levers/mine.yaml",
        "defaults: [single_cao, single_cao]\n",
        ["levers=[mine]"],
        ["single_cao stands 2 times"],
    ),
    "itself twice in a list": (
        "levers/mine.yaml",
        "defaults: [single_cao, _self_, _self_]\n",
        ["levers=[mine]"],
        ["_self_ stands 2 times"],
    ),
    "a group that stands twice": (
        "config.yaml",
        main_list("population: default"),
        [],
        ["population stands 2 times"],
    ),
    "several options of a group": (
        "config.yaml",
        main_list().replace("population: default", "population: [default, default]"),
        [],
        ["must be one name"],
    ),
    "a circle by way of a packaged file": (
        "model/careers.yaml",
        "defaults: [default]\n",
        [],
        ["in a circle: careers > default > careers"],
    ),
    "a circle of levers": (
        "levers/single_cao.yaml",
        "defaults: [everything]\n",
        ["levers=[single_cao]"],
        ["in a circle: single_cao > everything > single_cao"],
    ),
    "the word override": (
        "experiment/mine.yaml",
        f"{GLOBAL}defaults:\n  - override /population: default\n",
        [MINE],
        ["the word override is not read", "on the command line, as population=NAME"],
    ),
    "the word optional": (
        "experiment/mine.yaml",
        f"{GLOBAL}defaults: [optional barriers]\n",
        [MINE],
        ["the word optional is not read"],
    ),
    "another group's file": (
        "experiment/mine.yaml",
        f"{GLOBAL}defaults: [/model/choice]\n",
        [MINE],
        ["must be a file of experiment/", "on the command line"],
    ),
    "another package": (
        "model/choice.yaml",
        "# @package model.choise\nstay: 1\n",
        [],
        ["'model.choise'", "_global_"],
    ),
    "a package of an experiment": (
        "experiment/mine.yaml",
        "# @package study\ndesign: grid\n",
        [MINE],
        ["'study' in the first line must be _global_"],
    ),
    "a package of two words": (
        "model/choice.yaml",
        "#@package model.choice too\nstay: 1\n",
        [],
        ["must be `# @package` and one name"],
    ),
    "a package that comes late": (
        "levers/mine.yaml",
        f"# Mine.\n{lever()}",
        ["levers=[mine]"],
        ["line 2", "counts in the first line alone"],
    ),
    "a lever that nobody chose": (
        "experiment/mine.yaml",
        f"{GLOBAL}levers: {{single_cao: {{strength: 0.5}}}}\n",
        [MINE],
        ["levers.single_cao: is not chosen", "levers=[single_cao]"],
    ),
    "a lever that there is not": (
        "experiment/mine.yaml",
        f"{GLOBAL}levers: {{single_coa: {{strength: 0.5}}}}\n",
        [MINE],
        ["no such lever", "did you mean single_cao?"],
    ),
    "two experiments": (
        "experiment/mine.yaml",
        f"{GLOBAL}years: 1\n",
        [MINE, "+experiment=barriers"],
        ["one experiment at a time", "mine is chosen already"],
    ),
    "another calibration than is chosen": (
        "experiment/mine.yaml",
        f"{GLOBAL}calibration: blind\n",
        [MINE],
        ["choose it as calibration=blind"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_ends_in_words(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, content, typed, told = BAD[case]
    put(tmp_path / "own", name, content)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--config", "own", *typed]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    for words in told:
        assert words in shown.err, shown.err
    assert not [word for word in NEVER if word in shown.err.lower()]
    assert [place.name for place in tmp_path.iterdir()] == ["own"]


def test_what_cannot_be_composed_is_said_in_our_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the checks of lists let pass, no sentence of Hydra's comes out."""
    from hesim.config import folders

    monkeypatch.setattr(folders, "lists_of", lambda *given: [])
    put(tmp_path, "model/careers.yaml", "defaults: [default]\n")
    with pytest.raises(ConfigErrors) as caught:
        compose(folder=tmp_path)
    (problem,) = caught.value.problems
    assert "do not go together" in str(problem) and problem.path == str(tmp_path)
    assert not [word for word in NEVER if word in str(problem).lower()]


def test_a_file_that_nobody_may_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "config.yaml", "years: 3\n")
    real = Path.open

    def refused(self: Path, *given: object, **more: object) -> object:
        if self.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return real(self, *given, **more)  # type: ignore[call-overload]

    # Rights bind everybody but root, and tests may run as root.
    monkeypatch.setattr(userfile.Path, "open", refused)
    with pytest.raises(ConfigErrors, match=r"config\.yaml: cannot be read: Permission denied"):
        compose(folder=tmp_path)


def test_faults_of_several_files_come_at_once(tmp_path: Path) -> None:
    put(tmp_path, "config.yaml", "years: [1\n")
    put(tmp_path, "model/choice.yaml", "a: 1\na: 2\n")
    put(tmp_path, "levers/mine.yaml", "")
    put(tmp_path, "experiment/mine.yaml", f"{GLOBAL}defaults: [nope]\n")
    with pytest.raises(ConfigErrors) as caught:
        compose(folder=tmp_path)
    files = {
        Path(problem.path).relative_to(tmp_path).as_posix() for problem in caught.value.problems
    }
    assert files >= {"config.yaml", "model/choice.yaml", "levers/mine.yaml"}


def test_both_readers_of_yaml_are_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader in Python has other words than the compiled one."""
    import yaml

    from hesim.input import document

    texts = [text for _, text, *_ in BAD.values() if isinstance(text, str)]
    found: list[dict[str, str]] = []
    for reader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        monkeypatch.setattr(document, "_reader", lambda reader=reader: reader)
        said: dict[str, str] = {}
        for text in texts:
            try:
                parse(text)
            except BadDocument as error:
                said[text] = str(error)
        found.append(said)
    # They may stop a line apart in what is left open.
    lines = [{text: re.sub(r"line \d+", "line", words) for text, words in s.items()} for s in found]
    assert len(found[0]) > 10 and lines[0] == lines[1]


def test_one_key_changes_just_that_key(tmp_path: Path) -> None:
    settings = compose(folder=put(tmp_path, "model/choice.yaml", "distance_cost: 0.5\n"))
    assert settings.changed() == ("model.choice.distance_cost",)


def test_a_new_option_builds_on_the_usual_one(tmp_path: Path) -> None:
    folder = put(tmp_path, "population/quarter.yaml", "scale: 0.25\n")
    put(folder, "engine/mine.yaml", "time_limit: 60\n")
    settings = compose(["population=quarter", "engine=mine"], folder)
    assert set(settings.changed()) == {"population.scale", "engine.time_limit"}
    assert compose(folder=folder).changed() == ()


def test_a_part_of_ones_own_list_builds_on_nothing(tmp_path: Path) -> None:
    """It would lead back to the list that names it."""
    usual = "careers, push, vacancies, search, inputs, choice, hiring, requirements, outside"
    put(tmp_path, "model/default.yaml", f"defaults: [{usual}, mine, _self_]\n")
    put(tmp_path, "model/mine.yaml", "choice: {distance_cost: 0.5}\n")
    assert compose(folder=tmp_path).changed() == ("model.choice.distance_cost",)


def test_an_experiment_sets_from_the_top_and_a_calibration_knows_its_name(tmp_path: Path) -> None:
    put(tmp_path, "experiment/mine.yaml", "years: 3\n")
    put(tmp_path, "calibration/fitted.yaml", "model: {choice: {sector_cost: 3.0}}\n")
    settings = compose([MINE, "calibration=fitted"], tmp_path)
    assert settings.integer("years") == 3 and settings.text("calibration") == "fitted"
    assert settings.number(SECTOR_COST) == 3.0


def test_a_fitted_value_in_ones_own_experiment_is_obeyed_and_said(tmp_path: Path) -> None:
    text = f"{GLOBAL}model: {{choice: {{sector_cost: 9.0}}}}\n"
    settings = compose([MINE], put(tmp_path, "experiment/mine.yaml", text))
    assert settings.number(SECTOR_COST) == 9.0
    (said,) = cautions(settings)
    assert f"{SECTOR_COST} = 9.0" in said


def test_the_settings_of_a_project_lie_in_its_conf(tmp_path: Path) -> None:
    put(tmp_path, "conf/model/choice.yaml", "distance_cost: 0.5\n")
    put(tmp_path, "notebook.ipynb", "{}")
    put(tmp_path, "outputs/runs/a/manifest.json", "{}")
    put(tmp_path, "conf/processes/mine.py", "")
    settings = compose(folder=tmp_path)
    assert settings.changed() == ("model.choice.distance_cost",)
    assert [file.name for file in settings.process_files()] == ["mine"]


def test_settings_beside_conf_are_not_overlooked(tmp_path: Path) -> None:
    put(tmp_path, "conf/config.yaml", "years: 3\n")
    put(tmp_path, "config.yaml", "years: 4\n")
    put(tmp_path, "levers/mine.yaml", lever())
    with pytest.raises(ConfigErrors) as caught:
        compose(folder=tmp_path)
    assert [Path(problem.path).name for problem in caught.value.problems] == [
        "config.yaml",
        "levers",
    ]
    assert "move it to" in str(caught.value)


def test_an_experiment_sets_dials_of_the_levers_that_its_study_names(tmp_path: Path) -> None:
    from hesim.study.arms import compose_study

    body = "study: {levers: [single_cao, terms]}\nlevers: {single_cao: {strength: 0.5}}\n"
    folder = put(tmp_path, "experiment/mine.yaml", GLOBAL + body)
    _, arms = compose_study([MINE], folder)
    assert [arm.settings["single_cao"]["strength"] for arm in arms[1:]] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("years='a", "a ' is not closed"),
        ("years=[1", "[ and ] do not pair"),
        ("years={a:1", "{ and } do not pair"),
        ("study.question=x=z", "the value holds ="),
        ("study.question=a;b", "the value holds ;"),
        ("a b=c", "a name has no spaces"),
        ("years=nope(1)", "the value is not understood"),
    ],
)
def test_what_is_odd_about_a_word_is_said_in_our_own_words(word: str, told: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        compose([word])
    said = "\n".join(map(str, caught.value.problems))
    assert told in said, said
    for raw in ("token", "mismatched", "viable", "extraneous", "EOF", "expecting"):
        assert raw not in said
