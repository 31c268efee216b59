"""Titles of settings and structures, in both languages and complete."""

from __future__ import annotations

import pytest

from hesim.app.lever_words import lever_heading
from hesim.app.settings_words import dutch_settings, setting_title
from hesim.app.speakers import speaker
from hesim.app.words import speak
from hesim.calibration.titles import STRUCTURES, path_title, structure_title
from hesim.config.folders import options, packaged_places
from hesim.config.schema import read_schema
from hesim.sources import packaged

pytestmark = pytest.mark.once
ROOMS = ("model", "population", "survey")
"""Groups of settings that a study may vary, beside the levers' own."""


def test_every_setting_that_a_study_may_vary_has_a_dutch_title_and_no_other() -> None:
    paths = {each.path for each in read_schema(packaged()).meanings}
    wanted = {path for path in paths if path.partition(".")[0] in ROOMS}
    of_levers = {path for path in dutch_settings() if path.startswith("levers.")}
    assert dutch_settings().keys() - of_levers == wanted and of_levers <= paths
    assert all(title.strip() == title and title for title in dutch_settings().values())


def test_a_setting_is_named_by_its_title_with_the_keys_of_its_stars() -> None:
    english, dutch = speak("en"), speak("nl")
    fitted, fixed = "model.choice.sector_cost", "model.choice.distance_cost"
    assert setting_title(fitted, english) == path_title(fitted)
    assert setting_title(fitted, dutch) == "kosten van een stap tussen hbo en wo"
    assert setting_title(fixed, dutch) == "kosten van de weg naar het werk"
    pay = "model.choice.pay.lecturer"
    assert setting_title(pay, dutch) == f"brutoloon van een voltijdbaan ({dutch('lecturer')})"
    dial = "levers.meet_and_greet.contacts"
    for words in (english, dutch):
        assert setting_title(dial, words).startswith(f"{lever_heading('meet_and_greet', words)}: ")
        assert speaker(words).setting(dial) == setting_title(dial, words)
    share = setting_title("levers.meet_and_greet.reach.share", dutch)
    assert share.endswith(": aandeel dat meedoet")


def test_structures_have_titles_in_one_place_and_in_both_languages() -> None:
    assert STRUCTURES.keys() == set(options(packaged_places())["structure"])
    english, dutch = speaker(speak("en")), speaker(speak("nl"))
    for name, title in STRUCTURES.items():
        assert structure_title(name) == english.structure(name) == title
        assert structure_title(f"{name}:blind") == f"{title} (blind)"
        assert dutch.structure(f"{name}:blind") == f"{dutch.structure(name)} (blind)"
        assert dutch.structure(name) not in (name, title)
    assert structure_title("my_own") == "my own"
