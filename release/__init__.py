"""Prepare a release: metadata for catalogues and archives, the changelog, wheel, sdist and tag.

`uv run poe metadata` writes CITATION.cff, codemeta.json, publiccode.yml and .zenodo.json from
pyproject.toml, and the address of contact into CODE_OF_CONDUCT.md and SECURITY.md.
`uv run poe release 1.0.0` tries a release in a copy of the repository.
docs/publishing.md says more.
"""
