"""The running text of docs/levers.md; `document` puts the levers' own words between it."""

from __future__ import annotations

HEAD = """\
# The levers

A lever is something that policy could do. This page says for each lever what it does, who takes
part, what it costs and what to expect.

**The size of a lever is typed in and not found.** Most sizes are assumed, and each says so with its
grade. What follows from a lever (moves, PhDs in hbo, times to fill a vacancy) comes out of the
model. Such a result carries the weakest grade that entered. The range of every dial includes zero,
and `strength=0` is the baseline exactly.

    hesim levers                                     # all, with grade, reach and number of ideas
    hesim levers single_cao                          # one of them
    hesim levers --recommendations                   # the report's ideas, with the levers for each
    hesim run levers=single_cao,meet_and_greet       # policy beside baseline, paired
    hesim run levers=awareness levers.meet_and_greet.start=2015-01
    hesim run levers=joint_research attribution=true

This page is generated from `conf/levers/` and the docstrings of `src/hesim/levers/`.
`uv run python -m hesim.levers.document` prints it, and a test keeps it current.

## What every lever has

| Entry | Meaning |
|---|---|
| `start`, `end` | first and last month, as `2014-01`; `end: null` is the end of the run |
| `ramp` | months over which the dials rise |
| `fade` | share of the effect that is lost each year |
| `strength` | 0 to 1; scales every dial but lengths and limits (`not scaled` below) |
| `reach` | `regions`, `institutions`, `partnerships`, `fields`, `roles` (empty: all) and `share` |
| `costs` | what it takes, item by item ([more](#what-a-lever-takes)) |
| `expect` | what a reader may expect, and on which evidence ([more](#what-to-expect)) |
| each dial | a size of the lever; `dials` tells what it acts on, range, grade, source, prior |

`reach.share` is the share that takes part. What it is a share of depends on `taking_part`:

| `taking_part` | Who takes part |
|---|---|
"""

GRADED = {
    "R": "a figure or a rule of the report itself",
    "P": "a public figure of the same instrument in the Netherlands",
    "T": "evidence from elsewhere: another country, another instrument, other people",
    "A": "assumed or reasoned; no figure was found",
}
"""What each grade means, for a reader."""

PRIORS = """
A grade says what a value rests on. The `prior` says how sure the value is.

## What is believed of a dial

The `prior` of a dial is what is believed of its size before anybody has measured it. It is a
distribution, with a sentence that gives the reason. A run takes the value that stands in the file.
A study with `study.dials=prior` draws the dials from their priors, and draws the parameters of the
model too. Its intervals then hold what is not known of either.

| Shape | What its numbers are |
|---|---|
| `lognormal`, `normal`, `beta` | `low` and `high`: one in twenty lies below, one in twenty above |
| `triangular` | `low` and `high` are the ends, `mode` is the top |
| `uniform` | `low` and `high` are the ends |
| `fixed` | not drawn: the dial says what the lever is, not how strong it is |

Whatever lies outside of the dial's range is cut off.

## What a lever takes

Each item of a cost has a unit, such as a participant. A unit takes three things: working days of
those who take part (`days`), working days of others (`hosts`), and money that is spent (`euros`).
Below, "1 + 0.25 days, 75 euros" names them in this order. The cost of a unit is their sum. It lies
in its range with a chance of 90%.

A working day is priced at {day} euros: a lecturer of hbo costs 75,000 euros a year (2014) for 207
days. Prices are of 2014 unless another year is named.

A **transfer** moves money from one party to another and uses no resources. It is told apart and is
in no sum of costs. `costs.csv` of a run has all items by year, at full scale.

| `per` | What a unit is |
|---|---|
{units}

| `pays` | Who that is |
|---|---|
{payers}

## What to expect

Each lever says what evidence there is of its effect (`expect`). This is no setting, so nothing in
the model reads it. Where something is known or can be reasoned, two ranges stand beside it:

| Range | What it is of |
|---|---|
{figures}

A long test runs a small study of the levers that have a range. The persons must lie in their range.
The 95% interval of the crossings must overlap with theirs.
"""

IDEAS = """
## What the report recommends

The conference and chapter 5 hold {count} recommendations, and the report asks one question itself.
Each stands below with its source: a session of the conference with a colour, or a section. The
lever beside it stands for it. `Fit` says how well, and `dose` at which strength. A dose of 0.25 is
an idea a quarter the size of the lever, such as a lunch beside a day of meeting. A second lever
stands for what the first leaves out. The idea is then both, at that strength.

| Fit | Meaning | Ideas |
|---|---|---|
{fits}

An exact idea has the dose 1 and no second lever. A principle has no lever and no dose.

**No lever stands for a teaching certificate**, as the report names no certificate and no course
before a post. It asks for introduction, training and coaching after the step (5.2), which is
`introduction_programme`. What a certificate costs where a hogeschool asks less practice is an item
of `strategic_recruitment`. Posts that ask for one are a setting of the model
(`model.requirements.asked.certificate`).

| Source | Idea | Lever | Fit | Dose |
|---|---|---|---|---|
"""

OWN = """
## A lever of your own

A lever of your own needs a YAML file and no Python, if its dials act on known
[mechanisms](#mechanisms).

1. Make a folder with `levers/my_lever.yaml`. It is best to copy a file of `conf/levers/`.

2. Write `# @package levers.my_lever` as the first line.

3. Give the words (`title` to `taking_part`), dates, reach and strength.

4. Give each dial as `name: default`. Describe it under `dials:` with what it `acts` on, `min` and
   `max` (zero included), `unit`, `grade`, `source` and `about`. Lengths and limits need
   `scaled: false` too.

5. Run it with `hesim run --config FOLDER levers=my_lever`.

Three entries may be left out. Without `costs` no cost of the lever is known. Without `expect`
nothing is said of what to expect. Without `prior` a dial may lie anywhere in its range, most likely
at its default.

A file without that first line is a ready package: `defaults:` lists its levers, and the rest sets
their dials. A file that is neither is refused.

## Mechanisms

A mechanism is something of the model that a dial can change. `hesim levers --mechanisms` prints the
same list.

| Acts on | Meaning |
|---|---|
"""

TOGETHER = """
## Levers that act together

No lever overwrites another.

| What several levers do | How it is joined |
|---|---|
| add chances or shares | 1 - (1 - a)(1 - b) |
| multiply by factors | the factors are multiplied |
| add points, contacts or utilities | they are added |
| keep newcomers | each lever does so for its own months |
| make a vacancy larger and smaller | it becomes larger |
| act on `terms` | refused, as both would close the same gap |

A lever that acts in no month of a run is no error. `hesim check`, `hesim run` and `hesim study`
warn of it.
"""

COSTS = """
| Cost | Per | Euros | Range | Made of | Pays | Grade | Evidence |
|---|---|---|---|---|---|---|---|"""

DIALS = """
| Dial | Value | Of what | Acts on | Range | Believed | Grade | What it rests on |
|---|---|---|---|---|---|---|---|"""
