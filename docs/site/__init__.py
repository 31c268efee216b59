"""Build the site from docs/: `uv run --group docs python -m docs.site`.

`navigation` says which page stands where, `reference` writes the pages that are read off the code,
`links` checks and lists links, `extension` adds to pages what only the site shows, `conf` is what
Sphinx reads, and `__main__` builds.
"""
