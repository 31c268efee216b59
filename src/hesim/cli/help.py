"""What `hesim --help` and the help of each command say."""

from __future__ import annotations

GENERAL = """\
hesim: simulate labour mobility in Dutch higher education, person by person

  hesim run [key=value ...]      simulate 2011 to 2020 at full scale, and write the results
  hesim check [key=value ...]    validate settings without running: all errors at once
  hesim config [name]            list what can be set: default, range, unit, source
  hesim tables [number]          list the report's tables, or print one
  hesim study [key=value ...]    sweep levers and uncertainties; resume, query, compare, report
  hesim COMMAND --help           more on one command
  hesim --version

Examples
  hesim run
  hesim run years=5 population.scale=0.1 seed=2 output=my_run
  hesim config model.search
  hesim tables 3.5

In Python: import hesim; run = hesim.run(years=5, scale=0.1); run.summary"""

RUN = """\
hesim run [--config DIR] [--order] [key=value ...]

Simulate, and write tables, figures and the settings used to a new folder.

  years=10            simulated years           replications=4    repeats, other random numbers
  start=2011-01       first month               seed=1            where randomness comes from
  population.scale=1  1 is full scale           workers=2         processes (null: one a processor)
  output=FOLDER       a new folder              export=xlsx       tables as csv or xlsx too
  heldout=true        show tables 3.1 and 1.1   check=true        show what the model must meet
  data=DIR            CSV files that replace    figures=false     draw no figures
                      the report's tables       profile=true      milliseconds by event
  --config DIR        settings files of yours; they replace packaged ones of the same name
  --order             print the order of events in a month, and stop

Everything else that can be set: hesim config

Examples
  hesim run years=2 population.scale=0.02 replications=1
  hesim run model.search.attention=20 output=outputs/less_attention
  hesim run 'export=[csv,xlsx]'"""

CHECK = """\
hesim check [--config DIR] [key=value ...]

Validate settings without running. Prints every error with the value, what is allowed and the
nearest valid name; exit code 0 when all is well and 2 when not.

Example
  hesim check years=-1 seeed=3 start=2011-13"""

CONFIG = """\
hesim config [--config DIR] [name]

List what can be set, with default, unit, meaning, range, label and source. A name shows only what
lies under it. Labels: data (from the report), derived (from it, by arithmetic), prior, assumed
(nobody knows), setting (of the run).

Examples
  hesim config
  hesim config population.scale
  hesim config model.choice"""

TABLES = """\
hesim tables [number] [data=DIR]

List the tables of the report that ship with hesim, or print one: 1.1, 2.1, 2.2, 3.1 to 3.5,
macro, institutions, partnerships, recommendations, context.

Examples
  hesim tables
  hesim tables 3.5"""

STUDY = """\
hesim study [+experiment=NAME] [--dry-run] [--config DIR] [key=value ...]

Run levers under uncertain settings, with common random numbers, and keep every row in one folder.
The plan is shown first, with the time that it takes; a study survives being killed.

  study.levers=[a,b+c]       arms beside the baseline; b+c is a combination
  study.uncertainties=[...]  settings that vary: path, path:low:high or path:a|b|c
  study.scenarios=[p:v,...]  structural scenarios, answered beside one another
  study.design=list          list, grid, lhs, sobol or morris; study.n=64 is its size
  study.draws=50             draws of the calibrated ensemble
  study.replications=8       of each point; study.precision=5 adds some until that is reached
  study.outcome=wo_to_hbo    the outcome that the answer is about
  engine=processes           serial, processes, dask (engine.address=tcp://...) or slurm
  engine.time_limit=600      seconds, and engine.memory_limit=2000 MB, that a run may take
  output=FOLDER              a new folder          --dry-run   show the plan and stop
Everything of `hesim run` can be set too: population.scale, years, seed, workers ...

Examples
  hesim study +experiment=sector_costs population.scale=0.02
  hesim study study.uncertainties=[model.choice.sector_cost:0.5:3] study.design=lhs study.n=32"""

RESUME = """\
hesim resume FOLDER [--retry-failed] [--force] [key=value ...]

Take up a study that was stopped or killed; nothing is run twice. With other code, data or
settings it refuses and says what differs; --force starts a new study beside it instead.

  study.replications=16      more replications       --retry-failed  runs that failed, again
  engine=dask workers=8      other engines

Example
  hesim resume outputs/studies/my_study workers=2"""

QUERY = """\
hesim query FOLDER [--csv] ["SQL"]

Ask a study in SQL (DuckDB). Without SQL the views and their columns are listed.

Examples
  hesim query my_study
  hesim query my_study "select outcome, avg(value) from results group by outcome" --csv"""

COMPARE = """\
hesim compare FOLDER [study.outcome=...] [study.better=more|less] [study.threshold=0]

Answer a study: paired differences with 95% intervals, split in parameter uncertainty and Monte
Carlo noise, sensitivity, regret and scenario discovery; each as table, CSV and figure in
FOLDER/answers.

Example
  hesim compare my_study study.outcome=hbo_to_wo"""

REPORT = """\
hesim report FOLDER [output=FILE.html]

Write a run or a study up as one HTML file that needs no network: question, answer, figures,
assumptions with grades, provenance, and how to do it again.

Example
  hesim report my_study output=my_study.html"""

OF_COMMAND = {
    "run": RUN,
    "check": CHECK,
    "config": CONFIG,
    "tables": TABLES,
    "study": STUDY,
    "resume": RESUME,
    "query": QUERY,
    "compare": COMPARE,
    "report": REPORT,
}
