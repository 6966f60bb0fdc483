"""Files with headings of their own, CSV or NDJSON: a row that can't be read is rejected alone."""

import io
from collections.abc import Callable, Collection, Iterator, Sequence

from contracts.lines import line
from runtime.problems import Refusal
from runtime.rows.errors import RowLongerThanHeadings
from runtime.rows.outcomes import Outcome, rejected_row
from tables.records import TableRecord
from tables.text import TextSource

CSV = "text/csv"
NDJSON = "application/x-ndjson"
LONGEST_TOLD = 60


class HeadingTwice(Refusal):
    """The file has two columns {heading}: delete one."""

    ar = "في الملف عمودان باسم {heading}: احذف أحدهما."


def rows_of(
    body: bytes,
    fields: Collection[str],
    rejected: list[Outcome],
    check: Callable[[Sequence[str]], None],
    *,
    known: Callable[[str], bool] = lambda heading: False,
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by their headings, each with its line; those that can't be read are added to `rejected`.

    `known` are headings that tell the separator besides. Raises `HeadingTwice`, `EncodingNotUnderstood` and what
    `check` does, which is told the headings.
    """

    def among(cells: Sequence[str]) -> int:
        return len({heading for cell in cells if (heading := line(cell).lower()) in fields or known(heading)})

    # Names that all will see are not read in a code page that is only likely.
    records = TextSource(io.BytesIO(body), among, is_arabic=lambda _: False).records()
    return by_heading(records, fields, rejected, check)


def by_heading(
    records: Iterator[TableRecord],
    fields: Collection[str],
    rejected: list[Outcome],
    check: Callable[[Sequence[str]], None],
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by the headings that the first of them holds, as `rows_of` gives them."""
    heading = [line(cell).lower() for cell in next(records, TableRecord(1, ())).cells]
    if twice := next((name for name in fields if heading.count(name) > 1), None):
        raise HeadingTwice(twice, heading=twice)
    check(heading)
    for record in records:
        beyond = next((cell for cell in record.cells[len(heading) :] if line(cell)), None)
        if record.fault:
            rejected.append(rejected_row(record.number, [record.fault]))
        elif beyond:
            # A separator that is not quoted moved the cells of this row.
            rejected.append(rejected_row(record.number, [RowLongerThanHeadings(value=line(beyond)[:LONGEST_TOLD])]))
        elif any(line(cell) for cell in record.cells):
            yield record.number, dict(zip(heading, record.cells, strict=False))
