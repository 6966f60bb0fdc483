"""Why an organisation is refused."""

from runtime.problems import Refusal


class OrganisationTypeUnknown(Refusal):
    """There is no organisation type {code}."""

    ar = "لا يوجد نوع منظمة بالرمز {code}."


class SectorUnknown(Refusal):
    """There is no sector {code}."""

    ar = "لا يوجد قطاع بالرمز {code}."


class AreaUnknown(Refusal):
    """There is no such area: {pcode}."""

    ar = "لا توجد منطقة بالرمز {pcode}."
