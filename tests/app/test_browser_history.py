"""What the browser's history holds, and what a package in a link stands for."""

from __future__ import annotations

from hesim.app.address import View, read_address, write_address
from hesim.app.browser_history import BrowserHistory
from hesim.app.levers import ready_packages


def test_tabs_and_scenarios_are_moves_and_nothing_else_is() -> None:
    history, view = BrowserHistory(), View(tab="flows", open="mine")
    history.note(view, {"month": 4, "language": "nl", "scenarios": ()})
    history.note(view, {"tab": "flows", "open": "mine"})
    assert history.moves == 0
    history.note(view, {"tab": "staff"})
    history.note(view, {"open": "other", "against": "mine"})
    assert history.moves == 2
    with history.resting():
        history.note(view, {"tab": "market"})
    assert history.moves == 2
    history.note(view, {"against": "mine"})
    assert history.moves == 3


def test_a_package_in_a_link_is_a_scenario_from_the_first_month() -> None:
    view, wrong = read_address("?package=exchange&lang=nl&package=terms")
    assert not wrong
    (name, changes), (other, _) = view.scenarios
    assert (view.open, name, other) == (name, "Aan beide kanten werken", "Arbeidsvoorwaarden")
    [(month, text)] = changes
    assert month == 0 and set(text.split(",")) == set(ready_packages()["exchange"])
    again, wrong = read_address(write_address(view))
    assert again == view and not wrong and "package=" not in write_address(view)


def test_a_package_that_there_is_not_is_told_and_left_out() -> None:
    view, wrong = read_address("?package=nothing&levers=0:job_swap")
    assert wrong == ["package"] and view.open == "mine"
    assert read_address("?package=exchange&package=exchange")[1] == ["package"]
