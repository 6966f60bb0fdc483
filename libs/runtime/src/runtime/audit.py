"""The audit trail: every change, and every look at high or severe data, appended with the request."""

from collections.abc import Mapping, Sequence

from database import Transaction

from runtime.access import Principal


async def record(
    tx: Transaction, principal: Principal, action: str, target: str, details: Mapping[str, object] | None = None
) -> None:
    """Append one entry. `target` names the object, such as `report:0190…`; details hold no personal data."""
    await tx.execute(
        """
        insert into audit_entry (subject, role, organisation_id, action, object, details)
        values ($1, $2, $3, $4, $5, $6)
        """,
        principal.subject,
        principal.role,
        principal.organisation_id,
        action,
        target,
        dict(details or {}),
    )


async def record_all(
    tx: Transaction, principal: Principal, action: str, entries: Sequence[tuple[str, Mapping[str, object]]]
) -> None:
    """Append one entry for each target with its details, with one statement."""
    await tx.execute(
        """
        insert into audit_entry (subject, role, organisation_id, action, object, details)
        select $1, $2, $3, $4, e.object, e.details
          from unnest($5::text[], $6::jsonb[]) with ordinality as e (object, details, place)
         order by e.place
        """,
        principal.subject,
        principal.role,
        principal.organisation_id,
        action,
        [target for target, _ in entries],
        [dict(details) for _, details in entries],
    )
