"""Which sector a row means, of all that names one, and how sensitive that and its words make it."""

from collections.abc import Sequence
from operator import attrgetter

from contracts.codes import belongs_to
from contracts.sensitivity import Sensitivity
from runtime.naming import UnknownSector

from activities.reference.domain import Reference
from activities.reports import errors
from activities.reports.domain import SEVERE_SECTORS
from activities.reports.schemas import NewReport
from activities.reports.severity import meaning_of

PROTECTION = "PRO"
LONGEST_LINE = 300
NAMING_SECTOR = ("sector", "sector_name", "area_of_responsibility")
SPEAKING_FIELDS = (
    "activity",
    "activity_description",
    "adm4",
    "adm4_name",
    "hub",
    "indicator",
    "unit",
    "site_name",
    "site_type",
    "community",
    "neighbourhood",
    "transfer_mechanism",
    "comments",
    *NAMING_SECTOR,
)
"""Fields whose text may say what makes a row severe."""
SPEAKING = attrgetter(*SPEAKING_FIELDS)
Flags = list[str]


def sector_of(sent: NewReport, reference: Reference, flags: Flags) -> str:
    """Of a sector and one of its areas of responsibility the latter; two that are not so related are refused."""
    named = _sectors_named(sent, reference)
    if not named:
        raise UnknownSector("sector")
    code = max(named, key=len)
    for other, field in named.items():
        if not belongs_to(code, other):
            raise errors.SectorsDisagree(field, first=code, second=other)
    code = _closer(code, sent, reference)
    if code != sent.sector:
        flags.append("sector_by_name")
    return code


def _sectors_named(sent: NewReport, reference: Reference) -> dict[str, str]:
    """Each sector the row names, with the field that does."""
    named = dict.fromkeys(reference.sectors.all_named(sent.sector), "sector")
    if sent.sector in named and not sent.sector_name and not sent.area_of_responsibility:
        return named
    for field in NAMING_SECTOR:
        if text := getattr(sent, field):
            meant = meaning_of([text], protection=True).sectors & reference.sectors.codes
            for code in (*reference.sectors.all_named(text), *sorted(meant)):
                named.setdefault(code, field)
    return named


def names_sector(texts: Sequence[str], reference: Reference) -> bool:
    """Whether one of these texts names a sector, by its code, a spelling, or what it speaks of; a longer one than a row
    may hold is refused by what it is.
    """
    if any(len(text) > LONGEST_LINE for text in texts):
        return True
    meant = meaning_of(texts, protection=True).sectors & reference.sectors.codes
    return bool(meant) or any(reference.sectors.all_named(text) for text in texts)


def _closer(code: str, sent: NewReport, reference: Reference) -> str:
    """The one area of responsibility of this sector that indicator, activity or site type speak of."""
    own = reference.sector_of(sent.indicator) if sent.indicator else None
    if own and belongs_to(own, code):
        return own
    if code != PROTECTION:
        return code
    meant = meaning_of((sent.activity, sent.indicator, sent.site_type), protection=True).sectors
    known = meant & reference.sectors.codes
    return next(iter(known)) if len(known) == 1 else code


def sensitivity_of(sent: NewReport, sector: str, flags: Flags) -> Sensitivity:
    """The highest level anything says; a sender says higher, never lower."""
    texts = (*SPEAKING(sent), *(sent.measured_outputs or ()), *(sent.as_written or {}).values())
    meaning = meaning_of(texts, protection=belongs_to(sector, PROTECTION))
    found = Sensitivity.SEVERE if meaning.severe or sector in SEVERE_SECTORS else Sensitivity.MODERATE
    if meaning.severe and sector not in SEVERE_SECTORS:
        flags.append("severe_by_meaning")
    said = sent.sensitivity
    if said and not said.allows(found):
        flags.append("sensitivity_not_lowered")
    return said if said and said.allows(found) else found
