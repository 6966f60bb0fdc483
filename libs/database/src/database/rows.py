"""Writing one row, its values by the names of their columns."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from database.pool import Record, Transaction


async def insert_row(tx: Transaction, table: str, row: Mapping[str, Any] | BaseModel, tail: str = "") -> Record | None:
    """Write a new row; the answer is what `tail` returns. `table`, `tail` and the columns' names are of the code."""
    values = values_of(row)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    return await tx.fetchrow(
        f"insert into {table} ({', '.join(values)}) values ({places}) {tail}",  # noqa: S608  names of the code
        *values.values(),
    )


def values_of(row: Mapping[str, Any] | BaseModel) -> dict[str, Any]:
    """The values of a row; a model within it is JSON without what has no value."""
    return {
        name: value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value
        for name, value in dict(row).items()
    }
