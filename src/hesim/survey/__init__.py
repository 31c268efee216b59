"""Observe a run as reality was observed: by a survey of movers."""
