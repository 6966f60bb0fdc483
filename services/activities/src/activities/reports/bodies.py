"""Reports as the rows of a body or a file."""

from pydantic import TypeAdapter
from runtime.rows.reading import BodyReader

from activities.reports.as_written import mended
from activities.reports.commands import ReportRow
from activities.reports.schemas import NewReport

REPORTS: BodyReader[ReportRow] = BodyReader(TypeAdapter(list[NewReport]), ReportRow, mended=mended)
validated = REPORTS.validated
