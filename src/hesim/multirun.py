"""Sweep coarse axes with Hydra's own `--multirun`: one run or study for each combination.

`python -m hesim.multirun --multirun seed=1,2 years=1 population.scale=0.02`. Within one study
points cost milliseconds; a job here costs a second, so this is for a handful of combinations.
"""

from __future__ import annotations

import sys
from typing import Any

from hesim.process import signals

QUIET = (
    "hydra.output_subdir=null",
    "hydra/job_logging=disabled",
    "hydra/hydra_logging=disabled",
    "hydra.run.dir=.",
    "hydra.sweep.dir=outputs/multirun",
    "hydra.sweep.subdir=.",
)
"""Hydra's logging and folders are off: runs and studies have their own."""


def job(config: Any) -> str:
    """Do one job: a study if its settings ask for one, else a run.

    Args:
        config: What Hydra composed; only the overrides behind it are used, since hesim composes
            and checks settings itself.

    Returns:
        The folder that it left.
    """
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.hydra_config import HydraConfig

    overrides = [str(line) for line in HydraConfig.get().overrides.task]
    print(f"hesim multirun: {' '.join(overrides)}", file=sys.stderr, flush=True)
    # hesim composes with Hydra too, which allows one at a time; the sweep needs it no more.
    GlobalHydra.instance().clear()
    study = config.get("study", {})
    asks = ("levers", "uncertainties", "scenarios", "draws")
    if any(study.get(key) for key in asks):
        from hesim.study.launch import start

        made = start(overrides, show=True)
        assert made is not None
        return str(made.folder)
    from hesim.api import run
    from hesim.scenario import compose

    return str(run(settings=compose(overrides), show=True).folder)


def main() -> None:
    """Hand over to Hydra."""
    import hydra

    from hesim.config.composition import stored
    from hesim.config.nodes import packaged_nodes

    sys.argv += QUIET
    sweep = hydra.main(version_base="1.3", config_path=None, config_name="config")(job)
    try:
        with signals.interrupts(), stored(packaged_nodes()):
            sweep()
    except KeyboardInterrupt:
        print(f"hesim multirun: {signals.words()}", file=sys.stderr)
        sys.exit(signals.exit_code())


if __name__ == "__main__":
    main()
