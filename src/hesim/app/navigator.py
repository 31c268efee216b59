"""Give Solara's navigator a script that browsers can read.

Its template says `modules.export` for `module.exports`. Browsers then warn and read the script in
a way of long ago. Nothing else of it is changed.
"""

from __future__ import annotations

from pathlib import Path

MISTAKEN, MEANT = "modules.export =", "module.exports ="


def mended(template: str) -> str:
    """A template with its script exported as browsers expect; one without the slip stays as it is.

    Args:
        template: Text of a Vue component.
    """
    return template.replace(MISTAKEN, MEANT)


def mend_navigator() -> None:
    """Have Solara make its navigator of the mended template."""
    import reacton
    import solara
    import traitlets
    from solara import widgets

    text = mended(Path(widgets.Navigator.template_file).read_text(encoding="utf-8"))

    class MendedNavigator(widgets.Navigator):
        """Solara's navigator, with its template as text."""

        template_file = None

        @traitlets.default("template")
        def _mended_template(self) -> str:
            return text

    solara.Navigator = reacton.core.ComponentWidget(MendedNavigator)
