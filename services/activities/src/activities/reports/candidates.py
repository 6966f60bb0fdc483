"""The reports that stand where rows without an id of their own belong, and a row completed by the one it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from contracts.reports import ActivityStatus
from database import Record, Transaction

from activities.reports.domain import Identified, OrganisationRef, Report, unit_key
from activities.reports.pairing import HOW, WHAT, content_of, report_content
from activities.reports.resolution import people_of
from activities.reports.schemas import ReportedPeople


class Spot(NamedTuple):
    """Where reports are looked at together."""

    country: str
    organisation_id: UUID
    month: str
    sector: str
    area: str


def spot_of(report: Report) -> Spot:
    return Spot(report.sent.country, report.owner.id, report.sent.month, report.sector, report.place.area)


_SAME_SPOT = "(r.country, r.organisation_id, r.month, r.sector, r.area)"
_SPOTS = (
    "unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[])"
    " as s (country, organisation_id, month, sector, area)"
)
_NOT_MET = """
   and r.identity <> all($6::text[])
   and not exists (
       select from upload_met as m
        where (m.country, m.upload_id, m.organisation_id, m.identity)
            = (r.country, $7::uuid, r.organisation_id, r.identity))
   and (r.external_id is null or r.upload_id is distinct from $7::uuid and not exists (
       select from upload_report as h where (h.upload_id, h.report_id) = ($7::uuid, r.id)) or $7::uuid is null)"""
"""Neither here nor earlier in the file; one with an id was met where the file made, changed or held it."""
_ONLY_EQUAL = "(r.external_id is not null or r.stage = 'withdrawn')"
_KEPT = (
    *(name for name in (*WHAT, *HOW) if name not in ("implementer", "population_group")),
    *("population_group", "implementer_id", "implementer_name", "implementer_resolved", "external_id", "flags"),
)


async def lock_unnamed(tx: Transaction, spots: Iterable[Spot]) -> None:
    """One writer at a time pairs the rows of an organisation: two would make two reports of one."""
    owners = sorted({f"{spot.country}:{spot.organisation_id}" for spot in spots})
    await tx.execute(
        "select pg_advisory_xact_lock(hashtextextended(owner, 14)) from unnest($1::text[]) as o (owner)", owners
    )


async def equal_to(
    tx: Transaction, hashes: Mapping[Spot, set[bytes]], taken: Sequence[str], upload_id: UUID | None
) -> list[Record]:
    """Reports at these spots with these contents that no row was found to be; those withdrawn come last."""
    contents = sorted(set().union(*hashes.values()))
    return await tx.fetch(
        f"""
        select {", ".join(f"r.{name}" for name in Spot._fields)}, r.identity, r.content,
               r.external_id is not null as has_id
          from {_SPOTS} join report as r on {_SAME_SPOT} = (s.country, s.organisation_id, s.month, s.sector, s.area)
         where r.content = any($8::bytea[]) {_NOT_MET}
         order by {_ONLY_EQUAL}, r.identity
        """,  # noqa: S608  constants of this module
        *_columns(hashes),
        list(taken),
        upload_id,
        contents,
    )


async def crowded(tx: Transaction, spots: Iterable[Spot], taken: Sequence[str], upload_id: UUID | None) -> set[Spot]:
    """Those of the spots where reports stand that no row was found to be yet."""
    if not (columns := _columns(spots)):
        return set()
    rows = await tx.fetch(
        f"""
        select s.* from {_SPOTS}
         where exists (select from report as r
                        where {_SAME_SPOT} = (s.country, s.organisation_id, s.month, s.sector, s.area)
                          and (r.upload_id = $7::uuid) is not true and not {_ONLY_EQUAL} {_NOT_MET})
        """,  # noqa: S608  constants of this module
        *columns,
        list(taken),
        upload_id,
    )
    return {Spot(*row.values()) for row in rows}


async def spots_taken(tx: Transaction, spots: Iterable[Spot]) -> set[Spot]:
    """Those of the spots where reports without an id stand."""
    return await crowded(tx, spots, [], None)


async def candidates(
    tx: Transaction, spots: Iterable[Spot], taken: Sequence[str], upload_id: UUID | None
) -> dict[Spot, list[Record]]:
    """All that stands at these spots and that no row was found to be."""
    rows = await tx.fetch(
        f"""
        select {", ".join(f"r.{name}" for name in (*Spot._fields, "identity", *_KEPT))}, {_ONLY_EQUAL} as only_equal
          from {_SPOTS} join report as r on {_SAME_SPOT} = (s.country, s.organisation_id, s.month, s.sector, s.area)
         where true {_NOT_MET}
        """,  # noqa: S608  constants of this module
        *_columns(spots),
        list(taken),
        upload_id,
    )
    found: dict[Spot, list[Record]] = {}
    for row in rows:
        found.setdefault(Spot(*(row[name] for name in Spot._fields)), []).append(row)
    return found


async def named(tx: Transaction, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Record]:
    """What stands under these keys: country, organisation, identity."""
    asked = list(zip(*keys, strict=True)) or [(), (), ()]
    rows = await tx.fetch(
        f"""
        select {", ".join(f"r.{name}" for name in ("country", "organisation_id", "identity", *_KEPT))}
          from report as r
         where (r.country, r.organisation_id, r.identity) in (select * from unnest($1::text[], $2::uuid[], $3::text[]))
        """,  # noqa: S608  constants of this module
        *(list(column) for column in asked),
    )
    return {(row["country"], str(row["organisation_id"]), row["identity"]): row for row in rows}


def _columns(spots: Iterable[Spot]) -> list[list[Any]]:
    return [list(column) for column in zip(*spots, strict=True)]


_PLACES = frozenset({"community", "area", "adm4", "adm4_name"})
_IMPLEMENTERS = frozenset({"implementing_organisation", "implementing_organisation_id"})
_PLAIN = tuple(
    name
    for name in (*WHAT, *HOW, "external_id")
    if name not in ("community", "implementer", "status", "measured_outputs", "as_written")
    and not name.startswith("people_")
)
_DERIVED = frozenset({"total_from_parts", "total_does_not_add_up"})


def completed(
    identified: Identified, held: Mapping[str, Any], sent_fields: frozenset[str], secret: bytes
) -> Identified:
    """The row with what its file does not carry as it stands: a file changes only what it was understood to carry."""
    report, sent = identified.report, identified.report.sent
    said = sent_fields | sent.model_fields_set
    kept: dict[str, Any] = {name: held[name] for name in _PLAIN if name not in said and held[name] is not None}
    people, flags = _people(report, held, sent_fields)
    place = report.place
    if not said & _PLACES and held["community"]:
        place = replace(place, community=held["community"])
    measured, written = _measured(report, held, sent_fields), _written(report, held, sent_fields)
    implementer = report.implementer
    if not said & _IMPLEMENTERS and held["implementer_id"]:
        who = (held["implementer_id"], None, held["implementer_name"], bool(held["implementer_resolved"]))
        implementer = OrganisationRef(*who)
    status = report.status
    if "status" not in said:
        status, flags = ActivityStatus(held["status"]), [flag for flag in flags if flag != "status_assumed"]
    whole = sent.model_copy(update={**kept, "measured_outputs": measured, "as_written": written, "people": people})
    report = replace(
        report,
        sent=whole,
        place=place,
        implementer=implementer,
        status=status,
        people=people,
        unit_key=unit_key(secret, whole, place),
        flags=tuple(flags),
    )
    content = content_of(whole, report.sector, place, report_content(report))
    return replace(identified, report=replace(report, content=content))


def _people(report: Report, held: Mapping[str, Any], sent_fields: frozenset[str]) -> tuple[ReportedPeople, list[str]]:
    """Their numbers, and the row's flags; a total that was added up is added up anew."""
    missing = [part for part in ReportedPeople.model_fields if f"people.{part}" not in sent_fields]
    others = len(missing) < len(ReportedPeople.model_fields)
    if others and "total_from_parts" in held["flags"] and "total" in missing:
        missing.remove("total")
    kept = {part: held[f"people_{part}"] for part in missing if held[f"people_{part}"] is not None}
    if not kept:
        return report.people, list(report.flags)
    flags = [flag for flag in report.flags if flag not in _DERIVED]
    return people_of(report.sent.people.model_copy(update=kept), flags), flags


def _measured(report: Report, held: Mapping[str, Any], sent_fields: frozenset[str]) -> dict[str, Any] | None:
    kept = {
        code: value
        for code, value in (held["measured_outputs"] or {}).items()
        if f"measured_outputs.{code}" not in sent_fields
    }
    return {**kept, **(report.sent.measured_outputs or {})} or None


def _written(report: Report, held: Mapping[str, Any], sent_fields: frozenset[str]) -> dict[str, str] | None:
    kept = {field: text for field, text in (held["as_written"] or {}).items() if field not in sent_fields}
    return {**kept, **(report.sent.as_written or {})} or None
