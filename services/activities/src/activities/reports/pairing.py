"""Which standing report a row is that brings no id of its own: by content, then by least change, never by place.

*Identity* in the domain. Reports of one organisation, sector, place and month are looked at together. A row is a report
that says the same of *what* and *for whom*; dates, status, numbers and what was measured are no part of that. Of
several it is the one it equals, else the one it changes least. What a file does not carry is not compared, and a row
of a file may say more fully what an earlier file left open. No I/O.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from contracts.folding import fold
from contracts.reports import ActivityStatus

from activities.reports.domain import OrganisationRef, Report, ReportPlace, digest
from activities.reports.schemas import NewReport, ReportedPeople

_NAMING = ("activity", "indicator", "unit", "modality", "neighbourhood", "site_name", "population_group")
WHAT = (*_NAMING, "community", "implementer", "donors")
"""What is done and for whom: where it differs it is another report."""
_PARTS = tuple(ReportedPeople.model_fields)
_COUNTED = ("households", "output_value")
_SENT = (
    *_COUNTED,
    *("start_date", "end_date", "activity_description", "in_response_plan", "hub", "cross_line", "conditionality"),
    *("transfer_value_usd", "transfer_mechanism", "site_type", "latitude", "longitude", "un_funded", "newly_reached"),
    *("previously_assisted", "reported_elsewhere", "disaggregation_method", "budget_required", "budget_received"),
    *("currency", "comments"),
)
HOW = (*(f"people_{part}" for part in _PARTS), *_SENT, "status", "measured_outputs", "as_written")
"""How it went: where it differs it is the same report, corrected."""
_AMOUNTS = tuple(map(HOW.index, ("output_value", "transfer_value_usd", "budget_required", "budget_received")))
NUMBERS = len(_PARTS) + len(_COUNTED)
"""So many of these, the first, are what was counted."""
MOST_PAIRS = 40_000
"""Pairs of rows and reports of one kind that are weighed against each other; of more, both are put in their order."""
MOST_LIKE = 50
"""Reports with the same numbers that are looked through for the one a row says more fully."""

_OF_FIELD: Mapping[str, str] = {
    "implementing_organisation": "implementer",
    "implementing_organisation_id": "implementer",
    "area": "community",
    "adm4": "community",
    "adm4_name": "community",
    **{f"people.{part}": f"people_{part}" for part in _PARTS},
}
"""Names here of fields that are called otherwise as they are sent; a place below the sub-district may be a name."""


class ReportContent(NamedTuple):
    """What a row or a report says, so that two that mean the same are equal."""

    what: tuple[Hashable, ...]
    how: tuple[Hashable, ...]

    def seen(self, mask: "Mask") -> "ReportContent":
        return ReportContent(
            tuple(self.what[place] for place in mask.what), tuple(self.how[place] for place in mask.how)
        )


@dataclass(frozen=True)
class Mask:
    """Places in `what` and `how` of that which a file carries."""

    what: tuple[int, ...]
    how: tuple[int, ...]

    @property
    def numbers(self) -> int:
        """How many of `how` are what was counted."""
        return sum(place < NUMBERS for place in self.how)


WHOLE = Mask(tuple(range(len(WHAT))), tuple(range(len(HOW))))


def mask_of(sent_fields: Iterable[str] | None) -> Mask:
    """What is compared where only these fields are carried; all, where a row is whole."""
    if sent_fields is None:
        return WHOLE
    names = {_OF_FIELD.get(field, field.partition(".")[0]) for field in sent_fields}
    return Mask(
        tuple(place for place, name in enumerate(WHAT) if name in names),
        tuple(place for place, name in enumerate(HOW) if name in names),
    )


@dataclass(frozen=True)
class StoredReport:
    """A report that stands where a row might be it."""

    identity: str
    content: ReportContent
    only_equal: bool = False
    """It was withdrawn, or has an id of the organisation's own: only a row that equals it is it."""


_naming, _sent, _people = attrgetter(*_NAMING), attrgetter(*_SENT), attrgetter(*_PARTS)


def report_content(report: Report) -> ReportContent:
    """What a row says, as it was understood."""
    return content_of_parts(report.sent, report.place, report.implementer, report.status, report.people)


def content_of_parts(
    sent: NewReport,
    place: ReportPlace,
    implementer: OrganisationRef | None,
    status: ActivityStatus,
    people: ReportedPeople,
) -> ReportContent:
    """The same of its parts."""
    who = implementer and implementer.id
    what = (*map(_name, _naming(sent)), _name(place.community), who, _names(sent.donors))
    counted, beside = _people(people), (_measured(sent.measured_outputs), _written(sent.as_written))
    return ReportContent(what, _plain((*counted, *_sent(sent), status, *beside)))


def stored_content(row: Mapping[str, Any]) -> ReportContent:
    """What a stored report says."""
    what = (*(_name(row[name]) for name in (*_NAMING, "community")), row["implementer_id"], _names(row["donors"]))
    how = (*(row[name] for name in HOW[:-2]), _measured(row["measured_outputs"]), _written(row["as_written"]))
    return ReportContent(what, _plain(how))


def content_of(sent: NewReport, sector: str, place: ReportPlace, content: ReportContent) -> bytes:
    """Hash of all a report says, by which it is found again."""
    return digest((sent.country, sector, place.area, sent.month, *content))


def content_in(row: Mapping[str, Any]) -> bytes:
    """The same of a stored report."""
    return digest((row["country"], row["sector"], row["area"], row["month"], *stored_content(row)))


def kind_of(report: Report, content: ReportContent) -> bytes:
    """Hash of what makes two rows of one file the same kind of report."""
    named = (report.sent.country, report.owner.id, report.sector, report.place.area, report.sent.month)
    return digest((*named, content.what))


def _name(text: str | None) -> str | None:
    return fold(text) if text else None


def _names(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(sorted(map(fold, texts))) if texts else None


def _plain(values: tuple[Any, ...]) -> tuple[Hashable, ...]:
    """`40.0` and `40` are one number."""
    amounts = [(place, values[place]) for place in _AMOUNTS if values[place] is not None]
    if not amounts:
        return values
    plain = list(values)
    for place, value in amounts:
        plain[place] = str(value.normalize() + 0)
    return tuple(plain)


def _measured(outputs: Mapping[str, Any] | None) -> tuple[tuple[str, Hashable], ...] | None:
    if not outputs:
        return None
    return tuple(sorted((code, str(Decimal(str(value)).normalize() + 0)) for code, value in outputs.items()))


def _written(texts: Mapping[str, str] | None) -> tuple[tuple[str, str], ...] | None:
    return tuple(sorted(texts.items())) if texts else None


def pair(rows: Sequence[ReportContent], standing: Sequence[StoredReport], mask: Mask) -> list[int | None]:
    """For each row the place of the report it is, or none; the same in whatever order both come."""
    pairing = _Pairing([row.seen(mask) for row in rows], standing, mask)
    pairing.equal()
    if mask is not WHOLE:
        pairing.more_fully()
    pairing.least_changed()
    return [pairing.found.get(place) for place in range(len(rows))]


class _Pairing:
    def __init__(self, rows: Sequence[ReportContent], standing: Sequence[StoredReport], mask: Mask) -> None:
        self._rows = rows
        self._mask = mask
        order = sorted(range(len(standing)), key=lambda place: (standing[place].only_equal, standing[place].identity))
        self._left = {place: standing[place].content.seen(mask) for place in order}
        """Reports that are no row's yet, in an order of their own."""
        self._only_equal = {place for place in order if standing[place].only_equal}
        self.found: dict[int, int] = {}

    def _open(self) -> list[int]:
        """Rows that are no report yet, in an order of their own."""
        return sorted(
            (place for place in range(len(self._rows)) if place not in self.found),
            key=lambda place: repr(self._rows[place]),
        )

    def _take(self, row: int, report: int) -> None:
        self.found[row] = report
        del self._left[report]

    def equal(self) -> None:
        alike: dict[ReportContent, deque[int]] = defaultdict(deque)
        for report, said in self._left.items():
            alike[said].append(report)
        for row in self._open():
            if reports := alike.get(self._rows[row]):
                self._take(row, reports.popleft())
        for report in self._only_equal & self._left.keys():
            del self._left[report]

    def more_fully(self) -> None:
        """A row that says all a report says, and what that left open: its file carried less when it came first."""
        numbers = self._mask.numbers
        alike: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        for report, said in self._left.items():
            if any(number is not None for number in said.how[:numbers]):
                alike[said.how[:numbers]].append(report)
        for row in self._open():
            said = self._rows[row]
            for report in alike.get(said.how[:numbers], ())[:MOST_LIKE]:
                if report in self._left and _fills(self._left[report], said):
                    self._take(row, report)
                    break

    def least_changed(self) -> None:
        """Rows and reports of one kind, those first that differ least."""
        rows: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        reports: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
        for row in self._open():
            rows[self._rows[row].what].append(row)
        for report, said in self._left.items():
            reports[said.what].append(report)
        for kind, alike in rows.items():
            for row, report in self._nearest(alike, reports.get(kind, [])):
                if row not in self.found and report in self._left:
                    self._take(row, report)

    def _nearest(self, rows: list[int], reports: list[int]) -> Iterable[tuple[int, int]]:
        if len(rows) * len(reports) > MOST_PAIRS:
            return zip(rows, sorted(reports, key=lambda report: repr(self._left[report])), strict=False)
        weighed = sorted(
            (_change(self._rows[row].how, self._left[report].how), first, second, row, report)
            for first, row in enumerate(rows)
            for second, report in enumerate(reports)
        )
        return [(row, report) for *_, row, report in weighed]


def _fills(report: ReportContent, row: ReportContent) -> bool:
    pairs = zip((*report.what, *report.how), (*row.what, *row.how), strict=True)
    return all(said is None or said == now for said, now in pairs)


def _change(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, float]:
    """How many values differ, and by how much the numbers among them."""
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return len(differing), sum(_apart(old, new) for old, new in differing)


def _apart(old: Hashable, new: Hashable) -> float:
    if isinstance(old, int) and isinstance(new, int):
        return abs(old - new) / max(abs(old), abs(new), 1)
    return 1.0
