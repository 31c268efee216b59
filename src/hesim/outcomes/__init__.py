"""The headline outcomes of a run: what each is called, what it means and what computes it."""
