"""From what a partner sent to what it means: organisation, place, sector and indicator of one row, or why not."""

import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from contracts import instants
from contracts.lines import code
from contracts.organisations import OrganisationStatus
from contracts.reports import ActivityStatus
from runtime.access import Role
from runtime.counts import Rounded
from runtime.naming import SeveralOrganisations, UnknownArea, UnknownOrganisation, check_dates
from runtime.problems import NotYours, OutsideYourScope, Refusal
from runtime.rows.outcomes import RowRejected

from activities.reference.domain import Area, LookupKeys, Reference
from activities.reports import errors
from activities.reports.cleaning import cleaned, of_its_sector
from activities.reports.domain import (
    OrganisationRef,
    Report,
    ReportPlace,
    Sender,
    adds_up,
    provider_id,
    total_from_parts,
    unit_key,
)
from activities.reports.pairing import ReportContent, content_of, content_of_parts
from activities.reports.schemas import DisaggregationMethod, NewReport, ReportedPeople
from activities.reports.sectors import NAMING_SECTOR, sector_of, sensitivity_of

Found = TypeVar("Found")
Flags = list[str]

LEVELS = (4, 3, 2, 1)
_WHOLE = frozenset({int, type(None)})
"""Types of counts that were sent whole."""
_NAMED_PLACE = attrgetter(
    "country",
    "area",
    *(f"adm{level}{ending}" for level in LEVELS for ending in ("", "_name")),
    "community",
)
_NAMED_SECTOR = attrgetter(*NAMING_SECTOR, "indicator", "activity", "site_type")
_NAMED_ORGANISATIONS = attrgetter(
    "organisation_id",
    "organisation",
    "organisation_acronym",
    "implementing_organisation_id",
    "implementing_organisation",
)
LOOKS_LIKE_PCODE = re.compile(r"^[A-Za-z]{1,3}\d{2,}$")


def note_lookups(lookup: LookupKeys, sent: NewReport, sender: Sender) -> None:
    """Note what must be looked up for a row; the rows of a batch name the same few things again and again."""
    if lookup.is_new(_NAMED_PLACE(sent)):
        _note_place(lookup, sent)
    if lookup.is_new(_NAMED_ORGANISATIONS(sent)):
        _note_organisations(lookup, sent, sender)
    if sent.indicator:
        lookup.indicators.add(sent.indicator)


def _note_place(lookup: LookupKeys, sent: NewReport) -> None:
    if sent.area:
        lookup.pcodes.add((sent.country, sent.area.upper()))
    for level in LEVELS:
        for text in (getattr(sent, f"adm{level}"), getattr(sent, f"adm{level}_name")):
            if text:
                lookup.area(sent.country, text)


def _note_organisations(lookup: LookupKeys, sent: NewReport, sender: Sender) -> None:
    lookup.organisation_ids.update(
        id for id in (sent.organisation_id, sent.implementing_organisation_id, sender.organisation_id) if id
    )
    for name in (sent.organisation, sent.organisation_acronym, sent.implementing_organisation):
        if name:
            lookup.organisation(name)
    if sent.organisation or sent.organisation_acronym:
        lookup.provider_ids.add(provider_id(sent.organisation_acronym, sent.organisation))


def resolve(
    sent: NewReport, sender: Sender, reference: Reference, secret: bytes, noted: Sequence[str] = ()
) -> tuple[Report, ReportContent]:
    """The report a row is, with what was noted while reading it, and what it says. Raises `RowRejected` with every
    reason found.
    """
    flags: Flags = []
    sent = cleaned(_flag_fractions(sent, flags), reference, flags)
    try:
        whose = _organisation(sent, sender, reference, flags)
        place = _place(sent, reference, flags)
        sector = _sector(sent, reference, flags)
        implementer = _implementer(sent, reference, flags)
        status = _status(sent, flags)
        sensitivity = sensitivity_of(sent, sector, flags)
        _check_dates(sent)
        _check_scope(sender, whose, sector, place, reference)
    except Refusal as first:
        raise RowRejected(_all_faults(sent, sender, reference) or [first]) from None
    sent = of_its_sector(sent, sector, reference, flags)
    people = people_of(sent.people, flags)
    said = content_of_parts(sent, place, implementer, status, people)
    report = Report(
        sent=sent,
        owner=whose,
        implementer=implementer,
        sector=sector,
        sensitivity=sensitivity,
        place=place,
        status=status,
        people=people,
        unit_key=unit_key(secret, sent, place),
        flags=tuple(dict.fromkeys((*flags, *noted))),
        content=content_of(sent, sector, place, said),
    )
    return report, said


def _all_faults(sent: NewReport, sender: Sender, reference: Reference) -> list[Refusal]:
    """Every rule by itself, so that a partner mends a row once."""
    faults: list[Refusal] = []

    def attempt(rule: Callable[..., Found], *facts: object) -> Found | None:
        try:
            return rule(*facts)
        except Refusal as refusal:
            faults.append(refusal)
            return None

    flags: Flags = []
    whose = attempt(_organisation, sent, sender, reference, flags)
    place = attempt(_place, sent, reference, flags)
    sector = attempt(_sector, sent, reference, flags)
    attempt(_implementer, sent, reference, flags)
    attempt(_status, sent, flags)
    attempt(_check_dates, sent)
    if place and sector and whose:
        attempt(_check_scope, sender, whose, sector, place, reference)
    return faults


def _organisation(sent: NewReport, sender: Sender, reference: Reference, flags: Flags) -> OrganisationRef:
    if sender.role == Role.MEMBER:
        return _own(sent, sender, reference, flags)
    if sent.organisation_id:
        if sent.organisation_id not in reference.organisations:
            raise UnknownOrganisation("organisation_id")
        return OrganisationRef(sent.organisation_id)
    if sent.organisation or sent.organisation_acronym:
        return _named(sent, reference, flags)
    if sender.organisation_id:
        return OrganisationRef(sender.organisation_id)
    raise errors.OrganisationMissing("organisation")


def _own(sent: NewReport, sender: Sender, reference: Reference, flags: Flags) -> OrganisationRef:
    """A member sends its own: whatever the row says must mean itself."""
    own = sender.organisation_id
    if own is None:
        raise NotYours("organisation_id")
    if sent.organisation_id and not reference.is_same(sent.organisation_id, own):
        raise NotYours("organisation_id")
    known = reference.organisations.get(own)
    if known and known.status == OrganisationStatus.SUSPENDED:
        raise NotYours("organisation_id")
    if sent.organisation or sent.organisation_acronym:
        named = reference.organisation_called(sent.organisation, sent.organisation_acronym, sent.sector)
        if named.several:
            raise SeveralOrganisations("organisation")
        if named.id is None or not reference.is_same(named.id, own):
            raise NotYours("organisation")
        if named.partly:
            flags.append("part_not_understood")
    return OrganisationRef(own)


def _named(sent: NewReport, reference: Reference, flags: Flags) -> OrganisationRef:
    name, acronym = sent.organisation, sent.organisation_acronym
    found = reference.organisation_called(name, acronym, sent.sector)
    if found.several:
        raise SeveralOrganisations("organisation")
    if found.id is None:
        flags.append("organisation_unresolved")
        return OrganisationRef(provider_id(acronym, name), acronym, name, resolved=False)
    if found.by_acronym and name and acronym:
        flags.append("organisation_by_acronym")
    if found.partly:
        flags.append("part_not_understood")
    return OrganisationRef(found.id)


def _implementer(sent: NewReport, reference: Reference, flags: Flags) -> OrganisationRef | None:
    if sent.implementing_organisation_id:
        if sent.implementing_organisation_id not in reference.organisations:
            raise UnknownOrganisation("implementing_organisation_id")
        return OrganisationRef(sent.implementing_organisation_id)
    name = sent.implementing_organisation
    if not name:
        return None
    if found := reference.organisation_called(name, None, sent.sector).id:
        return OrganisationRef(found)
    flags.append("implementer_unresolved")
    return OrganisationRef(provider_id(None, name), None, name, resolved=False)


def _status(sent: NewReport, flags: Flags) -> ActivityStatus:
    if sent.status:
        return sent.status
    if sent.has_counts:
        raise errors.StatusMissing("status")
    flags.append("status_assumed")
    return ActivityStatus.ONGOING


def _check_dates(sent: NewReport) -> None:
    check_dates(sent.start_date, sent.end_date)
    if sent.status == ActivityStatus.COMPLETED and sent.month > instants.this_month():
        raise errors.CompletedInTheFuture("month")


def _check_scope(
    sender: Sender, organisation: OrganisationRef, sector: str, place: ReportPlace, reference: Reference
) -> None:
    own = sender.organisation_id
    if sender.role != Role.COORDINATOR or (own and reference.is_same(organisation.id, own)):
        return
    if sector not in sender.sectors:
        raise OutsideYourScope("sector")
    if sender.areas.isdisjoint(place.path):
        raise OutsideYourScope("area")


def _flag_fractions(sent: NewReport, flags: Flags) -> NewReport:
    """Counts that were fractions are said to be rounded, and estimated where nothing else is said of them."""
    counts = (sent.households, *sent.people.__dict__.values())
    if _WHOLE.issuperset(map(type, counts)):
        return sent
    flags.append("rounded")
    if Rounded not in map(type, counts) or sent.disaggregation_method:
        return sent
    return sent.model_copy(update={"disaggregation_method": DisaggregationMethod.ESTIMATED})


def people_of(people: ReportedPeople, flags: Flags) -> ReportedPeople:
    """The numbers as they are counted: a total that is missing is added up, and what does not add up is flagged."""
    total = total_from_parts(people)
    if total is not None:
        flags.append("total_from_parts")
        people = people.model_copy(update={"total": total})
    if not adds_up(people):
        flags.append("total_does_not_add_up")
    return people


def _sector(sent: NewReport, reference: Reference, flags: Flags) -> str:
    """The sector of a row; rows of a batch name the same few in the same words again and again."""
    named = _NAMED_SECTOR(sent)
    known = reference.read_sectors.get(named)
    if known is None:
        found: Flags = []
        known = reference.read_sectors[named] = (sector_of(sent, reference, found), found)
    sector, noted = known
    flags.extend(noted)
    return sector


def _place(sent: NewReport, reference: Reference, flags: Flags) -> ReportPlace:
    """The place of a row; rows of a batch name the same few places again and again."""
    named = _NAMED_PLACE(sent)
    known = reference.places.get(named)
    if known is None:
        found: Flags = []
        known = reference.places[named] = (_read_place(sent, reference, found), found)
    place, noted = known
    flags.extend(noted)
    return place


def _read_place(sent: NewReport, reference: Reference, flags: Flags) -> ReportPlace:
    field, area, as_sent = _deepest(sent, reference, flags)
    _check_above(sent, area, field, reference, flags)
    community = sent.community
    if community is None and area.level < LEVELS[0] and (sent.adm4 or sent.adm4_name):
        community = sent.adm4_name or sent.adm4
        flags.append("community_unresolved")
    return ReportPlace(area.pcode, area.path, as_sent, community, area.levels)


def _deepest(sent: NewReport, reference: Reference, flags: Flags) -> tuple[str, Area, str | None]:
    """The field that names the deepest area, the area, and the spelling where it was found by name."""
    if sent.area:
        area = reference.area(sent.country, sent.area)
        if area is None:
            raise UnknownArea("area")
        return "area", area, None
    for level in LEVELS:
        field = f"adm{level}"
        text, name = getattr(sent, field), getattr(sent, f"{field}_name")
        if not text and not name:
            continue
        if text and (area := reference.area(sent.country, text)):
            if area.level != level:
                flags.append("area_of_another_level")
            return field, area, None
        if coded := text and _is_code(text):
            flags.append("area_code_unknown")
        found = _by_name(sent, level, [each for each in (None if coded else text, name) if each], reference, flags)
        if found:
            flags.append("area_by_name")
            return field, found, name if coded else text or name
        if level < LEVELS[0]:
            raise UnknownArea(field)
    raise errors.AreaMissing("area")


def _is_code(text: str) -> bool:
    return bool(LOOKS_LIKE_PCODE.match(code(text)))


def _by_name(sent: NewReport, level: int, spellings: Sequence[str], reference: Reference, flags: Flags) -> Area | None:
    """The one area of that name below the areas the row names above it."""
    for spelling in spellings:
        named = reference.areas_called(sent.country, level, spelling)
        if named.several:
            raise errors.SeveralPlaces(f"adm{level}")
        found = list(named.values)
        for above in range(level - 1, 0, -1):
            found = [area for area in found if _fits_above(sent, above, area, reference)]
        if len(found) > 1:
            raise errors.AmbiguousArea(f"adm{level}")
        if found:
            if named.doubtful or named.remarks:
                flags.append("part_not_understood")
            return found[0]
    return None


def _fits_above(sent: NewReport, level: int, area: Area, reference: Reference) -> bool:
    """Whether what the row says of a higher level can be the area's own."""
    code, name = getattr(sent, f"adm{level}"), getattr(sent, f"adm{level}_name")
    texts = [text for text in (None if code and _is_unknown(sent, code, reference) else code, name) if text]
    own = area.at(level)
    above = reference.area(sent.country, own) if own else None
    if not texts or above is None:
        return not texts or own is None or own in {text.upper() for text in texts}
    return any(reference.area(sent.country, text) == above or reference.is_called(above, text) for text in texts)


def _is_unknown(sent: NewReport, text: str, reference: Reference) -> bool:
    """Whether it is a P-code that nobody knows: one of another vintage, or a slip."""
    return _is_code(text) and reference.area(sent.country, text) is None


def _check_above(sent: NewReport, area: Area, deepest: str, reference: Reference, flags: Flags) -> None:
    """Known codes of higher levels must agree with the area; other names and codes nobody knows are flagged."""
    differs = unknown = False
    for level in range(1, min(area.level, LEVELS[0]) + 1):
        field = f"adm{level}"
        text, name = getattr(sent, field), getattr(sent, f"{field}_name")
        if not text and not name:
            continue
        own = area.at(level)
        said = reference.area(sent.country, text) if text else None
        # Where the area itself was found a code of another level stands, alone, in the column: it is no contradiction.
        if said and field != deepest and said.pcode != own:
            raise errors.AreasDisagree(deepest)
        vague = bool(text) and said is None and _is_code(text)
        unknown = unknown or vague
        above = reference.area(sent.country, own) if own else None
        spellings = [each for each in (None if said or vague else text, name) if each and each.upper() != own]
        # An area of that name would have been looked up with the batch: one that was not is called otherwise.
        differs = differs or any(above is None or not reference.is_called(above, each) for each in spellings)
    if differs:
        flags.append("area_name_differs")
    if unknown and "area_code_unknown" not in flags:
        flags.append("area_code_unknown")


def provider_of(sent: NewReport) -> UUID | None:
    """The id the organisation's name would have if nobody knew it."""
    if sent.organisation_id or not (sent.organisation or sent.organisation_acronym):
        return None
    return provider_id(sent.organisation_acronym, sent.organisation)
