"""What the help of the commands about studies says."""

from __future__ import annotations

STUDY = """\
hesim study [+experiment=NAME] [--dry-run] [--config DIR] [--json] [--quiet] [key=value ...]

Run levers under uncertain settings, with common random numbers, and keep every row in one folder.
The plan is shown first, with the time that it takes; a study survives being killed.

  study.levers=a,b+c         arms beside the baseline; b+c is a combination
  study.uncertainties=A,B    settings that vary: path, path:low:high or path:a|b|c
  study.scenarios=p:v,...    structural scenarios, answered beside one another
  study.structures=a,b       structures, each with its own calibration (hesim config structure)
  study.design=list          list, grid, lhs, sobol or morris; study.n=64 is its size
  study.budget=1e6           euros a year that each arm spends, or study.days=10000 working days
  study.draws=50             draws of the calibrated ensemble
  study.replications=8       of each point; study.precision=5 adds some until that is reached
  study.outcome=wo_to_hbo    the outcome that the answer is about
  engine=processes           serial, processes, dask (engine.address=tcp://...) or slurm
  engine.time_limit=600      seconds, and engine.memory_limit=2000 MB, that a run may take
  output=FOLDER              a new folder          --dry-run   show the plan and stop
  -m                         a study for each combination of values (docs/studies.md, Sweeps)
Everything of `hesim run` can be set too: population.scale, years, seed, workers ...

Examples
  hesim study +experiment=sector_costs population.scale=0.1
  hesim study study.uncertainties=model.choice.sector_cost:0.5:3 study.design=lhs study.n=32"""

BARRIERS = """\
hesim barriers [--dry-run] [--config DIR] [--json] [--quiet] [key=value ...]
hesim barriers FOLDER [output=DIR] [--json] [--quiet]

Take apart what stands between wo and hbo, in both directions: what each barrier of the model
contributes, by Shapley values over every combination of barriers that are switched off, with
intervals over draws of the posterior and structures. Writes tables, a figure and a sentence for
each direction into FOLDER/answers. It is a study, so it survives being killed: hesim resume FOLDER,
then hesim barriers FOLDER. What each barrier means and what cannot be told: docs/barriers.md.

  structures=growing   structures asked, each with its own calibration, or structure:calibration;
                       unset all that are shipped with a calibration of their own
  draws=8              draws of the posterior of each         replications=1   of each
  names=all            barriers: familiarity, visibility, preferences, requirements, terms,
                       status_and_content, distance, posts
  population.scale=0.1, years=3, seed, workers, output and all else as for hesim study
  --json               print the answer as JSON      --quiet   do not say what goes on

Eight draws of one structure take about eleven minutes on two processors that are free.

Examples
  hesim barriers workers=2
  hesim barriers structures=first,first:blind draws=16 output=my_barriers"""

DOSE = """\
hesim dose NAME [--dry-run] [--config DIR] [--json] [--quiet] [key=value ...]
hesim dose FOLDER [output=DIR] [--json] [--quiet]

Follow the effect of a lever over the share that takes part, from half of the usual one to ten times
it: effects with 95% intervals against the share, euros and working days a year. Writes a table, a
figure and a sentence into FOLDER/answers. It is a study, so it survives being killed:
hesim resume FOLDER, then hesim dose FOLDER. See docs/effort.md.

  shares=0.01,0.1,1    shares that take part, instead of the usual ones; above 1 where the lever has
                       a dial that says how many take part: 2 offers places to twice as many
  outcome=wo_to_hbo    whose change is the effect
  draws=8              draws of the posterior       replications=8   of each share
  structures=a,b       structures, each with a curve of its own
  population.scale=0.2, years, seed, workers, output and all else as for hesim study
  --json               print the answer as JSON      --quiet   do not say what goes on

Examples
  hesim dose meet_and_greet workers=2
  hesim dose career_event shares=0.05,0.1,0.2 draws=8 output=my_doses"""

RESUME = """\
hesim resume FOLDER [--retry-failed] [--force] [--json] [--quiet] [key=value ...]

Take up a study that was stopped or killed; nothing is run twice. With other code, data or
settings it refuses and says what differs; --force starts a new study beside it instead, with the
study's own settings and files. Damaged files are made again where the others say what they held.

  study.replications=16      more replications       --retry-failed  runs that failed, again
  engine=dask workers=8      other engines
  --json                     print how it ended      --quiet         do not say what goes on

Example
  hesim resume outputs/studies/my_study workers=2"""

QUERY = """\
hesim query FOLDER [--csv | --json] [--quiet] ["SQL"]

Ask a study or a run one question in SQL (DuckDB). Without SQL the views and their columns are
listed; those of a run are its tables, and `differences` of its policy from the baseline. A question
only reads: it reaches no file and changes nothing. --csv prints the answer as CSV. --quiet leaves
out the warning that a part is missing; the exit code still says it.

Examples
  hesim query my_study
  hesim query my_study "select outcome, avg(value) from results group by outcome" --csv
  hesim query my_run "from outcomes where outcome = 'wo_to_hbo'" --json"""

COMPARE = """\
hesim compare FOLDER [study.outcome=...] [study.better=more|less] [study.threshold=0] [output=DIR]
hesim compare FOLDER --by DIMENSION [output=DIR] [--json] [--quiet]
hesim compare RUN1 RUN2 [arm=...] [output=DIR] [--force] [--by DIMENSION]

Answer a study: paired differences with 95% intervals, split in parameter uncertainty and Monte
Carlo noise, sensitivity, regret and scenario discovery; each as table, CSV and figure in
FOLDER/answers. With output=DIR they go there, as for a study in a folder that you may only read.

  --by DIMENSION   crossings and staff by region, age, sex, field or role instead, of a study, a run
                   or two runs

Of two runs, say what the second has more than the first, by year and over all, with 95% intervals:
the policy of a run with levers, and the baseline of others (arm=baseline, policy or difference
chooses). Replications are paired where seed and population agree. Runs of other scales, years or
versions of the model are not comparable and refused; --force compares the years that both have.
Nothing is written without output=DIR.

  --json    print the answer as JSON          --quiet   print no answer, only write it

Examples
  hesim compare my_study study.outcome=hbo_to_wo
  hesim compare my_study --by field
  hesim compare /shared/study output=my_answers
  hesim compare my_run my_policy_run"""

REPORT = """\
hesim report FOLDER [output=FILE.html] [--json] [--quiet]

Write a run or a study up as one HTML file that needs no network: question, answer, figures,
assumptions with grades, provenance, and how to do it again. --json says where it is.

Example
  hesim report my_study output=my_study.html"""

WORTH_KNOWING = """\
hesim worth-knowing FOLDER [--json] [--quiet] [key=value ...]

Say what would be worth most to know before one chooses between the arms of a finished study, doing
nothing being one of the choices: each fitted parameter, each dial, groups of them, the structure,
and surveys. Values are in the unit of the outcome, as persons a year that the choice brings more.
They are found by regression on the runs that the study has; nothing is simulated. A study needs 20
worlds (study.draws=20), and study.dials=prior for the dials. Writes worth_knowing.csv and a figure
into FOLDER/answers. With value or budget, costs count, and it writes worth_knowing_net.csv and a
figure. See docs/studies.md.

  study.outcome=wo_to_hbo    what the choice is about; study.better=more or less of it
  arms=a,b                   choose between these arms alone
  movers=1000                movers whom a survey asks for origin and destination
  asked=1000                 members of staff who are asked whether they consider the other sector
  vacancies=1000             vacancies that are followed until they are filled
  value=50000                euros that an additional one is worth: the choice then takes the arm
                             with the largest effect times this, less its cost
  budget=1e6                 euros a year that an arm may cost at most
  output=DIR                 write there
  --json                     print the answer as JSON; --quiet prints nothing

Examples
  hesim worth-knowing my_study arms=meet_and_greet,joint_appointment movers=500
  hesim worth-knowing my_study value=50000 budget=1e6"""

REPRODUCE = """\
hesim reproduce [NAME ... | all] [--small] [--write | --text] [--folder DIR] [--json] [--quiet]
                [key=value ...]

Make a page of experiments/ again and compare every number of it with what comes out: the same to
the digit, within Monte Carlo error, or outside. Without a name, list the pages with their
questions, studies and budgets. A study is reused if it is whole and was made from the same
settings, data and code; one that was stopped is taken up again. Studies lie in outputs/reproduce,
and so do the pages that are made. Needs the extra `hesim[reproduce]`. See docs/studies.md.

  --small        the same from small studies, compared to the digit: shows that the page can be made
  --write        write text, numbers, tables and figures into the folder of the page (with --small
                 small.csv alone)
  --text         run nothing: write the text again from the tables that are there
  --folder DIR   pages of another folder than that of the repository
  seed=2         other random numbers               small=true   the same as --small
  workers=2      processes                          output=DIR   where studies and pages go
  --json         print verdicts as JSON             --quiet      do not say what goes on

Exit codes: 0 no number is outside, 1 some are or there is nothing to compare with, 2 bad input.

Examples
  hesim reproduce
  hesim reproduce partnerships workers=2
  hesim reproduce partnerships seed=2
  hesim reproduce --small all"""

OF_STUDIES = {
    "study": STUDY,
    "barriers": BARRIERS,
    "dose": DOSE,
    "resume": RESUME,
    "query": QUERY,
    "compare": COMPARE,
    "report": REPORT,
    "worth-knowing": WORTH_KNOWING,
    "reproduce": REPRODUCE,
}
