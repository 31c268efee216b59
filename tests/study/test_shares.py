"""Shares that take part, and the dials by which some go on beyond 1."""

from __future__ import annotations

import re
from pathlib import Path

import lever_worlds as worlds
import pytest

from hesim.levers.catalogue import Description, catalogue, describe
from hesim.levers.processes import PROCESSES
from hesim.levers.registry import MECHANISMS
from hesim.study.arms import Arm, compose_study
from hesim.study.shares import arm_with_shares, dial_beyond, largest_share, values_at

VOLUMES = {
    "doctoral_track": ("grants", 14.2857),
    "job_swap": ("volunteers", 200.0),
    "joint_appointment": ("offers", 100.0),
    "secondment": ("volunteers", 200.0),
}
"""The dial of each lever that says how many take part, and the largest share: max by value."""

WORLD = ("population.scale=0.1", "years=3", "burn_in=3", "start=2013-07")


def about(lever: str, **dials: float) -> Description:
    body = worlds.settings(lever).mapping("levers")[lever]
    return describe(lever, {**body, **dials})


def arm(lever: str) -> Arm:
    _, [_, made] = compose_study([f"study.levers=[{lever}]"])
    return made


def test_a_volume_is_a_parameter_of_its_mechanism_with_a_process() -> None:
    named = {each.name: each.volume for each in MECHANISMS.values() if each.volume}
    assert named.keys() <= PROCESSES.keys()
    assert all(name in MECHANISMS[mechanism].parameters for mechanism, name in named.items())


def test_shares_go_on_beyond_everybody_where_a_dial_says_how_many_take_part() -> None:
    found = {each.key: each for each in catalogue() if each.volume is not None}
    assert {key: (each.volume.name, largest_share(each)) for key, each in found.items()} == VOLUMES
    assert {largest_share(each) for each in catalogue() if each.key not in VOLUMES} == {1.0}


def test_the_page_tells_how_far_each_goes() -> None:
    text = Path("docs/effort.md").read_text(encoding="utf-8")
    part = text.partition("### Shares above 1")[2].partition("\n#")[0]
    rows = re.findall(r"\| `(\w+)` \| `(\w+)` \| (\S+) \| (\S+) \| (\S+) \|", part)
    told = {lever: (dial, *map(float, more)) for lever, dial, *more in rows}
    dials = {each.key: each.volume for each in catalogue() if each.volume is not None}
    assert told == {
        lever: (dial, dials[lever].default, dials[lever].high, largest)
        for lever, (dial, largest) in VOLUMES.items()
    }


def test_the_dial_in_force_counts() -> None:
    assert largest_share(about("secondment", volunteers=0.004)) == 50.0
    assert largest_share(about("secondment", volunteers=0.2)) == 1.0
    assert largest_share(about("secondment", volunteers=0.0)) == 1.0


@pytest.mark.parametrize(
    ("acts", "beside"),
    [("awareness.gain", False), ("invitation.seekers", True), ("secondment.volunteers", False)],
)
def test_what_does_something_else_beside_ends_at_everybody(acts: str, beside: bool) -> None:
    body = worlds.settings("joint_appointment").mapping("levers")["joint_appointment"]
    more = {**body["dials"]["fte"], "acts": acts}
    mixed = describe("mine", {**body, "dials": {**body["dials"], "fte": more}})
    assert (mixed.volume is not None) == beside
    assert largest_share(mixed) == (100.0 if beside else 1.0)


def test_a_share_is_in_reach_up_to_everybody_and_then_in_the_dial() -> None:
    offers = about("joint_appointment")
    share, dial = "levers.joint_appointment.reach.share", "levers.joint_appointment.offers"
    assert values_at(offers, 0.4) == {share: 0.4}
    assert values_at(offers, 1.0) == {share: 1.0}
    assert values_at(offers, 2.5) == {share: 1.0, dial: 0.0075}
    assert values_at(offers, 100.0) == {share: 1.0, dial: 0.3}
    grants = values_at(about("doctoral_track"), 14.2857)
    assert grants["levers.doctoral_track.grants"] == 0.05
    assert [dial_beyond(offers, each) for each in (0.5, 1.0, 1.01)] == ["", "", "offers"]


def test_an_arm_at_a_share_leaves_all_else_and_its_own_settings_alone() -> None:
    usual = arm("joint_appointment")
    [before] = usual.settings.values()
    [body] = arm_with_shares(usual, {"joint_appointment": 3.0}, "more").settings.values()
    assert before["offers"] == 0.003
    assert {name for name in body if body[name] != before[name]} == {"offers"}
    [half] = arm_with_shares(usual, {"joint_appointment": 0.5}).settings.values()
    assert {name for name in half if half[name] != before[name]} == {"reach"}
    assert half["reach"] == {**before["reach"], "share": 0.5}


def test_three_times_the_share_starts_about_three_times_as_many() -> None:
    started = {}
    for share in (1.0, 3.0):
        # Four times the usual dial, so that a small world has enough to count.
        values = values_at(about("joint_appointment", offers=0.02), share)
        more = {"levers.joint_appointment.offers": 0.02} | values
        typed = tuple(f"{path}={value}" for path, value in more.items())
        model = worlds.world("joint_appointment", more=typed, small=WORLD)
        started[share] = worlds.counts(model, "started")
    assert started[1.0] > 15.0
    assert started[3.0] / started[1.0] == pytest.approx(3.0, rel=0.3)
