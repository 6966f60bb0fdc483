"""Who sees which figure, and whether whole: of the cells `c` and the area `a` they are of."""

from uuid import UUID

from contracts.sensitivity import Sensitivity
from runtime.access import CLEARANCE, Reader, Relation, Role
from runtime.visibility import Visibility

NEVER_WHOLE = ("PRO-GBV", "PRO-CPN")
"""Sectors whose figures are whole for the secretariat alone, also within a coordinator's scope."""
_NEVER_WHOLE = "array[{}]".format(", ".join(f"'{code}'" for code in NEVER_WHOLE))
_GOVERNORATE = 1
IN_SCOPE = (
    "{column} = any({{sectors}}) and {column} <> all(" + _NEVER_WHOLE + ") and coalesce(a.path && {{areas}}, false)"
)
WHOLE = Visibility(in_scope={Role.COORDINATOR: IN_SCOPE.format(column="p.sector")})
"""Of a target `p`: its rows are bounded where they are found. Cleared for high is who sees its figures whole, for
severe who sees them so even where a severe report counts."""


def of_figures(hub: str) -> Visibility:
    """Of figures by sector; `hub` says when a cell lies in a hub's areas.

    Below governorates others are not told that there is work on violence or child protection, not by a count of
    reports.
    """
    return Visibility(
        in_scope={Role.COORDINATOR: IN_SCOPE.format(column="c.sector"), Role.HUB: hub},
        level=Sensitivity.MODERATE,
        raised={f"c.level > {_GOVERNORATE} and c.sector = any({_NEVER_WHOLE})": Sensitivity.SEVERE},
    )


def of_presence(cell: str) -> Visibility:
    """Of an organisation's presence: it is named by the lowest of its reports.

    One that is not verified, such as a name nobody has resolved, to its reviewers alone; of severe reports of others
    nothing is said, not that they are there. Hubs see cells of their areas alone, and their own organisation there as
    any other.
    """
    return Visibility(
        own=f"{cell}.organisation_id = any({{organisations}})",
        in_scope={Role.COORDINATOR: f"{cell}.sector = any({{sectors}}) and a.path && {{areas}}"},
        clearance={**CLEARANCE, Role.HUB: dict.fromkeys((Relation.OWN, Relation.OTHER), Sensitivity.MODERATE)},
        level=f"""case when {cell}.moderate_reports > 0 and {cell}.organisation_id in (
            select known.id from organisation as known where known.verified) then 'moderate'
            when {cell}.high_reports > 0 then 'high' else 'severe' end""",  # noqa: S608  constants
    )


def organisations_of(reader: Reader) -> tuple[UUID, ...]:
    """Those whose own reports the reader knows."""
    return reader.organisations if Relation.OWN in CLEARANCE[reader.role] else ()
