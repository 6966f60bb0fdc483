"""Who sees which `person`, what of them, and who may change them."""

from contracts.people import PEOPLE, PersonName
from contracts.sensitivity import Sensitivity
from runtime.access import TO_HOLDERS, WHOLE, Clearance, Relation, Role
from runtime.visibility import Visibility

NAMES = tuple(PersonName.model_fields)
"""What an organisation sees of its own people: no address, and nothing of what they are to others."""
CLEARANCE: Clearance = {Role.MEMBER: {Relation.OWN: Sensitivity.HIGH}, Role.SECRETARIAT: WHOLE}
_OWN = """exists (select from person_grant as own
                   where own.person_id = person.id and own.organisation_id = any({organisations}))"""
VISIBILITY = Visibility(
    own=_OWN,
    clearance=CLEARANCE,
    fields=dict.fromkeys(set(PEOPLE.columns) - set(NAMES), Sensitivity.SEVERE),
)
CHANGEABLE = Visibility(
    own=f"""{_OWN} and not exists (
        select from person_grant as held where held.person_id = person.id
           and (held.role <> 'member' or held.organisation_id is null
                or held.organisation_id <> all({{organisations}})))""",
    clearance=TO_HOLDERS,
)
"""Whom an organisation may change: they are its members and nothing else besides."""
