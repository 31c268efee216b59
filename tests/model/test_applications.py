"""Personal offers among a month's applications: in the order of seekers, best first."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hesim.model.search import no_applications, put_in_order, with_room

SOME = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), max_size=12)


@given(month=SOME, further=st.dictionaries(st.integers(0, 8), st.integers(0, 3)))
def test_further_applications_stand_where_a_sort_would_put_them(
    month: list[tuple[int, int]], further: dict[int, int]
) -> None:
    month.sort(key=lambda one: (one[0], -one[1]))
    made = with_room(no_applications(0), 0, len(month) + len(further))
    for k, (seeker, utility) in enumerate(month):
        made.seeker[k], made.vacancy[k], made.utility[k], made.posts[k] = seeker, k, utility, 2
    seekers = np.array(sorted(further), np.int64)
    utilities = np.array([further[k] for k in sorted(further)], np.float64)
    count = put_in_order(made, len(month), seekers, 100, utilities)

    whole = [(seeker, -utility, k, 2) for k, (seeker, utility) in enumerate(month)]
    whole += [(seeker, -further[seeker], 100 + k, 1) for k, seeker in enumerate(sorted(further))]
    # Among equals those of the month come first, as in a stable sort.
    whole.sort(key=lambda one: one[:2])
    columns = [made.seeker, made.utility, made.vacancy, made.posts]
    found = [
        (int(a), -float(b), int(v), int(n))
        for a, b, v, n in zip(*(column[:count] for column in columns), strict=True)
    ]
    assert found == whole


def test_room_is_made_once_and_what_holds_stays() -> None:
    some = with_room(no_applications(0), 0, 4)
    some.seeker[:2], some.utility[:2] = [3, 5], [1.0, 2.0]
    assert with_room(some, 2, 4) is some
    more = with_room(some, 2, 40)
    assert more.seeker.size >= 40
    assert more.seeker[:2].tolist() == [3, 5]
    assert more.utility[:2].tolist() == [1.0, 2.0]
