"""Rows of every noun that somebody may not see: each relation, level and state, in the tables of its service.

What a row is to a reader is said here in Python, beside the row, and not taken of the conditions in SQL.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from activities.mappings.visibility import VISIBILITY as OF_MAPPINGS
from activities.reports.visibility import VISIBILITY as OF_REPORTS
from activities.uploads.visibility import VISIBILITY as OF_UPLOADS
from alerts.alerts.visibility import VISIBILITY as OF_ALERTS
from alerts.subscriptions.visibility import VISIBILITY as OF_SUBSCRIPTIONS
from contracts.alerts import ALERTS
from contracts.clients import CLIENTS
from contracts.duplicates import ORGANISATION_DUPLICATES
from contracts.mappings import MAPPINGS
from contracts.nouns import Noun
from contracts.organisations import ORGANISATIONS
from contracts.people import PEOPLE
from contracts.reports import REPORTS
from contracts.sensitivity import Sensitivity
from contracts.subscriptions import SUBSCRIPTIONS
from contracts.targets import TARGETS
from contracts.uploads import UPLOADS
from database import Transaction
from plans.targets.queries import VISIBILITY as OF_TARGETS
from registry.duplicates.queries import VISIBILITY as OF_DUPLICATES
from registry.identity.clients.queries import VISIBILITY as OF_CLIENTS
from registry.identity.people.visibility import VISIBILITY as OF_PEOPLE
from registry.organisations.visibility import VISIBILITY as OF_ORGANISATIONS
from runtime.access import Relation, Role
from runtime.visibility import Visibility

OWN, FOREIGN = UUID(int=0xA1), UUID(int=0xB2)
READERS: Mapping[Role, Mapping[str, Any]] = {
    Role.MEMBER: {"organisation_id": OWN, "subject": "reader"},
    Role.COORDINATOR: {"organisation_id": OWN, "subject": "reader", "sectors": ["WSH"], "areas": ["SY07"]},
    Role.HUB: {"organisation_id": OWN, "subject": "reader", "areas": ["SY07"]},
    Role.SECRETARIAT: {"subject": "reader-of-all"},
}
ALL = frozenset(READERS)
LEVELS = tuple(Sensitivity)
INSIDE, OUTSIDE = ("SY", "SY07", "SY0700", "SY070004"), ("SY", "SY02", "SY0200", "SY020000")


@dataclass(frozen=True)
class Sample:
    """A row, and what it is to readers."""

    row: Mapping[str, Any]
    own: frozenset[Role] = frozenset()
    """Roles whose reader it belongs to."""
    in_scope: frozenset[Role] = frozenset()
    level: Sensitivity = Sensitivity.LOW
    own_alone: bool = False
    beside: Sequence[tuple[str, Mapping[str, Any]]] = ()
    """Rows of other tables that make it what it is."""
    id: Any = field(default_factory=uuid4)

    def cleared(self, role: Role, visibility: Visibility) -> Sensitivity | None:
        """Up to which level a reader of this role sees of it, nothing where not the row."""
        relation = Relation.OWN if role in self.own else Relation.IN_SCOPE if role in self.in_scope else Relation.OTHER
        highest = visibility.clearance.get(role, {}).get(relation)
        if highest is None or not highest.allows(self.level) or (self.own_alone and relation is not Relation.OWN):
            return None
        return highest


@dataclass(frozen=True)
class Kind:
    """A noun with its rows."""

    noun: Noun[Any]
    table: str
    visibility: Visibility
    samples: Sequence[Sample]
    asked: Sequence[Mapping[str, str]] = ({},)
    """Filters that together find all rows."""
    item: bool = True
    followed: bool = False
    internal: bool = False
    graph: bool = False
    stream: bool = False
    """Its rows with a number can be listened to."""
    higher: Mapping[str, Sensitivity] = field(default_factory=dict)
    """Columns that are above the level of their contract."""

    def level_of(self, column: str) -> Sensitivity:
        return self.higher.get(column) or self.noun.levels[column]


def scope_of(*, area: bool, sector: bool) -> frozenset[Role]:
    roles = {Role.HUB: area, Role.COORDINATOR: area and sector}
    return frozenset(role for role, lies in roles.items() if lies)


def reports() -> Iterator[Sample]:
    for own, area, sector, level, withdrawn in product((True, False), (True, False), (True, False), LEVELS, (0, 1)):
        place = INSIDE if area else OUTSIDE
        row = {
            "organisation_id": OWN if own else FOREIGN,
            "sensitivity": level,
            "stage": "withdrawn" if withdrawn else "submitted",
            "sector": "WSH" if sector else "EDU",
            "area_path": [*place, "C4126"],
            "area": "C4126",
            **dict(zip(("adm1", "adm2", "adm3"), place[1:], strict=True)),
        }
        high = max(level, Sensitivity.HIGH, key=lambda each: each.rank)
        yield Sample(row, ALL if own else frozenset(), scope_of(area=area, sector=sector), high if withdrawn else level)


def targets() -> Iterator[Sample]:
    for number, (area, sector) in enumerate(product((True, False), (True, False))):
        place = INSIDE if area else OUTSIDE
        row = {"sector": "WSH" if sector else "EDU", "area": place[-1], "area_path": place, "value": 100 + number}
        # Nobody owns a target, and no coordinator is nearer to one than to another.
        yield Sample(row, in_scope=scope_of(area=area, sector=False), level=Sensitivity.MODERATE)


def alerts() -> Iterator[Sample]:
    kinds = ("public", "private", "addressed", "draft")
    cases = product((True, False), (True, False), (True, False), kinds)
    for number, (own, area, sector, kind) in enumerate(cases, 1):
        place = INSIDE if area else OUTSIDE
        row = {
            "organisation_id": OWN if own else FOREIGN,
            "issued_by": "somebody",
            "status": "Draft" if kind == "draft" else "Actual",
            "number": None if kind == "draft" else number,
            "recorded_at": datetime.now(UTC),
            "scope": "Public" if kind == "public" else "Private",
            "addresses": [OWN] if kind == "addressed" else [],
            "sectors": ["WSH"] if sector else ["EDU"],
            **{name: [place[-1]] for name in ("areas", "chain_areas")},
            **dict.fromkeys(("within", "chain_within"), place),
        }
        scope = scope_of(area=area, sector=sector) | ({Role.HUB} if kind == "addressed" else set())
        level = Sensitivity.SEVERE if kind == "private" else Sensitivity.MODERATE
        yield Sample(row, ALL - {Role.SECRETARIAT} if own else frozenset(), scope, level, own_alone=kind == "draft")


def uploads() -> Iterator[Sample]:
    senders = frozenset({Role.MEMBER, Role.COORDINATOR})  # hubs are not let in
    sides = {("reader", None, "coordinator"): senders, ("x", OWN, "member"): senders}
    for side in (*sides, ("x", OWN, "coordinator"), ("x", FOREIGN, "member"), ("x", None, "secretariat")):
        client, organisation, role = side
        row = {"client": client, "organisation_id": organisation, "role": role}
        yield Sample(row, sides.get(side, frozenset()), level=Sensitivity.MODERATE)


def mappings() -> Iterator[Sample]:
    senders = frozenset({Role.MEMBER, Role.COORDINATOR})  # hubs send nothing
    for side, shared in product(("reader", str(OWN), str(FOREIGN), "secretariat"), (True, False)):
        group = {"sector": "WSH", "scope": "idlib"} if shared else {"sector": None, "scope": None}
        row: dict[str, Any] = {"side": side, "profile": {}, **group}
        own = ALL - {Role.SECRETARIAT} if side in ("reader", str(OWN)) else frozenset()
        yield Sample(row, own, senders if shared else frozenset(), Sensitivity.MODERATE)


def subscriptions() -> Iterator[Sample]:
    for role, organisation, subject in product(READERS, (OWN, FOREIGN, None), ("reader", "somebody")):
        colleagues = {role} if organisation == OWN and role is not Role.SECRETARIAT else set()
        own = ALL - {Role.SECRETARIAT} if subject == "reader" else frozenset(colleagues)
        row = {"role": role, "organisation_id": organisation, "subject": subject}
        yield Sample(row, own, level=Sensitivity.MODERATE)


def organisations() -> Iterator[Sample]:
    for status, own in (("verified", True), ("verified", False), ("applied", False), ("suspended", False)):
        level = Sensitivity.LOW if status == "verified" else Sensitivity.HIGH
        mine = ALL - {Role.SECRETARIAT} if own else frozenset()
        row = {"status": status, "type_code": "441", "hidden_in": None, "merged_into": None}
        id = OWN if own else FOREIGN if status == "verified" else uuid4()
        code = {"organisation_id": id, "issuer": "WSH", "folded": str(id)}
        yield Sample(row, mine, level=level, id=id, beside=[("partner_code", code)])


def people() -> Iterator[Sample]:
    for organisations in ((OWN,), (FOREIGN,), (OWN, FOREIGN), (None,)):
        id = uuid4()
        name = f"person {id}"
        beside = [("person_profile", {"person_id": id, "name": name, "email": name, "folded_email": name})]
        beside += [
            ("person_grant", {"id": uuid4(), "person_id": id, "place": place, "organisation_id": each,
                              "role": "member" if each else "hub"})
            for place, each in enumerate(organisations)
        ]  # fmt: skip
        own = frozenset({Role.MEMBER}) if OWN in organisations else frozenset()
        yield Sample({"state": "active"}, own, beside=beside, id=id)


KINDS = (
    Kind(
        REPORTS,
        "report",
        OF_REPORTS,
        tuple(reports()),
        ({"include_withdrawn": "true"},),
        followed=True,
        internal=True,
        graph=True,
    ),
    Kind(TARGETS, "target", OF_TARGETS, tuple(targets()), followed=True, internal=True, graph=True),
    Kind(UPLOADS, "upload", OF_UPLOADS, tuple(uploads()), followed=True),
    Kind(MAPPINGS, "mapping", OF_MAPPINGS, tuple(mappings()), internal=True, graph=True),
    Kind(
        ALERTS,
        "alert",
        OF_ALERTS,
        tuple(alerts()),
        ({"status": "Draft"}, {"status": "Actual"}),
        followed=True,
        internal=True,
        graph=True,
        stream=True,
    ),
    Kind(SUBSCRIPTIONS, "subscription", OF_SUBSCRIPTIONS, tuple(subscriptions())),
    Kind(ORGANISATIONS, "organisation", OF_ORGANISATIONS, tuple(organisations()), followed=True, internal=True),
    Kind(
        ORGANISATION_DUPLICATES,
        "organisation_duplicate",
        OF_DUPLICATES,
        (Sample({"organisation_id": OWN, "other_id": FOREIGN, "state": "open"}, level=Sensitivity.HIGH),),
    ),
    Kind(
        PEOPLE,
        "person",
        OF_PEOPLE,
        tuple(people()),
        higher=dict.fromkeys(("version", "email", "language", "grants"), Sensitivity.SEVERE),
    ),
    Kind(
        CLIENTS,
        "client",
        OF_CLIENTS,
        tuple(Sample({"organisation_id": OWN}, id=f"client-{number}") for number in range(2)),
        item=False,
    ),
)

EXAMPLES: Mapping[str, Any] = {
    "country": "SY", "month": "2026-03", "month_from": "2026-03", "month_to": "2026-03", "unit": "people",
    "status": "Completed", "population_group": "idp", "organisation_resolved": True, "implementer_resolved": True,
    "implementer_contest": "dismissed", "indicator": "", "role": "member", "language": "en", "state": "active",
    "message_type": "Alert", "urgency": "Immediate", "severity": "Severe", "certainty": "Observed",
    "categories": ["Met"], "response_types": [], "sender": "urn:x", "expires": datetime(2099, 1, 1, tzinfo=UTC),
    "info": {"en": {"event": "Flood", "headline": "Flood"}}, "supersedes": [], "superseded_by": None, "flags": [],
    "cap_references": [], "counts": {}, "names": {"en": "Name"}, "acronyms": {}, "external_ids": {},
    "reason": "by_holder", "wanted_statuses": ["Actual"], "wanted_languages": ["en"], "measured_outputs": {},
    "as_written": {"donor": "x"}, "kind": "csv", "languages": ["en"], "failure": None, "failure_facts": {},
    "reviewed_as": "group",
    "submitted_by_role": "member", "reviewed_by_role": "coordinator", "withdrawn_by_role": "member", "level": 3,
    "disaggregation_method": "counted", "area_levels": None,
}  # fmt: skip
"""Values of columns that are not any value of their type."""
OF_TABLE: Mapping[str, Mapping[str, Any]] = {
    "upload": {
        "state": "failed",
        "failure": "no_rows",
        "failure_facts": {},
        "sheet_counts": {},
        "problem_counts": {},
        "columns": {},
        "replaces": False,
    },
}
MADE: Mapping[str, Callable[[int, str, Any], Any]] = {
    "text": lambda number, column, id: f"canary {column} {id}",
    "uuid": lambda number, column, id: UUID(int=0xC0DE0000 + number),
    "integer": lambda number, column, id: 400 if column == "people_total" else 80,
    "smallint": lambda number, column, id: 1,
    "bigint": lambda number, column, id: 7,
    "numeric": lambda number, column, id: number,
    "double precision": lambda number, column, id: 36 + number / 1000,
    "boolean": lambda number, column, id: True,
    "date": lambda number, column, id: date(2026, 3, 1),
    "timestamp with time zone": lambda number, column, id: datetime(2026, 3, 1, tzinfo=UTC),
    "jsonb": lambda number, column, id: [],
    "bytea": lambda number, column, id: str(id).encode(),
    "ARRAY": lambda number, column, id: [f"canary {column} {id}"],
}


async def insert(tx: Transaction, table: str, given: Mapping[str, Any], number: int) -> None:
    """A row in which every column has a value, these where they are given."""
    columns = await tx.fetch(
        """select column_name as name, data_type as kind from information_schema.columns
        where table_name = $1 and is_generated = 'NEVER' and column_name <> 'changed_in'""",
        table,
    )
    examples = {**EXAMPLES, **OF_TABLE.get(table, {}), **given}
    id = given.get("id")
    row = {
        name: examples[name] if name in examples else MADE[kind](number, name, id) for name, kind in map(tuple, columns)
    }
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    names = ", ".join(f'"{name}"' for name in row)
    await tx.execute(f"insert into {table} ({names}) values ({places})", *row.values())


async def fill(tx: Transaction, kind: Kind) -> None:
    """All rows of a noun."""
    for number, sample in enumerate(kind.samples, 1):
        await insert(tx, kind.table, {"id": sample.id, **sample.row}, number)
        for table, row in sample.beside:
            await insert(tx, table, row, number)
