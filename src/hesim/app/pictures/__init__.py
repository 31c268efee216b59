"""Pictures as SVG text: made in Python, shown by the page, downloaded as they are."""
