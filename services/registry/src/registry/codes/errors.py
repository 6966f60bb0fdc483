"""Why a code of a code list is refused."""

from runtime.problems import Refusal


class SectorUnknown(Refusal):
    """There is no sector {code}."""

    ar = "لا يوجد قطاع بالرمز {code}."


class OrganisationTypeUnknown(Refusal):
    """There is no organisation type {code}."""

    ar = "لا يوجد نوع منظمة بالرمز {code}."
