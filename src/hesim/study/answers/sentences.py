"""Print the answers of a study: the league, what matters and what is robust."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.levers.cost import DAY
from hesim.levers.titles import arm_title, titles_of
from hesim.study.answers.barrier_sentences import barrier_sentences, tell_shares
from hesim.study.answers.best_sentences import best_sentences, tell_best
from hesim.study.answers.components import varies
from hesim.study.answers.dose_sentences import dose_sentences, tell_doses
from hesim.study.answers.effects import records
from hesim.study.answers.equal_effort import effort_sentences, tell_efforts
from hesim.study.answers.participants import participant_answers, participant_screen
from hesim.study.answers.phrases import change_words, doubt, titled
from hesim.study.answers.question import main_rows
from hesim.study.answers.speaker import ENGLISH, Speaker
from hesim.study.answers.structure_sentences import range_table, structure_sentences
from hesim.study.answers.worth import price_of
from hesim.study.dials import PRIOR
from hesim.study.points import CENTRAL
from hesim.study.unpriced import AT_LEAST
from hesim.survey.crossings import DIRECT

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer

Say = Callable[[str], None]
MOST = 40
WIDTH = 48
"""Letters of the column with the titles of an arm."""


def tell(made: Answer, say: Say) -> None:
    """Say the answer in a sentence, then the tables."""
    for line in sentences(made):
        say(line)
    if "barriers" in made.tables:
        tell_shares(made.tables, say)
    if made.comparison.empty:
        return
    if "dose" in made.tables:
        tell_doses(made.tables["dose"], say)
        return
    if made.parts:
        say("\nAll structures: difference from the baseline, lowest to highest")
        say(_text(range_table(made)))
        tell_best(made, say, _text)
    for name, part in (made.parts or {"": made}).items():
        _tell_leagues(part, name, say)
        _tell_tables(part, name, say)
    _tell_variance(made, say)
    for note in made.notes:
        say(f"Note: {note}")


def _tell_leagues(made: Answer, structure: str, say: Say) -> None:
    """Print the league of each scenario."""
    comparison = made.comparison
    for scenario in dict.fromkeys(comparison.get("scenario", ())):
        rows = main_rows(comparison, made.outcome, scenario)
        if rows.empty or "difference_mean" not in rows:
            continue
        where = [part for part in (structure, scenario) if part not in ("", CENTRAL)]
        of = "".join(f", {part}" for part in where)
        say(f"\n{made.outcome}{of}: difference from the baseline, {made.unit}")
        say(
            f"{'arm':{WIDTH}}{'difference':>11}  {'95% interval':24}{'of which noise':18}"
            f"{'parameters':>11}  grade"
        )
        for row in records(rows.head(MOST)):
            say(_line(row))


def _tell_tables(made: Answer, structure: str, say: Say) -> None:
    """Print what else is known: what matters, and what is robust."""
    of = f"{structure}: " * bool(structure)
    for name, heading in (
        ("sensitivity", f"What matters ({arm_title(made.best)}):"),
        ("robustness", "Across worlds, least worst regret first:"),
        ("best", "How likely each arm is the best, to do nothing being one of the choices:"),
        ("lever_shares", "Each lever's share of what they do together (Shapley values):"),
        ("discovery", f"Where {arm_title(made.best)} goes beyond {made.threshold:g} (PRIM):"),
    ):
        if name in made.tables:
            say(f"\n{of}{heading}")
            say(_text(made.tables[name].drop(columns=["unit", "usual"], errors="ignore")))
    for line in (*participant_screen(made), *participant_answers(made)):
        say(line)
    if "equal_effort" in made.tables:
        say(f"\n{of}What each arm spends a year, against the effort that all may spend:")
        tell_efforts(made.tables["equal_effort"], say)
    _tell_worth(made, of, say)
    _tell_ranks(made, of, say)


def _tell_worth(made: Answer, of: str, say: Say) -> None:
    """Print what each arm costs a year, and for each additional unit of the outcome."""
    table = made.tables.get("worth")
    if table is None:
        return
    what = price_of(made.outcome, made.unit, made.better)
    say(f"\n{of}Cost a year, and for {what}; days at {DAY:g} euros, transfers left out:")
    say(f"{'arm':{WIDTH}}{'euros a year':>14}  {'range':28}{'days':>10}  for each")
    for row in records(table):
        price, least = row["words"], AT_LEAST * bool(row["at_least"])
        if not price and least:
            price = f"{least}{row['euros_each']:,.0f} euros, {least}{row['days_each']:,.1f} days"
        elif not price:
            ends = f"{row['euros_low']:,.0f} to {row['euros_high']:,.0f}"
            price = f"{row['euros_each']:,.0f} euros ({ends}), {row['days_each']:,.1f} days"
        elif row["euros_low"] is not None and not math.isnan(row["euros_low"]):
            price = f"{price}; if any, {row['euros_low']:,.0f} euros at least"
        span = f"{row['cost_low']:,.0f} to {row['cost_high']:,.0f}"
        span = f"from {row['cost_low']:,.0f} on" if least else span
        cost, days = f"{least}{row['cost']:,.0f}", f"{least}{row['days']:,.0f}"
        moved = f"; moves {row['transfers']:,.0f}" * bool(row["transfers"])
        figures = f"{cost:>14}  {span:28}{days:>10}  {price}{moved}"
        say(_beside(str(row["arm"]), figures))


def _tell_variance(made: Answer, say: Say) -> None:
    """Print what the uncertainty about each effect comes from."""
    table = made.tables.get("variance")
    if table is None:
        return
    say("\nWhat is not known of an effect comes from (percent of the variance of one world):")
    say(_text(table))


def _tell_ranks(made: Answer, of: str, say: Say) -> None:
    """Print with which parameters effects go over the draws."""
    ranks = made.tables.get("draw_ranks")
    if ranks is None:
        return
    sure = ranks[ranks["told"]]
    count, draws = ranks["parameter"].nunique(), int(ranks["draws"].max())
    if sure.empty:
        say(
            f"\n{of}Over {draws} draws no effect goes with one of {count} parameters so clearly "
            "that it cannot be chance."
        )
        return
    say(f"\n{of}With what effects go over {draws} draws (rank correlation, told from none):")
    say(_text(sure.drop(columns=["told", "draws"])))


def _text(frame: pd.DataFrame) -> str:
    """The first rows of a table as text."""
    shown = titled(frame.head(MOST))
    return shown.to_string(index=False, na_rep="-", float_format="{:.3g}".format)


def sentences(made: Answer, say: Speaker = ENGLISH) -> list[str]:
    """The answer in few sentences, with intervals and grades, and at what effort it holds.

    Args:
        made: The answers.
        say: Language.
    """
    if "barriers" in made.tables:
        return barrier_sentences(made.tables, say)
    if "dose" in made.tables:
        return dose_sentences(made.tables["dose"], made.outcome, say)
    effort = effort_sentences(made.study, made.tables.get("equal_effort"), say)
    return [*_about_arms(made, say), *effort]


def _about_arms(made: Answer, say: Speaker) -> list[str]:
    """What arms do, in few sentences."""
    comparison = made.comparison
    if comparison.empty:
        return [say("No run of this study is whole yet.")]
    if made.parts:
        part, *others = made.parts.values()
        return structure_sentences(made, say) if others else _about_arms(part, say)
    rows = main_rows(comparison, made.outcome)
    base = records(
        comparison[
            (comparison["outcome"] == made.outcome)
            & (comparison["scenario"] == CENTRAL)
            & (comparison["arm"] == BASELINE)
        ]
    )
    said: list[str] = []
    if base:
        said.append(_baseline(base[0], made, say))
    if rows.empty or "difference_mean" not in rows:
        return [*said, *_what_matters(made, say)]
    if not _any_effect(rows):
        same = (
            say(
                "The arm {arm} changes it in no run: the difference from the baseline is zero "
                "throughout.",
                arm=say.arm(made.best),
            )
            if len(rows) == 1
            else say(
                "None of the {count} arms changes it in any run: the difference from the baseline "
                "is zero throughout.",
                count=len(rows),
            )
        )
        return [*said, same]
    best = records(rows[rows["arm"] == made.best])[0]
    direct = _direct(made, made.best, "difference_mean")
    sure = int(rows["difference_distinguishable"].sum())
    change = change_words(best["difference_mean"], say)
    ends = say.ends(best["difference_low"], best["difference_high"])
    said.append(
        say(
            "{does}{straight}; effect sizes: {grade}.",
            does=f"{_of_arms(len(rows), sure, best, made, say)}{change}{ends}{doubt(best, say)}",
            straight=""
            if direct is None
            else say("; the change from job to job is {change}", change=say.write(direct, "+,.1f")),
            grade=say.grade(best["grade"]),
        )
    )
    split = _split(best, made, say)
    split = f"{split[:1].upper()}{split[1:]}." if not sure else split
    return [
        *said,
        _counted(sure, len(rows), split, say) if sure else split,
        *best_sentences(made, say),
    ]


def _baseline(one: dict[str, Any], made: Answer, say: Speaker) -> str:
    """The outcome without levers."""
    name = say.outcome(made.outcome)
    if math.isnan(one["level"]):
        return say("Without levers {name} has no figure, in any run.", name=name)
    direct = _direct(made, BASELINE, "level")
    straight = (
        ""
        if direct is None
        else say(", of whom {direct} from job to job", direct=say.write(direct, ",.1f"))
    )
    return say(
        "Without levers {name} is {level} {unit}{ends}{straight}, mean of {years}, {grade}.",
        name=name,
        level=say.write(one["level"], ",.1f"),
        unit=say.name(made.unit),
        ends=say.ends(one["level_low"], one["level_high"]),
        straight=straight,
        years=say.years(*made.study.years),
        grade=say.grade(one["grade"]),
    )


def _counted(sure: int, count: int, split: str, say: Speaker) -> str:
    """Of how many arms the effect can be told from zero."""
    chance = say.write(0.05 * count, ".1f")
    luck = say(" ({chance} would be by chance)", chance=chance) if count > 4 else ""
    return say(
        "The effect of {sure} of {count} is distinguishable from zero{luck}; {split}.",
        sure=sure,
        count=count,
        luck=luck,
        split=split,
    )


def _direct(made: Answer, arm: str, column: str) -> float | None:
    """What a column says of those who go from job to job; None where no crossing is counted."""
    comparison = made.comparison
    mine = comparison[
        (comparison["outcome"] == DIRECT.get(made.outcome))
        & (comparison["scenario"] == CENTRAL)
        & (comparison["arm"] == arm)
    ]
    found = float(mine[column].iloc[0]) if len(mine) else math.nan
    return None if math.isnan(found) else found


def _any_effect(rows: pd.DataFrame) -> bool:
    """Whether any arm differs from the baseline anywhere."""
    columns = ("difference_mean", "difference_low", "difference_high")
    values = [0.0, *(float(value) for name in columns for value in rows[name])]
    return varies(values)


def _split(best: dict[str, Any], made: Answer, say: Speaker) -> str:
    """How much of the uncertainty is of parameters, or why that is not known."""
    share, arm = best["difference_share_parameters"], say.arm(made.best)
    if not math.isnan(share):
        drawn = made.study.settings["study"].get("dials") == PRIOR
        of = say("parameters and dials") if drawn else say("parameters")
        return say(
            "{percent}% of the uncertainty about {arm} is of {of}, which more replications cannot "
            "lessen",
            percent=f"{100 * share:.0f}",
            arm=arm,
            of=of,
        )
    if best["difference_worlds"] < 2:
        return say("parameters were not varied, so their uncertainty comes on top")
    if best["difference_replications"] < 2:
        return say("one replication does not tell noise from parameters")
    return say("the effect of {arm} is the same in all worlds and replications", arm=arm)


def _of_arms(
    count: int, sure: int, best: dict[str, Any], made: Answer, say: Speaker = ENGLISH
) -> str:
    """Whether the best arm is any good, in words."""
    good = best["difference_mean"] * (1 if made.better == "more" else -1) > 0
    known = not math.isnan(best["difference_low"])
    arm = say.arm(made.best)
    if count == 1:
        return say("The arm {arm} ", arm=arm)
    if not sure and known:
        return say(
            "The effect of none of {count} arms is distinguishable from zero; {arm} comes "
            "nearest: it ",
            count=count,
            arm=arm,
        )
    if good:
        return say("Of {count} arms {arm} does best: it ", count=count, arm=arm)
    return say(
        "None of {count} arms gives {better} of it; {arm} comes nearest: it ",
        count=count,
        better=say.name(made.better),
        arm=arm,
    )


def _what_matters(made: Answer, say: Speaker) -> list[str]:
    frame = made.tables.get("sensitivity")
    if frame is None or frame.empty:
        return []
    if "effect" in frame:
        return [constant_sentence(frame, made, say)]
    size = next(name for name in ("mean", "total", "mu_star") if name in frame)
    first = max(records(frame), key=lambda row: abs(row[size]))
    number = abs(first[size]) if size == "mean" else first[size]
    what = {
        "mean": "it changes it by up to {number} {unit}",
        "total": "its total Sobol index is {number}",
        "mu_star": "its mean absolute elementary effect is {number} {unit}",
    }[size]
    values = {
        "setting": say.name(str(first["uncertainty"])),
        "what": say(
            what,
            number=say.write(number, ".2f" if size == "total" else ",.1f"),
            unit=say.name(made.unit),
        ),
    }
    if _clear(first, size):
        return [say("Of what was varied, {setting} matters most: {what}.", **values)]
    return [
        say(
            "Nothing that was varied has an effect that is distinguishable from none; {setting} "
            "comes nearest: {what}.",
            **values,
        )
    ]


def constant_sentence(frame: pd.DataFrame, made: Answer, say: Speaker = ENGLISH) -> str:
    """What a study says whose worlds are all alike."""
    first = records(frame)[0]
    what = say.outcome(made.outcome)
    if made.best != BASELINE:
        what = say("the effect of {arm} on {what}", arm=say.arm(made.best), what=what)
    count = len(frame)
    varied = (
        say("the setting that was varied")
        if count == 1
        else say("all {count} settings that were varied", count=count)
    )
    return say(
        "{what} is {value} {unit} in all {worlds} worlds: {varied} changed nothing, so none "
        "matters more than another.",
        what=f"{what[:1].upper()}{what[1:]}",
        value=say.write(first["value"], ",.3g"),
        unit=say.name(made.unit),
        worlds=first["worlds"],
        varied=varied,
    )


def _clear(row: dict[str, Any], size: str) -> bool:
    """Whether the interval of an effect or index leaves zero out; True when there is none."""
    if size == "mean":
        return not row["low"] <= 0 <= row["high"]
    half = row[f"{size}_half"]
    return math.isnan(half) or row[size] > half


def _line(row: dict[str, Any]) -> str:
    low, high = row["difference_low"], row["difference_high"]
    ends = "" if math.isnan(low) else f"{low:,.2f} to {high:,.2f}"
    noise = row["difference_sd_noise"]
    around = "" if math.isnan(noise) else f"se {noise:,.2f}"
    share = row["difference_share_parameters"]
    parameters = "" if math.isnan(share) else f"{100 * share:.0f}%"
    sure = "" if row["difference_distinguishable"] or not ends else "; not distinguishable"
    return _beside(
        str(row["arm"]),
        f"{row['difference_mean']:11,.2f}  {ends:24}{around:18}"
        f"{parameters:>11}  {row['grade']}{sure}",
    )


def _beside(arm: str, figures: str) -> str:
    """Figures beside the title of an arm; its further levers have lines of their own."""
    first, *others = titles_of(arm)
    return "\n".join([f"{first:{WIDTH}}{figures}", *(f"  + {title}" for title in others)])
