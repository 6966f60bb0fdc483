"""Instants, days and months at their ends: held by Python and PostgreSQL, or refused by name."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from contracts.instants import Day, Instant, ReportingMonth
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from runtime.validation import invalid


class Sent(BaseModel):
    at: Instant | None = None
    day: Day | None = None
    month: ReportingMonth | None = None


def refused(**sent: Any) -> str:
    with pytest.raises(ValidationError) as found:
        Sent.model_validate(sent)
    [error] = invalid(found.value.errors(), skip=0).errors  # type: ignore[attr-defined]
    return str(error.code)


ENDS = [
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
]  # fmt: skip
NO_INSTANTS = [
    "0000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+002026-01-01T00:00:00Z", "infinity",
    "-infinity", "2026-01-01 BC", "2026-06-30T23:59:60Z", "2026-01-01T00:00:00+24:00", "2026-01-01T24:00:01Z",
    "2026-01-01T00:00:00", "2026-01-01", "2026", "0", "1767225600", "1e12", "now", "", "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z", 0, 1767225600, 1.5, True, [], {},
]  # fmt: skip


@pytest.mark.parametrize("value", ENDS)
def test_an_instant_whose_utc_lies_beyond_the_calendar_is_refused(value: str) -> None:
    assert refused(at=value) == "instant_out_of_range"


@pytest.mark.parametrize("value", NO_INSTANTS)
def test_what_is_no_instant_is_refused(value: Any) -> None:
    assert refused(at=value) in ("not_an_instant", "wrong_form")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T14:00:00+14:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
        ("2026-03-31t08:00:00z", datetime(2026, 3, 31, 8, tzinfo=UTC)),
        ("2026-03-31T08:00:00.123456789+03:00", datetime(2026, 3, 31, 5, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_the_ends_themselves_are_taken(written: str, meant: datetime) -> None:
    assert Sent.model_validate({"at": written}).at == meant


@pytest.mark.parametrize(
    "value", ["0000-01-01", "-001-01-01", "10000-01-01", "2026-02-30", "infinity", "86400", "0", 86400, "2026-1-1", ""]
)
def test_what_is_no_day_is_refused(value: Any) -> None:
    assert refused(day=value) == "not_a_date"


@pytest.mark.parametrize("value", ["0000-01", "0001-01", "1999-12", "2200-01", "9999-12"])
def test_a_month_beyond_our_time_is_refused(value: str) -> None:
    assert refused(month=value) == "month_out_of_range"


@given(st.datetimes(), st.integers(-23 * 60 - 59, 23 * 60 + 59), st.booleans())
@example(datetime(1, 1, 1), 14 * 60, True)  # noqa: DTZ001  st.datetimes gives such, too
@example(datetime(9999, 12, 31, 23, 59, 59, 999999), -14 * 60, True)  # noqa: DTZ001
def test_any_instant_is_held_by_both_or_refused(moment: datetime, minutes: int, fractions: bool) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{moment.isoformat(timespec='microseconds' if fractions else 'seconds')}{sign}{hours:02d}:{rest:02d}"
    try:
        found = Sent.model_validate({"at": text}).at
    except ValidationError:
        assert refused(at=text) == "instant_out_of_range"
        return
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(("end", "before"), [("0001-01-01T00:00:00Z", True), ("9999-12-31T23:59:59.999999Z", False)])
async def test_postgresql_compares_with_the_ends(postgres_url: str, end: str, before: bool) -> None:
    connection = await asyncpg.connect(postgres_url)
    at = Sent.model_validate({"at": end}).at
    assert await connection.fetchval("select $1::timestamptz < now()", at) is before
    await connection.close()
