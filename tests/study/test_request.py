"""What is asked for: refused as a run or a study would be, warned of where it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.study.plan import plan_study
from hesim.study.request import describes_study, read_request
from hesim.study.request_text import assignments, request_lines

PIECES = {
    "years": ["years=1", "years=0"],
    "levers": ["levers=[single_cao]", "levers=[job_swap,single_cao]", "levers=[singel_cao]"],
    "study.levers": [
        "study.levers=[single_cao,job_swap]",
        "study.levers=[single_cao+abolish_binary]",
        "study.levers=[terms]",
        "study.levers=[nobody]",
    ],
    "levers.single_cao.start": ["levers.single_cao.start=2015-01"],
    "levers.single_cao.strength": ["levers.single_cao.strength=0"],
    "study.uncertainties": [
        "study.uncertainties=[model.choice.sector_cost:1:3]",
        "study.uncertainties=[model.choice.sector_cost:0:99]",
        "study.uncertainties=[model.choice.sector_costs]",
        "study.uncertainties=[levers.single_cao.pay_alignment]",
        "study.uncertainties=[population.scale:0.001:1]",
        "study.uncertainties=[structure:standing|growing]",
    ],
    "study.design": ["study.design=lhs", "study.design=sobol", "study.design=grid"],
    "study.n": ["study.n=4", "study.n=6", "study.n=0"],
    "study.outcome": ["study.outcome=swaps", "study.outcome=flow.hbo.wo", "study.outcome=swap"],
    "study.draws": ["study.draws=4", "study.draws=201"],
    "study.dials": ["study.dials=prior"],
    "study.scenarios": [
        "study.scenarios=[population.phd_share_hbo:0.04]",
        "study.scenarios=[population.phd_share_hbo]",
    ],
    "study.structures": [
        "study.structures=[standing,growing]",
        "study.structures=[nowhere]",
    ],
    "study.budget": ["study.budget=1e6", "study.budget=0"],
    "study.days": ["study.days=1000"],
    "study.dose": ["study.dose=job_swap"],
    "output": ["output=taken", "output=file/new", "output=new"],
}


@st.composite
def words(draw: st.DrawFn) -> list[str]:
    """Words that each may hold or not, alone and together."""
    keys = draw(st.lists(st.sampled_from(sorted(PIECES)), min_size=1, max_size=4, unique=True))
    return [draw(st.sampled_from(PIECES[key])) for key in keys]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(lines=words())
def test_check_accepts_what_a_study_accepts_and_nothing_else(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Both ways: by the plan of `hesim study`, and a folder that it could have."""
    place = tmp_path_factory.getbasetemp() / "property"
    (place / "taken").mkdir(parents=True, exist_ok=True)
    (place / "file").touch()
    plain = [line for line in lines if not line.startswith("output=")]
    free = "output=taken" not in lines and "output=file/new" not in lines
    placed = [line.replace("output=", f"output={place}/") for line in lines]
    assert _accepts(lambda: read_request(placed)) is (_accepts(lambda: plan_study(plain)) and free)
    assert sorted(path.name for path in place.iterdir()) == ["file", "taken"]


def _accepts(ask: object) -> bool:
    try:
        ask()  # type: ignore[operator]
    except ConfigErrors:
        return False
    return True


def test_a_study_is_known_by_its_words_and_files(tmp_path: Path) -> None:
    assert not describes_study(["years=3", "levers=[single_cao]", "output=study.x"])
    for line in ("study.levers=[single_cao]", "+experiment=sector_costs", "experiment=dose"):
        assert describes_study([line])
    (tmp_path / "config.yaml").write_text("years: 3\n")
    assert not describes_study([], tmp_path)
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text("# @package _global_\nstudy: {n: 4}\n")
    assert not describes_study([], tmp_path)
    # What is as it is by default asks for nothing.
    (tmp_path / "config.yaml").write_text("study:\n  levers: []\n  design: list\n")
    assert not describes_study([], tmp_path)
    (tmp_path / "config.yaml").write_text("study:\n  levers: [single_cao]\n")
    assert describes_study([], tmp_path)
    request = read_request(["levers.single_cao.start=2015-01"], tmp_path)
    assert request.kind == "study" and request.plan is not None
    assert [arm.name for arm in request.plan.arms] == ["baseline", "single_cao"]
    assert read_request(["years=3"]).kind == "run"


def test_a_folder_that_cannot_be_had_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "manifest.json").write_text("{}")
    for more in ([], ["study.levers=[job_swap]"]):
        with pytest.raises(ConfigErrors, match="Not a directory"):
            read_request([f"output={tmp_path}/file/new", *more])
        with pytest.raises(ConfigErrors, match="exists already"):
            read_request([f"output={tmp_path}/study", *more])
        read_request([f"output={tmp_path}/a/b", *more])
    with pytest.raises(ConfigErrors, match="hesim resume"):
        read_request([f"output={tmp_path}/study", "study.levers=[job_swap]"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "study"]


STUDY = ["study.levers=[single_cao]"]
SENSELESS = {
    "a lever after the end": ([*STUDY, "years=2"], "arm single_cao: levers.single_cao"),
    "two replications": ([*STUDY, "study.replications=2"], "12.7 standard errors"),
    "one replication": ([*STUDY, "replications=1"], "replications=1: one replication gives no"),
    "a range beside the value": (
        [*STUDY, "study.uncertainties=[model.choice.distance_cost:1.9:2]"],
        "leaves out the value in force",
    ),
    "values beside the value": (
        [*STUDY, "study.uncertainties=[population.seed_joint:independent|extreme]"],
        "independent | extreme, which leaves out the value in force, theory",
    ),
    "a dial of a lever that is off": (
        [
            *STUDY,
            "levers.single_cao.strength=0",
            "study.uncertainties=[levers.single_cao.pay_alignment]",
        ],
        "pay_alignment changes nothing in any arm: single_cao is off, as its strength is 0",
    ),
    "a dial whose mechanism is off": (
        [
            *STUDY,
            "without=[terms]",
            "study.uncertainties=[levers.single_cao.pay_alignment]",
        ],
        "`without` switches terms off",
    ),
    "an arm that is the baseline": (
        [*STUDY, "levers.single_cao.reach.share=0"],
        "it is the baseline under another name",
    ),
    "an outcome that no arm can move": ([*STUDY, "study.outcome=swaps"], "no arm can move it"),
    "nothing that varies": (["study.outcome=swaps"], "nothing can move it"),
    "a burn-in longer than the run": ([*STUDY, "burn_in=121"], "121 months are simulated and"),
    "a scenario that is none": (
        [*STUDY, "study.scenarios=[population.seed_joint:theory]"],
        "is what population.seed_joint is anyway",
    ),
    "a budget that scales nothing": (
        ["study.levers=[abolish_binary]", "study.budget=1e6"],
        "study.budget leaves abolish_binary as it is, as its costs",
    ),
}


@pytest.mark.parametrize("kind", SENSELESS)
def test_what_makes_no_sense_is_said(kind: str) -> None:
    lines, expected = SENSELESS[kind]
    assert [line for line in read_request(lines).cautions() if expected in line], kind


SENSIBLE = (
    [*STUDY],
    [*STUDY, "study.replications=3", "burn_in=120"],
    [*STUDY, "study.replications=2", "study.draws=4"],
    [*STUDY, "study.replications=2", "study.precision=5"],
    ["study.levers=[job_swap]", "study.outcome=swaps"],
    ["study.levers=[single_cao]", "study.outcome=lever_days"],
    [*STUDY, "study.uncertainties=[levers.single_cao.pay_alignment]"],
    [
        *STUDY,
        "levers.single_cao.strength=0",
        "study.uncertainties=[levers.single_cao.strength:0:1,levers.single_cao.pay_alignment]",
    ],
    [*STUDY, "study.uncertainties=[model.choice.distance_cost:0:5]"],
    ["study.uncertainties=[model.choice.distance_cost:0:5]"],
    ["years=1", "replications=1"],
    ["levers=[single_cao]", "replications=3"],
)


@pytest.mark.parametrize("lines", SENSIBLE, ids=" ".join)
def test_what_makes_sense_is_not_warned_of(lines: list[str]) -> None:
    assert read_request(lines).cautions() == []


def test_a_run_is_warned_of_too() -> None:
    told = read_request(["levers=[single_cao]", "replications=2", "burn_in=200"]).cautions()
    assert any("burn_in=200" in line for line in told)
    assert any("replications=2" in line for line in told)


def test_what_was_typed_is_printed_and_no_more(tmp_path: Path) -> None:
    typed = ["calibration=blind", "years=10", "levers=[single_cao]"]
    request = read_request(typed)
    assert request_lines(request, assignments(request, typed)) == [
        "The settings are valid. You set:",
        "  levers = [single_cao]",
        "  calibration = blind  (sets 228 settings)",
        "  years = 10  (as it is by default)",
    ]
    (tmp_path / "config.yaml").write_text("years: 3\nseed: 5\n")
    (tmp_path / "levers").mkdir()
    for name in ("job_swap", "single_cao"):
        (tmp_path / "levers" / f"{name}.yaml").write_text(
            (Path(__file__).parents[2] / "conf" / "levers" / f"{name}.yaml").read_text()
        )
    typed = ["seed=6", "study.levers=[job_swap]", "study.n=4", "structure=growing"]
    request = read_request(typed, tmp_path)
    found = assignments(request, typed, tmp_path)
    assert [(each.path, each.value) for each in found][:1] == [("study.levers", "[job_swap]")]
    assert {each.path for each in found} == {
        "study.levers",
        "levers/job_swap.yaml",
        "study.n",
        "seed",
        "structure",
        "years",
    }
    by_path = {each.path: each for each in found}
    assert by_path["seed"].value == "6" and by_path["seed"].origin == ""
    assert by_path["years"].line() == f"years = 3  ({tmp_path / 'config.yaml'})"
    assert "growing_production, which sets 228 settings" in by_path["structure"].remark
    head = request_lines(request, found)[0]
    assert head == "The study is valid: 2 arms, 2 points, 8 runs. You set:"


def test_the_command_refuses_warns_and_prints(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["study.outcome=wo_too_hbo", "study.uncertainties=[model.choice.sector_costs]"]
    assert main(["check", *wrong, "--confg=x"]) == 2
    shown = capsys.readouterr()
    assert "3 problems" in shown.err and "did you mean wo_to_hbo?" in shown.err
    assert shown.out == ""
    assert main(["check", "study.levers=[job_swap]", "study.replications=2"]) == 0
    shown = capsys.readouterr()
    assert "2 arms, 2 points, 4 runs" in shown.out
    assert shown.err.startswith("hesim: warning: study.replications=2")
