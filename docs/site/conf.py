"""What Sphinx reads: `python -m docs.site` runs it with this file."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from docs.site.extension import edition  # noqa: E402

from hesim import __version__  # noqa: E402
from hesim.sources import code_hash  # noqa: E402

project = "hesim"
author = "the hesim contributors"
version = release = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "docs.site.extension"]
exclude_patterns = ["site", "**/.*", "**/_*"]
root_doc = "index"
# An indented block is what somebody types, or what is printed; fences name their language.
highlight_language = "text"
# Names in docstrings stand in single backticks.
default_role = "literal"

# Headings get the anchors that code forges give them, so that one link serves both.
myst_heading_anchors = 4
# Every reference must lead somewhere, types of the Python interface too, but for those of others.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!hesim\.(run|load|Model)).*")]
suppress_warnings = ["misc.highlighting_failure"]

# Notebooks run when the site is built, and again only when they or the code of hesim changed.
nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "build" / "notebooks" / code_hash()[:16])
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 900
nb_merge_streams = True
# Nothing on the site asks another server for anything.
nb_ipywidgets_js = {}
html_math_renderer = "mathml"

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"hesim {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": [], "footer_icons": []}
html_context = {"edition": edition()}
