"""Why a machine client is refused."""

from runtime.problems import Refusal


class OrganisationNeeded(Refusal):
    """A member's client belongs to an organisation."""

    ar = "يجب ربط عميل (client) العضو بمنظمة."


class SectorsNeeded(Refusal):
    """A coordinator's client names the sectors of its working group."""

    ar = "يجب تحديد قطاعات مجموعة العمل لعميل (client) المنسّق."


class AreasNeeded(Refusal):
    """A client of this role names the areas it covers."""

    ar = "يجب تحديد المناطق التي يغطيها العميل (client) في هذا الدور."


class OrganisationNotVerified(Refusal):
    """There is no verified organisation with this id."""

    ar = "لا توجد منظمة موثّقة بهذا المعرّف."
