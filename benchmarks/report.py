"""Show what was measured: as text, as JSON and as the Markdown of benchmarks/RESULTS.md."""

from __future__ import annotations

from typing import Any

from benchmarks.part import BUSY, MISSED, Bar, Figure, Measured, Options, Part

NOT_A_MEASUREMENT = "Smoke run at tiny sizes: it shows that the parts work and measures nothing."


def part_body(
    part: Part, measured: Measured, options: Options, load: tuple[float, float]
) -> dict[str, Any]:
    """Make the JSON body of one part.

    Args:
        part: The part.
        measured: What it gave.
        options: How it was run.
        load: Load average before and after.
    """
    bars = {bar.key: bar for bar in part.bars}
    keys = [*bars, *(key for key in measured.figures if key not in bars)]
    return {
        "name": part.name,
        "about": part.about,
        "skipped": measured.skipped,
        "load": list(load),
        "figures": [
            _figure(key, bars.get(key), measured.figures.get(key), options) for key in keys
        ],
        "facts": measured.facts,
    }


def _figure(key: str, bar: Bar | None, figure: Figure | None, options: Options) -> dict[str, Any]:
    body: dict[str, Any] = {
        "key": key,
        "about": bar.about if bar else key,
        "unit": bar.unit if bar else "",
        "bar": bar.words() if bar else "",
        "must": bar.must if bar else None,
        "goal": bar.goal if bar else None,
        "verdict": bar.verdict(figure, options.quick) if bar else "",
    }
    if figure is None:
        return {**body, "min": None, "median": None, "max": None, "values": [], "cpu_share": None}
    return {
        **body,
        "min": figure.low,
        "median": figure.median,
        "max": figure.high,
        "values": list(figure.values),
        "cpu_share": None if figure.share is None else round(figure.share, 3),
    }


def text_of(body: dict[str, Any]) -> str:
    """Print one part: a line for each bar, then the facts."""
    before, after = body["load"]
    lines = ["", f"{body['name']}: {body['about']} (load {before:.2f}, then {after:.2f})"]
    if body["skipped"]:
        lines.append(f"  skipped: {body['skipped']}")
        return "\n".join(lines)
    for figure in body["figures"]:
        lines.append(
            f"  {figure['about']:50} {_spread(figure):26} {figure['bar']:24} "
            f"{figure['verdict']}".rstrip()
        )
        if figure["cpu_share"] is not None:
            lines.append(f"  {'':50} CPU {figure['cpu_share']:.0%} of wall time")
    lines += [f"    {name}: {_short(value)}" for name, value in body["facts"].items()]
    return "\n".join(lines)


def whole(
    bodies: list[dict[str, Any]],
    options: Options,
    machine: dict[str, str],
    versions: dict[str, str],
) -> dict[str, Any]:
    """Make the whole JSON body."""
    return {
        "quick": options.quick,
        "rounds": options.rounds,
        "machine": machine,
        "versions": versions,
        "parts": bodies,
    }


def markdown(everything: dict[str, Any]) -> str:
    """Write the whole as Markdown."""
    lines = ["# Results of the benchmarks", ""]
    if everything["quick"]:
        lines += [f"**{NOT_A_MEASUREMENT}**", ""]
    lines += [
        "Made by `uv run python -m benchmarks --markdown benchmarks/RESULTS.md`; what each part "
        "counts stands at the top of its module in `benchmarks/parts/`.",
        f"Median of {everything['rounds']} interleaved rounds, with minimum and maximum.",
        "",
        *(f"- {name}: {value}" for name, value in everything["machine"].items()),
        "- versions: " + ", ".join(f"{k} {v}" for k, v in everything["versions"].items()),
        "",
        "| Part | Measured | min - median - max | must / goal | Verdict |",
        "|---|---|---|---|---|",
    ]
    for body in everything["parts"]:
        if body["skipped"]:
            lines.append(f"| {body['name']} | | | | skipped: {body['skipped']} |")
            continue
        for figure in body["figures"]:
            row = (body["name"], figure["about"], _spread(figure), figure["bar"], figure["verdict"])
            lines.append("| " + " | ".join(row) + " |")
    for body in everything["parts"]:
        if body["facts"]:
            lines += ["", f"## {body['name']}", "", f"{body['about']}.", ""]
            lines += [f"- {name}: {_short(value)}" for name, value in body["facts"].items()]
            lines.append(
                f"- load average: {body['load'][0]:.2f} before, {body['load'][1]:.2f} after"
            )
    return "\n".join(lines) + "\n"


def good(bodies: list[dict[str, Any]]) -> bool:
    """Whether no bar was missed and no figure is invalid."""
    bad = {MISSED, BUSY}
    return not any(figure["verdict"] in bad for body in bodies for figure in body["figures"])


def _spread(figure: dict[str, Any]) -> str:
    if figure["median"] is None:
        return "-"
    return " - ".join(_short(figure[which]) for which in ("min", "median", "max"))


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
