"""What `hesim --help` and the help of each command say."""

from __future__ import annotations

GENERAL = """\
hesim: simulate labour mobility in Dutch higher education, person by person

  hesim run [key=value ...]      simulate 2011 to 2020 at full scale, and write the results
  hesim check [key=value ...]    validate settings without running: all errors at once
  hesim config [name]            list what can be set: default, range, unit, source
  hesim tables [number]          list the report's tables, or print one
  hesim view [FOLDER]            watch a run in the browser, live or from its folder
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

VIEW = """\
hesim view [FOLDER] [--port N] [--host H] [--no-open] [--config DIR] [key=value ...]

Open a page in the browser on a run: one that runs live with the settings given, or one that was
recorded in FOLDER. The page needs no network. Ctrl-C ends it.

  --port N       port (8765; 0 takes one that is free)
  --host H       address to listen on (127.0.0.1: nobody but this machine)
  --no-open      only print the address
  heldout=true   show the report's figures that are held out of calibration

Examples
  hesim view
  hesim view population.scale=0.1 seed=2
  hesim view outputs/runs/my_run --port 9000 --no-open"""

OF_COMMAND = {"run": RUN, "check": CHECK, "config": CONFIG, "tables": TABLES, "view": VIEW}
