"""Calibrate the model to the survey, judge it on what it never saw, and ship the uncertainty."""
