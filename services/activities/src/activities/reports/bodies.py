"""Reports as the rows of a body or a file."""

from pydantic import TypeAdapter

from activities.reports.as_written import mended
from activities.reports.commands import Row
from activities.reports.shape import NewReport
from activities.rows.bodies import RowReader

REPORTS: RowReader[Row] = RowReader(TypeAdapter(list[NewReport]), Row, mended=mended)
validated = REPORTS.validated
