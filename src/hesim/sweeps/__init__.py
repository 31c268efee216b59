"""Sweep over settings with Hydra's own sweepers and launchers: many runs or studies, one table."""
