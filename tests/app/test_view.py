"""The browser page without a browser: what it reads, measures, replays and refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import processes
import psutil
import pytest

from hesim import categories as c
from hesim.api import run
from hesim.app import config_file, levers, measures
from hesim.app.address import DEFAULT, View, read_address, write_address
from hesim.app.folder import serve_folder
from hesim.app.origin_check import LOCAL, Guard
from hesim.app.outcomes import FOLLOWED, OutcomeFollower
from hesim.app.pictures import sankey
from hesim.app.player import Player
from hesim.app.replay import replay
from hesim.app.selection import Selection
from hesim.app.session import Session
from hesim.app.study_page import league_chart_of
from hesim.app.words import speak
from hesim.app.worker import WorkerFailed, Workers, World, replicate
from hesim.cli import main
from hesim.levers.arms import BASELINE, POLICY
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.registry import OUTCOMES, headline
from hesim.record.archive import Folder, stored_copy
from hesim.record.live import LiveRecord
from hesim.record.places import Places, outline, read_places
from hesim.scenario import compose
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables

SCALE = 0.05
OVERRIDES = ("population.scale=0.05", "years=2", "burn_in=12", "replications=1")
CHOICES = (
    Selection(),
    Selection(sector="hbo"),
    Selection(role="university_lecturer", region="west"),
    Selection(field="engineering"),
)


@pytest.fixture(scope="module")
def places(tables: ReportTables) -> Places:
    return read_places(tables)


@pytest.fixture(scope="module")
def live(tables: ReportTables) -> LiveRecord:
    session = Session(compose(OVERRIDES), tables)
    while not session.over:
        session.step()
    return session.books[BASELINE].record()


@pytest.fixture(scope="module")
def modelled(live: LiveRecord, tables: ReportTables) -> HigherEducation:
    """The model of which `live` is the record."""
    model = HigherEducation(compose(OVERRIDES), tables)
    while model.month < 24:
        model.step()
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("view") / "run"
    settings = compose([*OVERRIDES, f"output={made}", "workers=1", "figures=false"])
    return run(settings=settings).folder


def test_places_are_numbered_as_the_model_numbers_employers(
    places: Places, live: LiveRecord
) -> None:
    employers = live.employers
    assert places.names == employers.names
    assert places.sector[: places.count].tolist() == employers.sector.tolist()
    assert places.region[: places.count].tolist() == employers.region.tolist()
    assert c.SECTORS[places.sector[-1]] == "none"


def test_the_outline_holds_the_institutions(places: Places) -> None:
    points = np.array([point for ring in outline() for point in ring])
    assert points[:, 0].min() < places.lon.min() and places.lon.max() < points[:, 0].max()
    assert points[:, 1].min() < places.lat.min() and places.lat.max() < points[:, 1].max()


def test_months_end_in_the_outcomes_of_the_year(
    live: LiveRecord, modelled: HigherEducation, places: Places
) -> None:
    series = OutcomeFollower(live, places).series(Selection(), SCALE)
    years = headline(modelled, sort_movers(modelled), 2)
    for name in FOLLOWED:
        by_year = years[name] / OUTCOMES[name].divisor(SCALE)
        assert series[name][[11, 23]] == pytest.approx(by_year), name


@pytest.mark.parametrize("chosen", CHOICES)
def test_recorded_kept_and_live_show_the_same(
    chosen: Selection, live: LiveRecord, folder: Path, places: Places
) -> None:
    source = Folder(folder, places, "2011-01", 24)
    assert source.arms() == {"baseline": [0]}
    for record in (source.record("baseline", 0), stored_copy(live)):
        shown, wanted = OutcomeFollower(record, places), OutcomeFollower(live, places)
        for name, values in wanted.series(chosen, SCALE).items():
            assert shown.series(chosen, SCALE)[name] == pytest.approx(values, nan_ok=True), name
        mine = measures.origin_destination(record, places, chosen, 3, 17)
        assert np.array_equal(mine, measures.origin_destination(live, places, chosen, 3, 17))
        moves = measures.flow_lines([record], places, chosen, 3, 17)
        assert moves and moves == measures.flow_lines([live], places, chosen, 3, 17)
        one, other = (
            measures.market_history(record, places, chosen),
            measures.market_history(live, places, chosen),
        )
        for mine, yours in zip(one, other, strict=True):
            assert np.array_equal(mine, yours, equal_nan=True)
        staff = measures.staff_by_institution(record, places, chosen, 20)
        assert np.array_equal(staff, measures.staff_by_institution(live, places, chosen, 20))


def test_margins_count_the_staff_of_the_stock(live: LiveRecord, places: Places) -> None:
    for chosen in CHOICES:
        staff = measures.staff_by_institution(live, places, chosen, 23).sum()
        for name in ("age", "contract", "hours", "jobs"):
            counted = measures.margin(live, chosen, 23, name)
            assert counted is not None and counted.sum() == staff


def test_a_recorded_run_knows_each_december(folder: Path, live: LiveRecord, places: Places) -> None:
    record = Folder(folder, places, "2011-01", 24).record("baseline", 0)
    assert sorted(record.margins) == [11, 23]
    assert [record.counted_month(month) for month in (0, 11, 15, 23)] == [11, 11, 11, 23]
    for chosen in CHOICES:
        for name in ("age", "contract", "hours", "jobs"):
            for month in (11, 23):
                mine = measures.margin(record, chosen, month, name)
                yours = measures.margin(live, chosen, month, name)
                assert mine is not None and np.array_equal(mine, yours)


def test_an_address_survives_writing_and_reading() -> None:
    view = View(
        language="nl",
        tab="person",
        month=30,
        back=12,
        period="1",
        seed=7,
        scale=0.1,
        years=3,
        chosen=Selection("hbo", "lecturer", "law", "west"),
        replications=4,
        person=2**63 + 5,
        institution=3,
        scenarios=(
            ("mine", ((0, "single_cao"), (12, "single_cao(terms_share=0.5)"))),
            ("caf\u00e9 & co", ((3, "job_swap"),)),
        ),
        open="caf\u00e9 & co",
        against="mine",
    )
    assert read_address(write_address(view)) == (view, [])
    assert write_address(DEFAULT) == "" and read_address("") == (DEFAULT, [])


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("replications=1000000", "replications"),
        ("scale=4", "scale"),
        ("scale=nan", "scale"),
        ("seed=-1", "seed"),
        ("years=1e9", "years"),
        ("month=99999999999999999999", "month"),
        ("sector=<script>", "sector"),
        ("tab=__class__", "tab"),
        ("output=/etc/passwd", "output"),
        ("data=/etc", "data"),
        ("levers=x:single_cao", "levers"),
        ("lang=${oc.env:HOME}", "lang"),
        ("person=-3", "person"),
        ("x" * 20000, "address"),
    ],
)
def test_a_hostile_address_changes_nothing_and_is_told(query: str, part: str) -> None:
    view, wrong = read_address(query)
    assert view == DEFAULT and wrong == [part]


def test_levers_survive_writing_and_reading() -> None:
    chosen = {"meet_and_greet": {"contacts": 3.0, "strength": 0.5}, "single_cao": {}}
    assert levers.read_choice(levers.write_choice(chosen)) == (chosen, [])


@pytest.mark.parametrize(
    "text",
    [
        "no_lever",
        "single_cao(terms_share=2)",
        "single_cao(nodial=1)",
        "single_cao(terms_share=nan)",
        "single_cao(terms_share=__import__)",
        "a(b(c",
        "../../etc",
    ],
)
def test_levers_that_cannot_be_are_left_out_and_told(text: str) -> None:
    chosen, wrong = levers.read_choice(text)
    assert len(wrong) == 1
    assert all(not dials for dials in chosen.values())


def test_a_lever_starts_in_the_month_it_was_switched_on() -> None:
    changes = {5: {"single_cao": {}}, 9: {"single_cao": {"budget": 1.0}, "job_swap": {}}, 12: {}}
    assert levers.overrides(changes, 4, "2011-01") == []
    assert "levers.single_cao.start='2011-06'" in levers.overrides(changes, 8, "2011-01")
    later = levers.overrides(changes, 10, "2011-01")
    assert "levers.single_cao.start='2011-06'" in later
    assert "levers.job_swap.start='2011-10'" in later and "levers.single_cao.budget=1" in later
    assert levers.overrides(changes, 30, "2011-01") == []


def test_the_file_of_settings_gives_the_same_settings(tmp_path: Path) -> None:
    words = levers.overrides({7: {"single_cao": {"budget": 0.25}}}, 9, "2011-01")
    settings, _ = levers.settings_with_levers(OVERRIDES, None, {"seed": 5}, words)
    (tmp_path / "config.yaml").write_text(config_file.config_text(settings, ["single_cao"]))
    assert compose(folder=tmp_path).yaml() == settings.yaml()


def test_policy_is_null_at_strength_zero_and_differs_with_strength(tables: ReportTables) -> None:
    def arms(strength: float) -> dict[str, np.ndarray]:
        session = Session(compose([*OVERRIDES, "years=1"]), tables)
        for _ in range(3):
            session.step()
        words = levers.overrides(
            {3: {name: {"strength": strength} for name in ("abolish_binary", "meet_and_greet")}},
            3,
            "2011-01",
        )
        session.set_levers(levers.settings_with_levers(OVERRIDES, None, {}, words)[1])
        for _ in range(6):
            session.step()
        session.publish()
        return {
            name: measures.origin_destination(arm.record, session.places, Selection(), 0, 9)
            for name, arm in session.snapshot.arms.items()
        }

    same, other = arms(0.0), arms(1.0)
    assert np.array_equal(same[BASELINE], same[POLICY])
    assert np.array_equal(same[BASELINE], other[BASELINE])
    assert not np.array_equal(other[BASELINE], other[POLICY])


def test_a_replay_of_a_policy_ends_where_the_watched_run_ends(tables: ReportTables) -> None:
    session = Session(compose(OVERRIDES), tables)
    for _ in range(4):
        session.step()
    words = levers.overrides({4: {"single_cao": {}}}, 4, "2011-01")
    session.set_levers(levers.settings_with_levers(OVERRIDES, None, {}, words)[1])
    for _ in range(6):
        session.step()
    p = session.model(POLICY).persons
    seeking = np.flatnonzero((p.present == 1) & (p.role == c.LECTURER))[:1]
    person, row = int(p.id[seeking[0]]), int(seeking[0])
    found = replay(World(OVERRIDES, None, "{}", ((4, tuple(words)),), 0), 10, person, 0)
    assert found.follower is not None and found.watcher is not None and found.months == 10
    month, state = found.follower.states[-1]
    assert month == 9 and state is not None
    for name in ("employer", "role", "contract", "hours", "search", "home"):
        assert state[name] == getattr(p, name)[row], name


def test_pictures_tell_what_they_show_and_escape(live: LiveRecord, places: Places) -> None:
    matrix = measures.origin_destination(live, places, Selection(), 0, 24)
    picture = sankey.draw([matrix, matrix * 1.1], SCALE, speak("nl"), "<b>")
    assert "<b>" not in picture.svg and "&lt;b&gt;" in picture.svg
    assert 'role="img"' in picture.svg and "aria-label" in picture.svg
    rows = {(row[0], row[1]): row[2] for row in picture.rows}
    assert rows["hbo", "hbo"] == pytest.approx(1.05 * matrix[0, 0] / SCALE, abs=0.01)
    # Moves between outside employers are not the page's topic.
    assert ("industry", "other") not in rows
    assert picture.header[:3] == ("from", "to", "persons")


def test_a_player_stops_at_the_end_and_when_paused() -> None:
    left, frames = [5], []

    def step() -> bool:
        left[0] -= 1
        return left[0] > 0

    player = Player(step, lambda: (frames.append(left[0]), player.drawn()))  # type: ignore[func-returns-value]
    player.speed = 0
    player.play()
    processes.until(lambda: not player.playing)
    assert left[0] == 0 and frames[-1] == 0 and not player.playing


def test_a_recorded_run_is_opened_with_its_settings_and_replayed(folder: Path) -> None:
    served, problems = serve_folder(folder, [])
    assert not problems and served is not None and served.kind == "run"
    assert served.settings.yaml() == compose([*OVERRIDES, "figures=false"]).yaml()
    served.prepare()
    recording = served.recording()
    assert recording.month == recording.horizon == 24 and recording.over
    recording.seek(5)
    recording.step()
    assert recording.month == 6
    moved = recording.snapshot.arms[BASELINE].record.movers()
    last = int(np.flatnonzero(moved.month <= 2)[-1])
    world = World((), None, json.dumps(served.extra), (), 0)
    found = replay(world, 3, int(moved.person[last]), None)
    assert found.follower is not None
    kinds = {(one.month, one.kind) for one in found.follower.happenings}
    month = int(moved.month[last])
    assert kinds & {(month, kind) for kind in ("joined", "left", "departed")}


def test_a_run_with_levers_is_opened_with_them(tmp_path: Path) -> None:
    words = [*OVERRIDES, "levers=[single_cao,job_swap]", "levers.single_cao.start='2011-05'"]
    words += ["levers.job_swap.reach.regions=[west]", "levers.job_swap.start='2011-03'"]
    words += ["years=1", "burn_in=2"]
    made = tmp_path / "run"
    settings = compose([*words, f"output={made}", "workers=1", "figures=false"])
    run(settings=settings)
    served, problems = serve_folder(made, [])
    assert not problems and served is not None
    assert served.settings.mapping("levers") == settings.mapping("levers")
    served.prepare()
    recording = served.recording()
    assert set(recording.snapshot.arms) == {BASELINE, POLICY}
    # A replay of the policy arm is the recorded policy.
    world = World((), None, json.dumps(served.extra), ((0, served.lever_words),), 0)
    again = replicate(world)
    now = recording.snapshot
    mine = now.arms[POLICY].record
    for start, stop in ((0, 5), (5, 12)):
        one, other = (
            measures.origin_destination(record, now.places, Selection(), start, stop)
            for record in (again, mine)
        )
        assert np.array_equal(one, other)


def _copy(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("missing", "does not exist"),
        ("file", "is a file"),
        ("empty", "holds no run"),
        ("no_manifest", "half written"),
        ("no_table", "half written: it lacks flows.parquet"),
        ("cut_table", "cannot be read"),
        ("old_column", "another version"),
        ("old_config", "another version"),
        ("bad_manifest", "cannot be read"),
        ("no_replication", "no whole replication"),
        ("part", "cut off"),
    ],
)
def test_a_folder_that_cannot_be_shown_is_told_in_words(
    fault: str, told: str, folder: Path, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    bad = tmp_path / "run"
    if fault == "file":
        bad.write_text("x")
    elif fault == "empty":
        bad.mkdir()
    elif fault != "missing":
        _copy(folder, bad)
    if fault == "no_manifest":
        (bad / "manifest.json").unlink()
    elif fault == "no_table":
        (bad / "flows.parquet").unlink()
    elif fault == "cut_table":
        (bad / "stocks.parquet").write_bytes((bad / "stocks.parquet").read_bytes()[:500])
    elif fault == "old_column":
        table = pq.read_table(bad / "flows.parquet").drop_columns(["arm"])
        pq.write_table(table, bad / "flows.parquet")
    elif fault == "old_config":
        settings = (bad / "config.yaml").read_text()
        (bad / "config.yaml").write_text(settings + "old_name: 3\n")
        content = json.loads((bad / "manifest.json").read_text())
        del content["files"]
        (bad / "manifest.json").write_text(json.dumps(content))
    elif fault == "bad_manifest":
        (bad / "manifest.json").write_text("{")
    elif fault == "no_replication":
        content = json.loads((bad / "manifest.json").read_text())
        content["replications"]["done"] = []
        (bad / "manifest.json").write_text(json.dumps(content))
    elif fault == "part":
        bad = bad.rename(tmp_path / ".run.x.part")
    served, problems = serve_folder(bad, [])
    assert served is None and told in "\n".join(map(str, problems))


def test_the_command_refuses_bad_words_all_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", "--port", "99999", "--prot", "seeed=3"]) == 2
    told = capsys.readouterr().err
    for part in (
        "from 0 to 65535",
        "--prot",
        "did you mean --port?",
        "seeed",
        "did you mean seed?",
    ):
        assert part in told
    assert main(["view", "/no/such/folder", "years=3"]) == 2
    told = capsys.readouterr().err
    assert "does not exist" in told and "years" in told
    assert main(["view", "--help"]) == 0


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("study") / "study"
    words = ["study", "study.levers=[abolish_binary,meet_and_greet]", "study.replications=2"]
    words += ["study.draws=0", "population.scale=0.02", "years=4", "burn_in=3", "engine=serial"]
    assert main([*words, f"output={made}"]) == 0
    return made


def test_a_study_is_compared_as_hesim_compare_does(study: Path) -> None:
    served, problems = serve_folder(study, [])
    assert not problems and served is not None and served.answers is not None
    answers = served.answers
    assert answers.arms() == ["abolish_binary", "meet_and_greet"]
    rows = {row["arm"]: row for row in answers.league("hbo_to_wo")}
    assert set(rows) == {"abolish_binary", "meet_and_greet"}
    against = {row["outcome"]: row for row in answers.compared("abolish_binary", "baseline")}
    row = rows["abolish_binary"]
    assert against["hbo_to_wo"]["difference"] == pytest.approx(row["difference_mean"])
    assert against["hbo_to_wo"]["low"] == pytest.approx(row["difference_low"])
    both = {row["outcome"]: row for row in answers.compared("abolish_binary", "meet_and_greet")}
    other = rows["meet_and_greet"]["difference_mean"]
    assert both["hbo_to_wo"]["difference"] == pytest.approx(row["difference_mean"] - other)
    same = answers.compared("meet_and_greet", "meet_and_greet")
    assert all(each["difference"] == 0 for each in same)
    chart = league_chart_of("", answers.league("hbo_to_wo"), "t", "u", speak("nl"))
    assert "Einde van het binaire stelsel" in chart.y.labels
    assert [entry.label for entry in chart.entries] == ["aangenomen"]
    of_arm = {row["arm"]: row for row in chart.table.rows}
    assert of_arm["abolish_binary"]["mean"] == pytest.approx(row["difference_mean"])


def test_a_study_that_is_broken_is_told(study: Path, tmp_path: Path) -> None:
    bad = _copy(study, tmp_path / "study")
    (bad / "manifest.json").write_text("{}")
    served, problems = serve_folder(bad, [])
    assert served is None and problems


def test_a_page_elsewhere_is_not_let_in() -> None:
    import asyncio

    reached: list[str] = []

    async def app(scope: dict, receive: object, send: object) -> None:
        reached.append(scope["type"])

    def ask(kind: str, host: str, origin: str | None, hosts: frozenset[str] | None = LOCAL) -> bool:
        headers = [(b"host", host.encode())]
        headers += [(b"origin", origin.encode())] if origin else []
        reached.clear()

        async def send(message: dict) -> None:
            return

        async def receive() -> dict:
            return {"type": f"{kind}.connect"}

        asyncio.run(Guard(app, hosts)({"type": kind, "headers": headers}, receive, send))
        return bool(reached)

    assert ask("http", "127.0.0.1:8765", None)
    assert ask("websocket", "localhost:8765", "http://localhost:8765")
    assert not ask("http", "evil.example", None)
    assert not ask("websocket", "127.0.0.1:8765", "http://evil.example")
    assert not ask("http", "127.0.0.1:8765", "null")
    assert ask("http", "server.of.ours", None, None)
    assert not ask("websocket", "server.of.ours", "http://evil.example", None)


SERVER = """
import os, signal
from hesim.app.worker import Workers
print(Workers().submit(os.getpid).result(), flush=True)
signal.pause()
"""


def test_a_worker_goes_when_its_server_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    server = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    orphan = psutil.Process(int(server.stdout.readline()))
    server.kill()
    server.wait()
    assert processes.gone([orphan])
    server.stdout.close()


def test_a_worker_that_ends_leaves_no_thread_and_begins_no_task() -> None:
    before = set(threading.enumerate())
    workers = Workers()
    assert workers.submit(os.getpid).result() != os.getpid()
    busy = [workers.submit(time.sleep, 600) for _ in range(4)]
    started = time.monotonic()
    workers.close()
    assert time.monotonic() - started < processes.HANG
    assert not [thread for thread in threading.enumerate() if thread not in before]
    assert all(future.done() for future in busy)
    assert workers.submit(os.getpid).cancelled()


def test_a_worker_that_was_killed_is_replaced() -> None:
    workers = Workers()
    first = workers.submit(os.getpid).result()
    with pytest.raises(WorkerFailed, match=r"^FileNotFoundError: .*no such file"):
        workers.submit(os.listdir, "no such file").result()
    with pytest.raises(WorkerFailed, match="exit code 3"):
        workers.submit(os._exit, 3).result()
    assert workers.submit(os.getpid).result() not in (first, os.getpid())
    workers.close()
