"""Why a machine client is refused."""

from runtime.problems import Refusal


class OrganisationNeeded(Refusal):
    """A member's client belongs to an organisation."""

    ar = "عميل العضو يتبع لمنظمة."


class SectorsNeeded(Refusal):
    """A coordinator's client names the sectors of its working group."""

    ar = "عميل المنسق يذكر قطاعات مجموعة عمله."


class AreasNeeded(Refusal):
    """A client of this role names the areas it covers."""

    ar = "عميل هذا الدور يذكر المناطق التي يغطيها."


class OrganisationNotVerified(Refusal):
    """There is no verified organisation with this id."""

    ar = "لا توجد منظمة موثّقة بهذا المعرّف."
