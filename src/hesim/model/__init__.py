"""The monthly model: persons in columns, institutions as agents, events in a printed order."""
