"""Pages with tables of a few rows, written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hesim.experiments.numbers import PageNumbers
from hesim.experiments.page_file import ResearchPage, read_page
from hesim.experiments.table_rows import page_tables

PAGE = """\
title: A page
question: What does it do?
budget: 1
studies:
  tiny: {experiment: sector_costs, small: [years=1]}
tables:
  effects: tiny.comparison
  shares: tiny.best
figures: {}
labels: {central: as things are}
"""
STUDIES = (
    "study,experiment,made_from,seed,scale,first_year,last_year,means_from,means_to,replications,"
    "draws,worlds,sampled,points,runs,arms,structures,calibrations\n"
    "tiny,sector_costs,abc,1,0.2,2011,2012,2011,2012,4,0,1,False,3,12,3,standing,production\n"
)
EFFECTS = """\
structure,arm,scenario,outcome,unit,level,level_low,level_high,level_sd_noise,grade,difference_mean,difference_low,difference_high,difference_noise_low,difference_noise_high,difference_sd_noise
standing,baseline,central,wo_to_hbo,persons a year,100.0,96.0,104.0,1.25,calibrated,,,,,,
standing,job_swap,central,wo_to_hbo,persons a year,107.0,103.0,111.0,1.25,assumed,7.0,4.0,10.0,4.0,10.0,1.0
standing,single_cao,central,wo_to_hbo,persons a year,101.0,97.0,105.0,1.25,assumed,1.0,-2.0,4.0,-2.0,4.0,1.0
growing,job_swap,central,wo_to_hbo,persons a year,80.0,76.0,84.0,1.25,assumed,-0.04,-0.4,0.32,-0.4,0.32,0.12
growing,job_swap,many,wo_to_hbo,persons a year,1180.0,1176.0,1184.0,1.25,assumed,1100.0,1096.0,1104.0,1096.0,1104.0,1.25
"""  # noqa: E501
SHARES = """\
structure,arm,title,best_percent,worlds
standing,job_swap,Swaps of jobs,62.5,8
standing,single_cao,One agreement,37.5,8
"""
TEMPLATE = """\
{% set sentence %}{{ quote("effects", arm="job_swap", structure="standing") }} more.{% endset %}
# {{ page.title }}

{{ sentence }}
"""
TABLES = {"studies": STUDIES, "effects": EFFECTS, "shares": SHARES}


def write_page_folder(
    folder: Path,
    name: str = "swaps",
    template: str = TEMPLATE,
    page: str = PAGE,
    tables: Mapping[str, str] = TABLES,
) -> ResearchPage:
    """Write a page with its tables below a folder, and read it."""
    place = folder / name
    (place / "tables").mkdir(parents=True, exist_ok=True)
    (place / "page.yaml").write_text(page, encoding="utf-8")
    (place / "page.md.jinja").write_text(template, encoding="utf-8")
    for table, text in tables.items():
        (place / "tables" / f"{table}.csv").write_text(text, encoding="utf-8")
    return read_page(place)


def numbers_of(page: ResearchPage) -> PageNumbers:
    """What hands out the numbers of a page's own tables."""
    return PageNumbers(page, page_tables(page, page.folder))
