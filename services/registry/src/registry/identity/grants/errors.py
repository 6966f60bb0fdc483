"""Why powers are refused."""

from runtime.problems import Refusal


class GrantNeedsOrganisation(Refusal):
    """A member acts for an organisation: name it."""

    ar = "العضو يعمل باسم منظمة: حدّد المنظمة."


class GrantNeedsSectors(Refusal):
    """A coordinator names the sectors of the working group."""

    ar = "يجب تحديد قطاعات مجموعة العمل لدور المنسّق."


class GrantNeedsAreas(Refusal):
    """This role names the areas it covers."""

    ar = "يجب تحديد المناطق التي يغطيها هذا الدور."


class NotOfThisRole(Refusal):
    """The role {role} has no such part."""

    ar = "لا مكان لهذا الحقل في الدور: {role}."
