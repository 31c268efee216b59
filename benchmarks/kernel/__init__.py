"""The search-and-choice kernel in C, beside which the model's own is measured."""
