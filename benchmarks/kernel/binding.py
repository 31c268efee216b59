"""Compile `search.c` and call it with the model's own columns and tables, by ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Mapping
from ctypes import POINTER, byref, c_double, c_int64, c_uint64, c_void_p
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hesim.model.search import Applications

SOURCE = Path(__file__).with_name("search.c")
FLAGS = ("-std=gnu11", "-O3", "-march=native", "-fPIC", "-shared")
NO_COMPILER = "no C compiler: neither cc nor gcc is found"
ROOM = 128
"""Applications a month for which `search.c` has room (MOST)."""

PERSONS = (
    "id",
    "exposure",
    "born",
    "home",
    "employer",
    "place",
    "search_since",
    "practice",
    "academic",
    "education",
    "field",
    "role",
    "contract",
    "hours",
    "prior",
    "last",
    "search",
    "sex",
    "awareness",
    "past",
    "contacts",
    "outlook",
    "side",
)
BOARD = (
    "row",
    "place",
    "first",
    "listed",
    "before",
    "steps",
    "id",
    "employer",
    "role",
    "kind",
    "spot",
    "contract",
    "hours",
    "town",
)
FRICTIONS = ("sector_left", "outside_left", "known", "promoted", "pool")
POINTERS = (
    *PERSONS,
    *(f"b_{name}" for name in BOARD),
    "seekers",
    "town_region",
    "distance",
    "sector_of",
    "partner",
    "arc",
    "posts",
    "reach",
    "insider",
    "outsider",
    "near",
    "age_edges",
    "work_edges",
    "chance",
    "unseen",
    "value",
    "security",
    "scale",
    "sector_left",
    "outside_left",
    "known",
    "promoted",
    "pool",
    "shown",
    "words",
    "out_seeker",
    "out_vacancy",
    "out_utility",
    "out_posts",
)
COUNTS = (
    "n_seekers",
    "n_open",
    "n_employers",
    "n_roles",
    "n_towns",
    "n_fields",
    "n_classes",
    "month",
    "candidate_age",
)
NUMBERS = (
    "other_region",
    "other_field",
    "mixing",
    "applications",
    "gain_contacts",
    "contacts_most",
    "gain_partner",
    "gain_most",
    "cost_distance",
    "cost_sector",
    "cost_outside",
    "cost_contract",
    "prospect_risk",
    "cost_hours",
    "cost_stay",
    "full_week",
    "push",
    "ending",
    "jobless",
    "taste_sd",
    "per_contact",
)
STREAMS = ("window", "seen", "taste", "choice")
KEYS = tuple(f"key_{name}" for name in STREAMS)

WIDTHS: Mapping[str, str] = {
    "id": "u8",
    "exposure": "u8",
    "born": "i2",
    "home": "i2",
    "employer": "i2",
    "place": "i2",
    "search_since": "i2",
    "practice": "i2",
    "academic": "i2",
    "education": "u1",
    "field": "u1",
    "role": "u1",
    "contract": "u1",
    "hours": "u1",
    "prior": "u1",
    "last": "u1",
    "search": "u1",
    "sex": "u1",
    "past": "u1",
    "awareness": "f4",
    "contacts": "f4",
    "outlook": "f4",
    "side": "f4",
    "sector_left": "f8",
    "outside_left": "f8",
    "known": "f8",
    "promoted": "f8",
    "pool": "i2",
    "b_row": "u4",
    "b_place": "f8",
    "b_first": "u4",
    "b_listed": "u4",
    "b_before": "u4",
    "b_steps": "u8",
    "b_id": "u8",
    "b_employer": "u2",
    "b_role": "u1",
    "b_kind": "u1",
    "b_spot": "u2",
    "b_contract": "u1",
    "b_hours": "i2",
    "b_town": "u2",
    "town_region": "i1",
    "distance": "f4",
    "sector_of": "i1",
    "partner": "u1",
    "arc": "f8",
    "posts": "f8",
    "out_posts": "u1",
    "reach": "f8",
    "insider": "f8",
    "outsider": "f8",
    "near": "u1",
    "chance": "f8",
    "unseen": "f8",
    "value": "f8",
    "security": "f8",
    "scale": "f8",
    "shown": "u4",
    "words": "u8",
    "out_utility": "f8",
}
"""Type of each array in `inputs.h`; i8 where not said. Other types of the model's are refused."""


class Inputs(ctypes.Structure):
    """The `struct inputs` of `inputs.h`: the same names in the same order."""

    _fields_ = (
        *((name, c_void_p) for name in POINTERS),
        *((name, c_int64) for name in COUNTS),
        *((name, c_double) for name in NUMBERS),
        *((name, c_uint64) for name in KEYS),
    )


def compiler() -> str | None:
    """Path of a C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Any:
    """Compile into a folder and load; the function takes an `Inputs`.

    Raises:
        RuntimeError: when there is no compiler, or it fails, with what it says.
    """
    found = compiler()
    if found is None:
        raise RuntimeError(NO_COMPILER)
    library = folder / "search.so"
    words = [found, *FLAGS, *_codes(), "-o", str(library), str(SOURCE), "-lm"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{SOURCE.name} does not compile:\n{done.stderr[-2000:]}")
    function = ctypes.CDLL(str(library)).search_and_choose
    function.argtypes, function.restype = (POINTER(Inputs),), c_int64
    return function


def _codes() -> list[str]:
    """The model's codes and sizes as definitions for the compiler."""
    from hesim import categories as c
    from hesim.model import board, channels, choice, eligibility, push, search, visibility

    codes = {
        "HEADINGS": search.PULLS,
        "CHANNELS": len(c.CHANNELS),
        "KINDS": choice.NO_JOB,
        "CONTRACTS": len(c.CONTRACTS),
        "SECTORS": board.SECTORS,
        "GRID": board.GRID,
        "REGIONS": board.REGIONS,
        "LEVELS": eligibility.LEVELS,
        "LUCK": search.LUCK,
        "SAFE": search.SAFE,
        "KM_UNIT": choice.KM_UNIT,
        "HBO": choice.HBO,
        "WO": choice.WO,
        "OUTSIDE": choice.OUTSIDE,
        "NO_JOB": choice.NO_JOB,
        "ENDING": push.ENDING,
        "SCHOOL_LEAVER": channels.SCHOOL_LEAVER,
        "AGES": len(c.AGE_BANDS),
        "EXPERIENCES": len(c.EXPERIENCE_BANDS),
        "SEXES": len(c.SEXES),
        "CANDIDATE": eligibility.CANDIDATE,
        "PERMANENT": choice.PERMANENT,
        "WITH_PROSPECT": choice.WITH_PROSPECT,
        "TURN": visibility.TURN,
        "LOOKS": visibility.LOOKS,
        "ACQUAINTANCES": channels.ACQUAINTANCES,
        "ASKED": channels.ASKED,
    }
    return [f"-D{name}={code}" for name, code in codes.items()]


class Call:
    """One call of the kernel in C, on the arguments of the model's own.

    Attributes:
        out: Applications that it writes.
    """

    def __init__(self, function: Any, arguments: tuple[Any, ...], out: Applications) -> None:
        """Take the arguments.

        Args:
            function: What `build` gave.
            arguments: The arguments of `hesim.model.search.search_and_choose`, without `out`.
            out: Where it writes.
        """
        self.out = out
        self._function = function
        self._arrays, numbers = _translate(arguments, out)
        self._inputs = Inputs(
            **{name: array.ctypes.data for name, array in self._arrays.items()}, **numbers
        )

    def __call__(self) -> int:
        """Write the applications; return their number."""
        return int(self._function(byref(self._inputs)))


def _translate(
    arguments: tuple[Any, ...], out: Applications
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    p, board, seekers, places, month, rates, frictions, streams = arguments
    search, channels, choice = rates.search, rates.channels, rates.choice
    familiarity = search.familiarity
    arrays = {name: getattr(p, name) for name in PERSONS}
    arrays |= {f"b_{name}": getattr(board, name) for name in BOARD}
    arrays |= {
        "seekers": seekers,
        "town_region": places.town_region,
        "distance": places.distance,
        "sector_of": places.sector_of,
        "partner": places.partner,
        "arc": search.rounds.arc,
        "posts": search.rounds.posts,
        "reach": search.reach,
        "insider": familiarity.insider,
        "outsider": familiarity.outsider,
        "near": familiarity.near,
        "age_edges": search.age_edges,
        "work_edges": search.work_edges,
        "chance": channels.chance,
        "unseen": channels.unseen,
        "value": choice.value,
        "security": choice.security,
        "scale": choice.scale,
        **{name: getattr(frictions, name) for name in FRICTIONS},
        "shown": np.empty(board.place.size + 1, np.uint32),
        "words": np.empty(board.place.size + 1, np.uint64),
        "out_seeker": out.seeker,
        "out_vacancy": out.vacancy,
        "out_utility": out.utility,
        "out_posts": out.posts,
    }
    for name, array in arrays.items():
        wanted = np.dtype(WIDTHS.get(name, "i8"))
        if array.dtype != wanted or not array.flags.c_contiguous:
            raise TypeError(f"search.c takes {name} as contiguous {wanted}, not {array.dtype}")
    employers, roles, _ = choice.value.shape
    if search.applications > ROOM:
        raise ValueError(f"search.c has room for {ROOM} applications a month")
    gains, costs = channels.gains, choice.costs
    numbers = {
        "n_seekers": seekers.size,
        "n_open": board.place.size,
        "n_employers": employers,
        "n_roles": roles,
        "n_towns": places.distance.shape[1],
        "n_fields": search.rounds.arc.size,
        "n_classes": frictions.promoted.shape[0],
        "month": month,
        "candidate_age": search.candidate_age,
        "per_contact": familiarity.contact,
        "other_region": search.other_region,
        "other_field": search.rounds.other_field,
        "mixing": search.rounds.mixing,
        "applications": search.applications,
        "gain_contacts": gains.contacts,
        "contacts_most": gains.contacts_most,
        "gain_partner": gains.partner,
        "gain_most": gains.most,
        "cost_distance": costs.distance,
        "cost_sector": costs.sector,
        "cost_outside": costs.outside,
        "cost_contract": costs.contract,
        "prospect_risk": costs.prospect_risk,
        "cost_hours": costs.hours,
        "cost_stay": costs.stay,
        "full_week": costs.full_week,
        "push": choice.push,
        "ending": choice.ending,
        "jobless": choice.jobless,
        "taste_sd": choice.taste_sd,
        **{f"key_{name}": int(getattr(streams, name)) for name in STREAMS},
    }
    return arrays, numbers
