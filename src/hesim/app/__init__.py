"""Watch a run in the browser: `hesim view`, on Solara, from this machine alone."""
