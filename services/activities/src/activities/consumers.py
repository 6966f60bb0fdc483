"""What this service does when the registry speaks: it keeps who, where and which codes at hand."""

from contracts import folding, lines
from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.folding import fold, folded
from contracts.organisations import OrganisationChanged
from messaging import Mirror, Projection


def _spellings(named: OrganisationChanged | AreaChanged | SectorChanged) -> list[str]:
    return folded(named.names, named.aliases)


PROJECTION = Projection(
    mirrors=(
        Mirror(
            OrganisationChanged,
            "organisation",
            key=("id",),
            columns=("status", "merged_into"),
            derived={
                "spellings": _spellings,
                "acronyms": lambda organisation: folded(organisation.acronyms),
                "codes": lambda organisation: [fold(each.code) for each in organisation.partner_codes],
                "issuers": lambda organisation: [each.issuer for each in organisation.partner_codes],
            },
        ),
        Mirror(
            AreaChanged,
            "area",
            key=("country", "pcode"),
            columns=("level", "path", "names"),
            derived={"spellings": _spellings},
        ),
        Mirror(
            SectorChanged,
            "sector",
            key=("code",),
            columns=("parent", "has_working_group"),
            derived={"spellings": _spellings},
        ),
        Mirror(IndicatorChanged, "indicator", key=("code",), columns=("sector", "unit")),
        Mirror(ScopeChanged, "scope", key=("code",), columns=("country", "areas", "active_from", "time_zone")),
    ),
    rules=(folding, lines),
)
