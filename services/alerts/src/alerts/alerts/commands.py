"""Issuing alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from contracts.alerts import AlertIssued
from contracts.values import Names
from database import Record, Transaction
from messaging import events
from runtime import audit
from runtime.access import Caller, Principal, Role
from runtime.naming import UnknownArea, UnknownOrganisation, UnknownSector
from runtime.problems import Invalid, NotYours, OutsideYourScope, Refusal

from alerts.alerts import chain as chains
from alerts.alerts import queries, store
from alerts.alerts.chain import Chain
from alerts.alerts.domain import Alert, check_mandate, faults, identifiers_of, reference_of, sender_of
from alerts.alerts.errors import IdentifierTaken, ReferenceSuperseded, StatusDiffers, UnknownAlert
from alerts.deliveries import store as deliveries


@dataclass(frozen=True)
class Issued:
    """An alert that stands, and whether this request made it."""

    id: UUID
    fresh: bool


async def issue_alert(
    tx: Transaction, caller: Caller, alert: Alert, *, id: UUID, now: datetime, details: dict[str, Any]
) -> Issued:
    """Issue it, or find that it stands already. `said` is what was sent: a repeat of it is no new alert."""
    sender, content = caller.principal, sha256(orjson.dumps(details, option=orjson.OPT_SORT_KEYS, default=str)).digest()
    await store.lock_identifier(tx, alert.identifier)
    if held := await queries.alert_by_identifier(tx, alert.identifier):
        return Issued(_repeated(held, sender, content), fresh=False)
    check_mandate(alert, sender)
    paths = await store.paths_of(tx, alert.country, alert.areas)
    _refuse([*faults(alert, now), *await _unknown(tx, alert, paths)])
    _check_scope(sender, paths)
    chain = await _chain(tx, alert, sender)
    alert = replace(
        alert, references=tuple(reference_of(one["identifier"], one["sender"], one["sent"]) for one in chain.referenced)
    )
    within = sorted({pcode for path in paths.values() for pcode in path})
    number = None if alert.is_draft else await store.next_number(tx)
    await store.insert_alert(tx, id, alert, sender, number=number, content=content, within=within, chain=chain, now=now)
    await _record(tx, caller, alert, id)
    if not alert.is_draft:
        await store.supersede(tx, [one["id"] for one in chain.referenced], id)
        await deliveries.drop_superseded(tx, [one["id"] for one in chain.referenced])
        await deliveries.make_deliveries(tx, id)
        await events.append(tx, _event(alert, sender, id))
        await store.notify_waiting(tx)
    return Issued(id, fresh=True)


def _repeated(held: Record, sender: Principal, content: bytes) -> UUID:
    if held["sender"] != sender_of(sender) or held["content"] != content:
        raise IdentifierTaken("identifier")
    id: UUID = held["id"]
    return id


def _refuse(found: Sequence[Refusal]) -> None:
    if len(found) == 1:
        raise found[0]
    if found:
        raise Invalid(found)


async def _unknown(tx: Transaction, alert: Alert, paths: Mapping[str, list[str]]) -> list[Refusal]:
    areas = [area for area in alert.areas if area not in paths]
    return [
        *(UnknownArea("areas", value=area) for area in areas),
        *(UnknownSector("sectors", value=code) for code in await store.unknown_sectors(tx, alert.sectors)),
        *(UnknownOrganisation("addresses", value=one).formerly("addressee_unknown")
          for one in await store.unknown_organisations(tx, alert.addresses)),
    ]  # fmt: skip


def _check_scope(sender: Principal, paths: dict[str, list[str]]) -> None:
    if sender.role is not Role.COORDINATOR:
        return
    for area, path in paths.items():
        if not set(path) & set(sender.areas):
            raise OutsideYourScope("areas", value=area).formerly("area_outside_scope")


async def _chain(tx: Transaction, alert: Alert, sender: Principal) -> Chain:
    """What the message goes on with, locked, so that of two who go on with one alert the later is refused."""
    chain = Chain([dict(row) for row in await _referenced(tx, alert, sender)])
    if alert.is_draft:
        return chain
    if left := chain.left_behind:
        ends = await queries.ends_of(tx, [one["id"] for one in left])
        _refuse([ReferenceSuperseded("references", reference=one["identifier"], end=ends[one["id"]]) for one in left])
    _refuse([*chains.faults(chain, alert, sender)])
    return chain


async def _referenced(tx: Transaction, alert: Alert, sender: Principal) -> list[Record]:
    """The alerts this one is about, locked. Raises where one is not there, not seen or not the sender's."""
    wanted = identifiers_of(alert.references)
    found = {row["identifier"]: row for row in await store.lock_alerts(tx, wanted)}
    visible = await queries.visible_among(tx, sender.reader, [row["id"] for row in found.values()])
    for reference, identifier in zip(alert.references, wanted, strict=True):
        row = found.get(identifier)
        if row is None or row["id"] not in visible or not _names(reference, row):
            raise UnknownAlert("references", reference=identifier)
        if row["sender"] != sender_of(sender) and sender.role is not Role.SECRETARIAT:
            raise NotYours("references", value=identifier).formerly("reference_not_yours")
        if row["status"] != alert.status and not alert.is_draft:
            raise StatusDiffers("references", status=alert.status.value, other=row["status"])
    return list(found.values())


def _names(reference: str, row: Record) -> bool:
    """Whether `sender,identifier,sent` names this alert; times may be written in any zone."""
    sender, _, rest = reference.partition(",")
    if not rest:
        return True
    try:
        sent = datetime.fromisoformat(rest.partition(",")[2])
        return bool(sender == row["sender"] and sent == row["sent"])
    except (ValueError, TypeError):
        return False


async def _record(tx: Transaction, caller: Caller, alert: Alert, id: UUID) -> None:
    details = {"severity": alert.severity, "status": alert.status, "message_type": alert.message_type}
    await audit.record(tx, caller.principal, "alert.issue", f"alert:{id}", details)
    if alert.override_reason:
        await audit.record(tx, caller.principal, "alert.override", f"alert:{id}", {"reason": alert.override_reason})


def _event(alert: Alert, sender: Principal, id: UUID) -> AlertIssued:
    return AlertIssued(
        version=1,
        id=id,
        identifier=alert.identifier,
        sender=sender_of(sender),
        sent=alert.sent,
        status=alert.status,
        message_type=alert.message_type,
        scope=alert.scope,
        country=alert.country,
        areas=alert.areas,
        sectors=alert.sectors,
        categories=alert.categories,
        urgency=alert.urgency,
        severity=alert.severity,
        certainty=alert.certainty,
        headline=Names(**{language: text.headline for language, text in alert.info.items()}),
        expires=alert.expires,
        organisation_id=sender.organisation_id,
    )
