"""What `hesim --help` and the help of each command say."""

from __future__ import annotations

from hesim.cli.help_project import OF_PROJECTS
from hesim.cli.help_runs import OF_RUNS
from hesim.cli.help_studies import OF_STUDIES

GENERAL = """\
hesim: simulate labour mobility in Dutch higher education, person by person

  hesim run [key=value ...]      simulate 2011 to 2020 at full scale, and write the results
  hesim levers [name]            list the 34 levers, or explain one
  hesim check [key=value ...]    check settings of a run or a study: all errors at once
  hesim config [name]            list what can be set: value, range, unit, source
  hesim tables [number]          list the report's tables, or print one
  hesim validate [calibration]   how far the calibration can be trusted, and what may be quoted
  hesim calibrate [key=value ...]  fit the model to the survey again (an hour)
  hesim runs [FOLDER]            list runs and studies on disk: levers, scale, date, status, size
  hesim verify RUN               hash a run's files, simulate it anew and compare
  hesim clean [FOLDER]           list what can go: failed and interrupted runs, old caches
  hesim study [key=value ...]    sweep levers and uncertainties, and keep every row
  hesim resume STUDY             take up a study that was stopped or killed
  hesim compare STUDY            answer a study; compare RUN1 RUN2: what two runs differ in
  hesim query FOLDER ["SQL"]     ask a study or a run in SQL
  hesim report FOLDER            write a run or a study up as one HTML file
  hesim barriers [key=value ...] take apart what stands between wo and hbo
  hesim worth-knowing STUDY      what to measure next, for a choice between a study's arms
  hesim dose NAME [key=value ...]  follow a lever's effect over the share that takes part
  hesim reproduce NAME           make a page of experiments/ again, and compare its numbers
  hesim view [FOLDER]            watch a run in the browser, live or from its folder
  hesim init FOLDER              begin a folder of your own: a question, a lever, a notebook
  hesim docs                     open the documentation in the browser, without a network
  hesim completion SHELL         let Tab complete commands, settings and levers
  hesim COMMAND --help           more on one command
  hesim --version

Examples
  hesim run
  hesim run years=5 population.scale=0.1 seed=2 output=my_run
  hesim run levers=single_cao,meet_and_greet
  hesim config model.search
  hesim tables 3.5

In Python: import hesim; run = hesim.run(years=5, scale=0.1); run.summary"""

RUN = """\
hesim run [--config DIR] [--order] [--json] [--quiet] [key=value ...]
hesim run --from RUN [--force] [key=value ...]

Simulate, and write tables, figures and the settings used to a new folder.

  years=10            simulated years           replications=4    repeats, other random numbers
  start=2011-01       first month               seed=1            where randomness comes from
  population.scale=1  1 is full scale           workers=2         processes (null: one a processor)
                      From 0.1 on rates are within 3% of full scale. Below that a warning says how
                      far outcomes are off, and below 0.005 force=true is needed.
  output=FOLDER       a new folder              export=xlsx       tables as csv or xlsx too
  heldout=true        show tables 3.1 and 1.1   check=true        show what the model must meet
  data=DIR            CSV files that replace    figures=false     draw no figures
                      the report's tables       profile=true      milliseconds by event
  levers=A,B          run a policy beside the baseline, paired; `hesim levers` lists them
  levers.A.DIAL=0.5   set a lever's dial, dates, reach or strength (force=true: out of range)
  attribution=true    what each mechanism of the policy causes
  without=A,B         switch mechanisms of the policy off
  --config DIR        settings files of yours, laid over packaged ones of the same name; a lever
                      with a process of your own has it in DIR/processes, see docs/modelling.md
  --order             print the order of events in a month, and stop
  --from RUN          run again what stands in a run's folder, or with a change. The tables are the
                      same to the byte. Where code, tables or settings are others it refuses and
                      says which; --force runs it all the same
  --json              print the result as JSON      --quiet   do not say what goes on
  -m                  a run for each combination of values, as seed=1,2 (docs/studies.md, Sweeps)
  scale=0.1           is short for population.scale=0.1, in all commands

Results go to stdout, and what goes on goes to stderr.
Everything else that can be set: hesim config

Examples
  hesim run years=2 population.scale=0.1 replications=1   # a tenth of the persons: 10 times faster
  hesim run model.outside.attention=20 output=outputs/less_attention
  hesim run export=csv,xlsx
  hesim run --from outputs/runs/my_run seed=2"""

CHECK = """\
hesim check [--config DIR] [--json] [--quiet] [key=value ...]

Check settings without simulating. Where they say something of a study (study.*, +experiment=NAME),
the study is planned, and refused as `hesim study` would refuse it: levers, uncertainties, outcomes,
designs, structures, draws, budgets, folder. Prints every error with the value, what is allowed and
the nearest valid name; exit code 0 when all is well and 2 when not. Then it prints what you set,
and warns of what is legal and makes no sense, such as a lever that starts after the end. Where
settings or tables differ from the packaged ones, a small model is made too: values may be allowed
one by one, and not together.

  --json    print what was set, and warnings, as JSON     --quiet   say only whether all is valid

Files of yours are read strictly. Settings (YAML) have plain values: no 010, 1_000, yes, dates,
aliases, tags or ${...}. Tables are CSV in UTF-8, with commas and a decimal point.

Examples
  hesim check years=-1 seeed=3 start=2011-13
  hesim check study.levers=single_cao,job_swap study.draws=40"""

CONFIG = """\
hesim config [--config DIR] [name] [key=value ...] [--json | --csv | --markdown | --quiet]
hesim config --schema [settings|levers|model.choice|...]

List what can be set, with value, unit, meaning, range, label and source. A name shows only what
lies under it. Labels: data (from the report), derived (from it, by arithmetic), prior, assumed
(nobody knows), setting (of the run).

The name of one setting also shows what set its value: a file, the calibration, or the command
line. Of a fitted setting it shows what the calibration says, and the value without a calibration.
`hesim config labels` counts settings by label, for each structure.
Words such as calibration=none, levers=A or model.choice.sector_cost=1 are taken into account.

  --csv, --markdown   the same as a table: value, unit, range, label, source, what set it
  --quiet             names and values alone, a line each
  --schema            JSON Schema for editors: of files that set from the top (config.yaml,
                      experiments), of a lever's file, or of files below a path (docs/studies.md)

Examples
  hesim config
  hesim config population.scale
  hesim config model.choice
  hesim config model.choice.sector_cost calibration=blind
  hesim config labels
  hesim config --csv > settings.csv
  hesim config --schema levers > lever.schema.json"""

TABLES = """\
hesim tables [number] [data=DIR] [--csv | --json]

List the tables of the report that ship with hesim, or print one: 1.1, 2.1, 2.2, 3.1 to 3.5,
macro, institutions, partnerships, recommendations, context.

  --csv, --json   the same for other programs

Examples
  hesim tables
  hesim tables 3.5"""

VALIDATE = """\
hesim validate [blind|production] [--full] [--json] [--quiet] [--figures] [key=value ...]

Say in about ten sentences how far a calibration can be trusted, and what may be quoted: a ranking
of levers, the size of an effect, the level of a flow, hbo's share of PhDs. Each verdict follows a
rule that docs/trace.md writes down. Without a name it is the calibration that runs use. Figures of
tables 3.1 and 1.1 are always those of the blind one, which never saw them; that another one agrees
with them is called fitted. Each look at the report's tables is logged: in docs/holdout-looks.csv of
a checkout, elsewhere in a folder of your own.

  --full               all tables too: inputs, fitted, held out, and each figure beside its bar
  --json               sentences, verdicts and tables for programs
  --quiet              print the verdicts alone
  --figures            draw them in outputs/calibration/figures
  structure=growing    that of another structure
  calibration=FOLDER   one of yours, as `hesim calibrate data=FOLDER` leaves it
  data=FOLDER          the tables that it was fitted to

Examples
  hesim validate
  hesim validate structure=growing --full
  hesim validate blind --json
  hesim validate calibration=outputs/calibration/mine data=mine"""

CALIBRATE = """\
hesim calibrate [--quiet] [key=value ...]
hesim calibrate --export [blind | production] [structure=NAME] [calibration=FOLDER] [output=FILE.nc]

Fit the model to the survey and write the result into the package: the posterior's draws, what each
showed in a run of its own, and the point that settings take. Runs are kept in parts: a stopped
calibration goes on where it was. Needs the extra `hesim[calibrate]`.

  name=production   blind never sees tables 3.1 and 1.1    workers=1     processes
  stage=all         all, inputs, fit, identification,      output=DIR    where its runs are kept
                    recovery, morris, joints, claims,      structure=standing  or growing
                    falsify
  design=300        runs of the first design               refine=150    more near the posterior
  confirm=200       draws that are run in each round       draws=200     of them shipped
  scale=0.4         of all runs but those at the end       years=4       years, after burn_in=24
  final_scale=1     of the runs at the best point

  data=FOLDER       tables of a survey of your own: the whole chain, into the output; then
                    calibration=OUTPUT data=FOLDER in every command

The stage `falsify` calibrates to surveys that never were, and fails when preferences do not follow
them. The stage `inputs` sets the default inputs (conf/model/inputs.yaml) and comes before `all`.
Other stages need what `all` shipped; each writes NAME_STAGE.json beside it and goes on where it was
stopped. With two workers a calibration takes 15 to 20 minutes, screening (morris) 10, the
others 2 to 15. Production learns from the blind calibration's runs: do that one first.
What goes on is said on stderr; --quiet leaves that out.

Everything else, priors included: conf/calibration/plan/STRUCTURE.yaml

--export writes a calibration for ArviZ, outputs/calibration/NAME.nc: prior, posterior, what each
draw showed, what was observed, and diagnostics. It needs the extra `hesim[analysis]`.

Examples
  hesim calibrate name=blind workers=2
  hesim calibrate --export blind
  hesim calibrate stage=recovery"""

LEVERS = """\
hesim levers [--config DIR] [name] [--recommendations | --mechanisms | --reach] [--json]

List the levers with grade, reach and the number of recommendations that each stands for. A name
explains one. Every effect size is assumed unless its grade says otherwise.

  --recommendations   all ideas of the report, with the lever that stands for each
  --mechanisms        what a dial can act on, for a lever of your own
  --reach             names of institutions and partnerships for reach

Examples
  hesim levers
  hesim levers single_cao
  hesim run levers=single_cao levers.single_cao.pay_alignment=0.5"""

VIEW = """\
hesim view [FOLDER] [--port N] [--host H] [--token WORD] [--visitors N] [--no-open]
           [--config DIR] [key=value ...]

Open a page in the browser on a run: one that runs live with the settings given, or one that was
recorded in FOLDER. The page needs no network. Ctrl-C ends it.

  --port N       port (8765; 0 takes one that is free)
  --host H       address to listen on (127.0.0.1: nobody but this machine; 0.0.0.0: all who can
                 reach it). Others need the token that is printed in the address
  --token WORD   set that token, 16 characters at least, so that links last after a restart; or
                 set HESIM_TOKEN, which no list of processes shows. Asked for on this machine too
  --visitors N   how many pages may be open at a time (10)
  --no-open      only print the address
  heldout=true   show the report's figures that are held out of calibration

Examples
  hesim view
  hesim view population.scale=0.1 seed=2
  hesim view outputs/runs/my_run --port 9000 --no-open
  hesim view --host 0.0.0.0 --visitors 20"""

OF_COMMAND = {
    "run": RUN,
    "view": VIEW,
    "levers": LEVERS,
    "check": CHECK,
    "config": CONFIG,
    "tables": TABLES,
    "validate": VALIDATE,
    "calibrate": CALIBRATE,
    **OF_STUDIES,
    **OF_PROJECTS,
    **OF_RUNS,
}
