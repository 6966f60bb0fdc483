"""What this service does when the registry speaks: it keeps who, where and which codes at hand."""

from contracts import folding, lines
from contracts.folding import fold
from contracts.registry import AreaChanged, IndicatorChanged, OrganisationChanged, ScopeChanged, SectorChanged
from contracts.values import Names
from messaging import Mirror, Projection


def _forms(names: Names, aliases: tuple[str, ...] = ()) -> list[str]:
    """All its spellings, by which a file or a report may name it."""
    return sorted(
        {form for text in (names.ar, names.en, names.tr, names.ku, *aliases) if text and (form := fold(text))}
    )


def _spellings(named: OrganisationChanged | AreaChanged | SectorChanged) -> list[str]:
    return _forms(named.names, named.aliases)


PROJECTION = Projection(
    mirrors=(
        Mirror(
            OrganisationChanged,
            "organisation",
            key=("id",),
            columns=("status",),
            derived={"spellings": _spellings, "acronyms": lambda organisation: _forms(organisation.acronyms)},
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
