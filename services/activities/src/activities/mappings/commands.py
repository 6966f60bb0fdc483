"""What changes mappings: remembering, renaming, sharing and withdrawing one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database import Record, Transaction, new_id
from runtime import audit
from runtime.access import Principal, Role
from runtime.answers import check_version
from runtime.naming import check_named
from runtime.problems import NotFound
from tables.reading import YEAR

from activities.mappings import queries, store
from activities.mappings.errors import FieldNotOfReports, ShareWithoutGroup, UnknownScope
from activities.mappings.schemas import MappingChanges, NewMapping
from activities.uploads.fields import REPORT_FIELDS


async def load_mapping(tx: Transaction, principal: Principal, new: NewMapping) -> UUID:
    """Keep a mapping that was exported, as the sender's own. Raises `FieldNotOfReports`."""
    for column in new.profile.columns:
        if column.field and column.field != YEAR and REPORT_FIELDS.kind(column.field) is None:
            raise FieldNotOfReports("profile.columns", column=column.place + 1, name=column.field)
    organisation = principal.organisation_id if principal.role is Role.MEMBER else None
    return await remember(tx, principal, MappingOwner(_side_of(principal), organisation), new)


@dataclass(frozen=True)
class MappingOwner:
    """Whose a mapping is."""

    side: str
    organisation_id: UUID | None


async def remember(
    tx: Transaction, principal: Principal, owner: MappingOwner, new: NewMapping, *, is_named: bool = True
) -> UUID:
    """Keep how files of this shape are read, as another version where it is another; with its name if it has one."""
    row = {
        "id": new_id(),
        **vars(owner),
        **new.model_dump(include={"country", "name", "fingerprint"}),
        "profile": new.profile.model_dump(mode="json"),
        "made_by": principal.subject,
    }
    id, version = await store.remember(tx, row, is_named=is_named)
    await audit.record(tx, principal, "mapping.remember", f"mapping:{id}", {"version": version})
    return id


def _side_of(principal: Principal) -> str:
    """Who they are to one another as senders; so does the database tell it of uploads."""
    if principal.role is Role.SECRETARIAT:
        return Role.SECRETARIAT.value
    own = principal.organisation_id if principal.role is Role.MEMBER else None
    return str(own or principal.subject)


async def change_mapping(
    tx: Transaction, principal: Principal, id: UUID, changes: MappingChanges, expected: int | None
) -> None:
    """Rename or share one's own mapping.

    Raises `NotFound`, `VersionMismatch`, `ShareWithoutGroup`, `UnknownSector`, `UnknownScope`.
    """
    stands = await _locked(tx, principal, id)
    check_version(expected, stands["version"])
    given: dict[str, Any] = changes.model_dump(include=changes.model_fields_set)
    if given.get("name") is None:
        given.pop("name", None)
    group = {**{name: stands[name] for name in ("sector", "scope")}, **given}
    if (group["sector"] is None) != (group["scope"] is None):
        raise ShareWithoutGroup("sector")
    await check_named(tx, changes)
    if group["scope"] and not await queries.scope_is_known(tx, group["scope"]):
        raise UnknownScope("scope")
    if given:
        await store.change(tx, id, given, principal.subject)
    await audit.record(tx, principal, "mapping.change", f"mapping:{id}", _shared(group))


def _shared(group: Mapping[str, Any]) -> dict[str, object]:
    return {name: group[name] for name in ("sector", "scope")}


async def withdraw_mapping(tx: Transaction, principal: Principal, id: UUID) -> None:
    """Let no more files be read by a mapping; its versions are kept. Raises `NotFound`."""
    await _locked(tx, principal, id)
    await store.drop(tx, id)
    await audit.record(tx, principal, "mapping.withdraw", f"mapping:{id}")


async def _locked(tx: Transaction, principal: Principal, id: UUID) -> Record:
    """The mapping, which is theirs to change: their own, and any for the secretariat. Raises `NotFound`."""
    stands = await queries.lock_mapping(tx, id)
    own = {_side_of(principal), *map(str, principal.reader.organisations)}
    if stands is None or (stands["side"] not in own and principal.role is not Role.SECRETARIAT):
        raise NotFound
    return stands
