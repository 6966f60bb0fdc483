"""What a row says: without texts that say there is nothing, and with what is not understood as text alone."""

from collections.abc import Iterator

from contracts.codes import belongs_to
from contracts.nothing import is_nothing
from tables.values import is_no_name

from activities.reference.domain import Reference
from activities.reports.as_written import AS_NOTHING, Fields, keep
from activities.reports.schemas import NewReport

Flags = list[str]

NAMES = frozenset(
    {
        "organisation",
        "organisation_acronym",
        "implementing_organisation",
        *(f"adm{level}{ending}" for level in range(1, 5) for ending in ("", "_name")),
        "community",
        "neighbourhood",
        "site_name",
        "site_type",
        "hub",
    }
)
TEXTS = NAMES | {
    "external_id",
    "sector_name",
    "area_of_responsibility",
    "activity",
    "activity_description",
    "indicator",
    "unit",
    "transfer_mechanism",
    "comments",
}
"""Texts that may say that there is nothing; a name is none either where it is `0` or a no."""


def cleaned(sent: NewReport, reference: Reference, flags: Flags) -> NewReport:
    """What the row says: without texts that say there is nothing, and with what is not understood as text alone."""
    changed: Fields = {"as_written": sent.as_written}
    for name in sent.model_fields_set & TEXTS:
        if (text := getattr(sent, name)) and (is_no_name(text) if name in NAMES else is_nothing(text)):
            changed[name] = None
    if sent.donors and any(map(is_no_name, sent.donors)):
        changed["donors"] = tuple(donor for donor in sent.donors if not is_no_name(donor)) or None
    if len(changed) > 1:
        flags.append(AS_NOTHING)
    noted: dict[str, None] = {}
    for name in _not_understood(sent, reference):
        changed[name] = None
        keep(changed, name, getattr(sent, name), noted)
    flags.extend(noted)
    return sent.model_copy(update=changed) if len(changed) > 1 else sent


def _not_understood(sent: NewReport, reference: Reference) -> Iterator[str]:
    """Optional fields that are well formed, and name what nobody knows or say half of what they need to say."""
    if sent.indicator and not is_nothing(sent.indicator) and reference.sector_of(sent.indicator) is None:
        yield "indicator"
    if (sent.latitude is None) != (sent.longitude is None):
        yield "longitude" if sent.latitude is None else "latitude"


def of_its_sector(sent: NewReport, sector: str, reference: Reference, flags: Flags) -> NewReport:
    """Without an indicator that belongs to another sector, which is kept as text."""
    expected = reference.sector_of(sent.indicator) if sent.indicator else None
    if expected is None or belongs_to(sector, expected):
        return sent
    changed: Fields = {"as_written": sent.as_written, "indicator": None}
    noted: dict[str, None] = {"indicator_of_other_sector": None}
    keep(changed, "indicator", sent.indicator, noted)
    flags.extend(flag for flag in noted if flag not in flags)
    return sent.model_copy(update=changed)
