"""Scenarios from files, packages and recommendations; what cannot be is refused in words."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import processes
import pytest

from hesim.app import study_desk
from hesim.app.config_file import config_text
from hesim.app.levers import controls, opposed_levers, overrides, settings_with_levers
from hesim.app.scenario_file import MOST_CHARACTERS, read_scenario
from hesim.app.scenarios import ScenarioRefusal, safe_name
from hesim.app.server_state import Served
from hesim.app.starting_points import IDEA, PACKAGE, starting_points
from hesim.app.visitor import Visit
from hesim.app.words import speak
from hesim.levers.printing import NONE
from hesim.scenario import compose
from hesim.tables import ReportTables

OVERRIDES = ("population.scale=0.02", "years=3", "burn_in=3")


def _text(changes, further: dict[str, object] | None = None) -> str:  # type: ignore[no-untyped-def]
    words = overrides(changes, 36, "2011-01")
    settings, levers = settings_with_levers(OVERRIDES, None, further or {}, words)
    return config_text(settings, [lever.key for lever in levers])


BOTH = _text({1: {"single_cao": {}}}).replace("- single_cao", "- single_cao\n  - abolish_binary")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {1: {"job_swap": {}}},
        {
            0: {"meet_and_greet": {"contacts": 3.0}},
            14: {"meet_and_greet": {"contacts": 3.0}, "secondment": {"strength": 0.25}},
        },
    ],
)
def test_what_is_saved_is_opened_again(changes) -> None:  # type: ignore[no-untyped-def]
    found = read_scenario(_text(changes), compose(OVERRIDES))
    assert found.changes == changes and found.left_out == ()


def test_what_the_page_does_not_hold_is_told() -> None:
    text = _text({1: {"job_swap": {}}}, {"seed": 9, "levers.job_swap.reach.share": 0.5})
    found = read_scenario(text, compose(OVERRIDES))
    assert found.changes == {1: {"job_swap": {}}}
    assert set(found.left_out) == {"seed", "levers.job_swap.reach"}
    text = _text({1: {"job_swap": {}}}).replace("2011-02", "2040-01")
    found = read_scenario(text, compose(OVERRIDES))
    assert found.changes == {} and "levers.job_swap" in found.left_out


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("a: b: c", "file_refused", "line 1"),
        ("\x00\x01\x02", "file_refused", ""),
        ("- 1\n- 2\n", "file_refused", "key: value"),
        ("x" * (MOST_CHARACTERS + 1), "file_too_large", ""),
        ("yaers: 3\n", "file_refused", "years"),
        ("years: ${oc.env:HOME}\n", "file_refused", "interpolations"),
        ("years: !!python/object/apply:os.system [ls]\n", "file_refused", ""),
        ("data: /etc\n", "file_refused", "data"),
        ("output: /tmp/x\n", "file_refused", "output"),
        ("hydra:\n  run:\n    dir: /tmp\n", "file_refused", "hydra"),
        ("defaults:\n- levers: [nothing]\n", "file_refused", "nothing"),
        (BOTH, "file_refused", "contradict"),
        ("defaults:\n- ../../../etc/passwd\n", "file_refused", ""),
        ("a: &a [1]\nb: [*a, *a]\n", "file_refused", ""),
    ],
)
def test_hostile_files_are_refused_in_words(text: str, key: str, told: str) -> None:
    with pytest.raises(ScenarioRefusal) as refusal:
        read_scenario(text, compose())
    why = str(refusal.value.values.get("why", ""))
    assert refusal.value.key == key and told in why and "/tmp/hesim_" not in why


def test_dials_out_of_range_do_not_pass_by_force() -> None:
    plain = _text({0: {"single_cao": {"terms_share": 0.5}}}, {"force": True})
    text = plain.replace("terms_share: 0.5", "terms_share: 7.0")
    assert text != plain
    found = read_scenario(text, compose())
    assert "levers.single_cao.terms_share" in found.left_out
    assert all("terms_share" not in chosen["single_cao"] for chosen in found.changes.values())


def test_every_package_and_recommendation_is_a_starting_point(tables: ReportTables) -> None:
    for language in ("en", "nl"):
        points = starting_points(tables, speak(language))
        assert len({point.key for point in points}) == len(points)
        ideas = [point for point in points if point.kind == IDEA]
        wanted = [row for row in tables.recommendations if row.lever != NONE]
        assert len(ideas) == len(wanted) and {p.kind for p in points} == {PACKAGE, IDEA}
        for point in points:
            assert point.choice and point.choice.keys() <= controls().keys()
            assert opposed_levers(point.choice) == [] and safe_name(point.title)
    named = {row.idea: row for row in tables.recommendations}
    half = next(p for p in points if p.kind == IDEA and named[p.title].dose == 0.5)
    assert all(dials == {"strength": 0.5} for dials in half.choice.values())


@pytest.fixture
def visit(tables: ReportTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    monkeypatch.chdir(tmp_path)
    served = Served(compose(OVERRIDES), tables, overrides=OVERRIDES)
    made = Visit(
        served, "?levers=1:job_swap,nothing&scenario=other&levers=0:single_cao,abolish_binary"
    )
    processes.until(lambda: made.session is not None)
    yield made
    made.close()
    served.workers.close()


def test_refused_levers_do_not_stay_in_the_address(visit: Visit) -> None:
    assert "nothing" not in visit.query and "abolish_binary" not in visit.query
    assert "levers=1:job_swap" in visit.query and "scenario=other" in visit.query
    assert any("nothing" in told for told in visit.problems)
    assert any("abolish_binary" in told for told in visit.problems)


def test_steps_of_the_page(visit: Visit) -> None:
    desk = visit.desk
    desk.act({"step": "duplicate", "name": "mine"})
    assert desk.strip.open == "mine, copy" and not desk.problem
    desk.act({"step": "rename", "name": "mine, copy", "to": "baseline"})
    assert "baseline" in desk.problem and desk.strip.open == "mine, copy"
    desk.act({"step": "start_from", "name": "package:exchange"})
    assert visit.levers.keys() > {"secondment"} and "scenario=Working" in visit.query
    # The run has the levers of the open scenario.
    processes.until(lambda: visit.session is not None and "policy" in visit.session.snapshot.arms)
    desk.act({"step": "save"})
    assert desk.sheet["name"].endswith(".yaml") and "secondment" in desk.sheet["text"]
    desk.open_file({"name": "../../from disk.yaml", "text": desk.sheet["text"]})
    assert visit.levers.keys() == set(visit.levers.changes[0])
    assert "from disk" in desk.strip.open and "/" not in desk.strip.open
    before = desk.strip
    desk.open_file({"name": "bad.yaml", "text": "yaers: 3"})
    assert "years" in desk.problem and desk.strip == before
    desk.act({"step": "__class__", "name": "x"})
    desk.act({"step": "look_at", "name": "<script>"})
    assert desk.strip == before and "script" in desk.problem
    desk.act({"step": "look_at", "name": "baseline"})
    assert visit.levers.changes == {} and desk.answer() is None


def test_four_replications_once_a_lever_is_on_unless_chosen(visit: Visit) -> None:
    assert visit.levers.changes and visit.replications == 4
    visit.look(replications=1)
    assert visit.replications == 1
    visit.look(replications=None)
    visit.desk.act({"step": "look_at", "name": "baseline"})
    assert visit.replications == 1


def test_settings_out_of_range_are_told_and_change_nothing(visit: Visit) -> None:
    good = {"seed": 2, "scale": 0.02, "years": 2}
    for name, value in (
        ("seed", -1),
        ("seed", 1.5),
        ("scale", 9),
        ("scale", math.nan),
        ("scale", None),
        ("years", math.inf),
        ("years", "2"),
        ("years", True),
    ):
        visit.restart({**good, name: value})
        assert visit.alerts.keys() == {name} and visit.view.value.seed is None
    visit.restart(good)
    assert not visit.alerts and (visit.run.seed, visit.run.scale, visit.run.years) == (2, 0.02, 2)


def test_what_is_asked_holds_for_changes_that_are_still_to_come(visit: Visit) -> None:
    levers = visit.levers
    levers.changes = {20: {"secondment": {}}}
    assert levers.asked({"key": "job_swap", "on": True}, 1) == {
        1: {"job_swap": {}},
        20: {"secondment": {}, "job_swap": {}},
    }
    levers.changes = {0: {"job_swap": {}}, 20: {"secondment": {}, "job_swap": {}}}
    turned = {"key": "job_swap", "name": "strength", "value": 0.5}
    assert levers.asked(turned, 4) == {
        0: {"job_swap": {}},
        4: {"job_swap": {"strength": 0.5}},
        20: {"secondment": {}, "job_swap": {"strength": 0.5}},
    }
    assert levers.asked({"key": "job_swap", "on": False}, 4) == {
        0: {"job_swap": {}},
        4: {},
        20: {"secondment": {}},
    }
    levers.from_the_start(4)
    assert levers.changes[0] == {"job_swap": {}} and levers.changes[20].keys() > {"secondment"}


def test_a_study_is_made_and_ends_in_a_process_of_its_own(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hesim.app.scenario_desk.RUNS", 2)
    monkeypatch.setattr(study_desk, "PAUSE", 0.05)
    desk, studies = visit.desk, visit.served.studies
    desk.act({"step": "study"})
    assert not desk.problem
    [begun] = studies.studies
    desk.act({"step": "study"})
    assert desk.problem == visit.words("study_busy") and len(studies.studies) == 1
    ended = threading.Event()
    threading.Thread(target=lambda: (begun.process.wait(), ended.set()), daemon=True).start()
    assert ended.wait(processes.HANG), begun.last_words()
    processes.until(lambda: begun.status in ("complete", "failed", "stopped"))
    assert (begun.status, begun.done, begun.planned) == ("complete", 4, 4), begun.last_words()
    assert begun.folder.parent == Path.cwd() / "outputs" / "studies"
    assert "hesim view" in begun.opening and "hesim resume" in begun.resume
    visit.served.writes = False
    desk.act({"step": "study"})
    assert desk.problem == visit.words("study_refused") and len(studies.studies) == 1
    visit.served.writes = True
    desk.act({"step": "look_at", "name": "baseline"})
    desk.act({"step": "study"})
    assert desk.problem == visit.words("study_no_levers")
