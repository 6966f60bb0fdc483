"""What the cells of two columns for one field mean, as far as that is known before their rows are taken."""

from collections.abc import Iterable

from runtime.problems import Refusal
from tables.agreement import UNKNOWN_MEANING, Meaning, number_or_text
from tables.conventions import Convention
from tables.profile import Profile
from tables.reading import YEAR
from tables.survey import Survey
from tables.values import word

from activities.reference.domain import LookupKeys, Reference
from activities.reports.as_written import SPELLED
from activities.uploads.cells import ReportCells
from activities.uploads.fields import REPORT_FIELDS
from activities.uploads.row_context import RowContext

LEVELS = {f"adm{level}_name": level for level in range(1, 5)}
ORGANISATIONS = frozenset({"organisation", "implementing_organisation"})
SECTORS = frozenset({"sector", "sector_name"})


def lookup_of(sheets: Iterable[tuple[Profile, Survey]], country: str) -> LookupKeys | None:
    """The areas and organisations named in two columns for one field; nothing where there are none."""
    lookup = LookupKeys()
    for profile, survey in sheets:
        fields = {column.place: column.field or "" for column in profile.columns}
        for (place, _), texts in survey.pairs.items():
            for text in (text for pair in texts for text in pair):
                if fields[place] in LEVELS:
                    lookup.area(country, text)
                elif fields[place] in ORGANISATIONS:
                    lookup.organisation(text)
    return lookup if lookup.area_names or lookup.organisation_names else None


class Meanings:
    """By the words, the registry's names and the convention of each column."""

    def __init__(self, context: RowContext, reference: Reference) -> None:
        self._context = context
        self._cells = ReportCells(context)
        self._reference = reference

    def of(self, field: str, text: str, convention: Convention) -> Meaning:
        """All that a cell may mean; nothing where nobody knows."""
        if field in LEVELS:
            areas = self._reference.areas_called(self._context.form.country, LEVELS[field], text)
            return frozenset(area.pcode for area in areas.values)
        if field in ORGANISATIONS:
            return _known(self._reference.organisation_called(text, None).id)
        if field in SECTORS:
            return _known(self._reference.sectors.named(text))
        if field in SPELLED:
            return _known(word(field, text, {}))
        if REPORT_FIELDS.sort(field) or field in ("country", YEAR):
            return self._read(field, text, convention)
        return UNKNOWN_MEANING

    def _read(self, field: str, text: str, convention: Convention) -> Meaning:
        try:
            return number_or_text(self._cells.value_of(field, text, convention, {}))
        except Refusal:
            return UNKNOWN_MEANING


def _known(value: object) -> Meaning:
    return UNKNOWN_MEANING if value is None else frozenset({value})
