"""The events of a month: each is a function of state, rates, streams and effects."""
