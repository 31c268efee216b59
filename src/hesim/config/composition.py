"""Let Hydra say which files settings are composed of, and lay them over one another.

Hydra reads the lists of defaults and the choices of the command line. The values themselves need
no parser, no folder on disk and nothing of Hydra's own that could resolve or instantiate them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock

from hesim.config.nodes import Nodes
from hesim.config.trees import Tree, laid_over

_ONE_AT_A_TIME = RLock()
"""Hydra keeps what it composes from in one place for the whole process."""


class NotComposed(Exception):
    """Hydra could not compose; the message is its own, in one line."""


_OF_HYDRA = (AssertionError, AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What Hydra itself ends in over files that it does not understand."""


def order(nodes: Nodes, choices: Sequence[str] = ()) -> tuple[str, ...]:
    """The files that settings are composed of, by their place; each is laid over those before it.

    Args:
        nodes: All files that there are.
        choices: Overrides that choose options of groups.

    Raises:
        NotComposed: Hydra did not understand them.
    """
    from hydra import initialize
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from hydra.types import RunMode
    from omegaconf.errors import OmegaConfBaseException

    try:
        with stored(nodes, values=False), initialize(config_path=None, version_base="1.3"):
            loader = GlobalHydra.instance().config_loader()
            found = loader.compute_defaults_list("config", list(choices), RunMode.RUN)
    except (HydraException, OmegaConfBaseException, *_OF_HYDRA) as error:
        raise NotComposed(" ".join(str(error).split())) from error
    places = (f"{entry.config_path}.yaml" for entry in found.defaults)
    return tuple(place for place in places if place in nodes)


def overlay(nodes: Nodes, places: Sequence[str]) -> Tree:
    """What files amount to that are laid over one another in this order."""
    made: Tree = {}
    for place in places:
        made = laid_over(made, nodes[place].tree())
    return made


@contextmanager
def stored(nodes: Nodes, values: bool = True) -> Iterator[None]:
    """Put files where Hydra finds them, beside its own, and take them away again.

    Args:
        nodes: The files.
        values: Put their settings there too, not only the files that they build on.
    """
    from hydra.core.config_store import ConfigStore
    from hydra.core.plugins import Plugins

    # Plugins add files of their own when they are found, which happens once.
    Plugins.instance()
    with _ONE_AT_A_TIME:
        store = ConfigStore.instance()
        before = store.repo
        store.repo = {
            name: dict(inside) if isinstance(inside, dict) else inside
            for name, inside in before.items()
        }
        try:
            for place, node in nodes.items():
                group, slash, file = place.rpartition("/")
                body: dict[str, object] = dict(node.body) if values else {}
                if node.defaults is not None:
                    body["defaults"] = [_plain(entry) for entry in node.defaults]
                store.store(
                    name=file,
                    node=body,
                    group=group if slash else None,
                    package=node.package or "_global_",
                    provider="hesim",
                )
            yield
        finally:
            store.repo = before


def _plain(entry: object) -> object:
    return dict(entry) if isinstance(entry, Mapping) else entry
