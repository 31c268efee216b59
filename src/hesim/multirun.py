"""Sweep with Hydra's own `--multirun`: one run or study for each combination.

`python -m hesim.multirun --multirun seed=1,2 years=1 population.scale=0.02` does the same as
`hesim run -m seed=1,2 years=1 population.scale=0.02`. Within one study points cost milliseconds; a
job here costs a second, so this is for a handful of combinations.
"""

from __future__ import annotations

import sys

from hesim.input.problems import ConfigErrors
from hesim.process import signals
from hesim.sweeps.words import FLAGS


def main() -> int:
    """Do a sweep, and give its exit code: 1 if a job is not whole, 2 for bad input."""
    from hesim.sweeps.launch import sweep

    words = [word for word in sys.argv[1:] if word not in FLAGS]
    try:
        return sweep(None, words)
    except ConfigErrors as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"hesim multirun: {signals.words()}", file=sys.stderr)
        return signals.exit_code()


if __name__ == "__main__":
    sys.exit(main())
