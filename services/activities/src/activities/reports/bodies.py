"""Reports as the rows of a body or a file."""

from pydantic import TypeAdapter
from runtime.rows.reading import RowReader

from activities.reports.as_written import mended
from activities.reports.commands import Row
from activities.reports.shape import NewReport

REPORTS: RowReader[Row] = RowReader(TypeAdapter(list[NewReport]), Row, mended=mended)
validated = REPORTS.validated
