"""What the help of the commands about runs on disk says."""

from __future__ import annotations

RUNS = """\
hesim runs [FOLDER] [--json] [--quiet]

List the runs and studies in outputs/, or in FOLDER, newest first: how each ended, when it began,
scale, years, replications (of a study points x replications), size on disk, and its levers or
question. `begun` is a folder that has not got its name yet: its process is running, or was killed.
--quiet prints the folders alone, a line each.

Examples
  hesim runs
  hesim runs outputs/studies --json"""

VERIFY = """\
hesim verify RUN [--files] [--json] [--quiet]

Say whether a run is what hesim wrote, and whether it comes out again. Each file is hashed anew and
held against the manifest. Then the run is simulated anew in a temporary folder, and its tables are
compared, row by row where the bytes differ. The exit code is 0 if all agrees, 1 if something
differs, and 2 if it cannot be verified. Of a study the files alone are looked at.

  --files   hash the files alone, simulate nothing
  --quiet   say only whether it agrees

Examples
  hesim verify outputs/runs/my_run
  hesim verify my_run --files"""

CLEAN = """\
hesim clean [FOLDER] [--yes] [--json] [--quiet]

List what of hesim's own files nobody needs any more, in outputs/ or in FOLDER, and remove it with
--yes. That is:

  - runs that failed or were interrupted
  - folders that a run or study had begun whose process was killed
  - temporary folders of processes that have ended
  - compiled code of other states of hesim that no process uses

The last two lie outside of outputs/, so that they are left alone where a FOLDER is named.

Nothing else is touched: no folder that hesim did not write, none in which somebody put a file, no
link, and no study, since hesim resume goes on with those. --quiet says only how much it is.

Examples
  hesim clean
  hesim clean outputs/runs --yes"""

OF_RUNS = {"runs": RUNS, "verify": VERIFY, "clean": CLEAN}
