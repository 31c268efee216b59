"""Let `python -m hesim` do what the command `hesim` does."""

from hesim.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
