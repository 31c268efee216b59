"""Answer a question in SQL from a database in memory that can reach no file, not even its own.

The study is handed over as Arrow tables before the database is closed to the outside. So a question
can neither read nor write anything else, whatever it says: DuckDB itself refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

QUESTIONS = ("SELECT", "EXPLAIN", "MULTI")
"""Kinds of statement that only ask; DuckDB calls `pivot` MULTI."""
MOST_ROWS = 10_000_000
"""An answer with more rows is refused, before it fills the memory."""
_VECTORS = 500

DEFINITIONS = {
    "results": "select point, replication, outcome, year, value from all_results",
    "status": (
        "select point, replication, status, seconds, error from all_status "
        "qualify row_number() over (partition by run order by filename desc) = 1"
    ),
    "differences": (
        "select {structure}d.arm, d.scenario, d.world, d.draw, "
        "r.replication, r.outcome, r.year, r.value, b.value as baseline_value, "
        "r.value - b.value as difference from design d "
        "join results r on r.point = d.point "
        "join results b on b.point = d.baseline and b.replication = r.replication "
        "and b.outcome = r.outcome and b.year = r.year where d.arm <> 'baseline'"
    ),
}
"""Views that are made of others, in this order; braces hold a column of studies of several."""


class WrongQuestion(ValueError):
    """A question in SQL that cannot be answered; the message says why."""


def study_views(structures: bool) -> dict[str, str]:
    """Views of a study by name, over all_results, all_status, points and design.

    Args:
        structures: Whether the design has a column `structure`.
    """
    column = "d.structure, " if structures else ""
    return {name: sql.format(structure=column) for name, sql in DEFINITIONS.items()}


def create_views(connection: Any, views: Mapping[str, str]) -> None:
    """Make views over tables of a connection.

    They belong to the connection alone, as what is registered with it does.

    Args:
        connection: Where.
        views: SQL by the name of the view, in this order.
    """
    # Joins are carried out as they are written. Of Arrow's tables nothing is known that would tell
    # a better order, and by the worst one all points are paired with all others: ten gigabytes for
    # a study of 1,600 runs.
    connection.execute("set disabled_optimizers = 'join_order'")
    for name, sql in views.items():
        connection.execute(f"create temp view {name} as {sql}")


def isolated_database(tables: Mapping[str, object], views: Mapping[str, str]) -> Any:
    """A DuckDB connection that holds tables of Arrow and can reach nothing else.

    Args:
        tables: Tables or data sets of Arrow by name.
        views: SQL of the views over them, by name.
    """
    import duckdb

    # Nothing may be looked up among Python's variables, and nothing spilled to a file.
    connection = duckdb.connect(config={"python_enable_replacements": False, "temp_directory": ""})
    for name, table in tables.items():
        connection.register(name, table)
    create_views(connection, views)
    for setting in (
        "autoload_known_extensions = false",
        "autoinstall_known_extensions = false",
        "allow_community_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return connection


def ask_sql(connection: Any, sql: str) -> pd.DataFrame:
    """Ask one question.

    Raises:
        WrongQuestion: it is no question, there are several, or it cannot be answered.
        OSError: a file of the study has gone meanwhile.
    """
    import duckdb
    import pandas as pd

    try:
        statements = duckdb.extract_statements(sql)
        _refuse(sql, [str(one.type).rpartition(".")[2] for one in statements])
        found = connection.execute(sql)
        pieces, count = [found.fetch_df_chunk(_VECTORS)], 0
        while len(pieces[-1]):
            count += len(pieces[-1])
            if count > MOST_ROWS:
                words = f"the answer has more than {MOST_ROWS:,} rows; summarise, or add a limit"
                raise WrongQuestion(words)
            pieces.append(found.fetch_df_chunk(_VECTORS))
    except WrongQuestion:
        raise
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
    except (duckdb.Error, ValueError, OverflowError) as error:
        raise WrongQuestion(str(error)) from error
    return pieces[0] if len(pieces) == 1 else pd.concat(pieces[:-1], ignore_index=True)


def _refuse(sql: str, kinds: Sequence[str]) -> None:
    if not kinds:
        raise WrongQuestion(f'{sql!r} is no question; ask as in "from results"')
    if len(kinds) > 1:
        raise WrongQuestion(f"these are {len(kinds)} statements; ask one question at a time")
    if kinds[0] not in QUESTIONS:
        words = "a folder is only read: ask with select, from, with, describe, summarize or explain"
        raise WrongQuestion(f"{kinds[0].lower().replace('_', ' ')} is refused; {words}")
