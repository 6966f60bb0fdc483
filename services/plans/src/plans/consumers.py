"""What this service does when the registry speaks: it keeps where, which sectors and which indicators at hand."""

from contracts import folding, lines
from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, SectorChanged
from contracts.folding import folded
from messaging import Mirror, Projection

PROJECTION = Projection(
    mirrors=(
        Mirror(AreaChanged, "area", key=("country", "pcode"), columns=("level", "path", "names")),
        Mirror(
            SectorChanged,
            "sector",
            key=("code",),
            columns=("parent",),
            derived={"spellings": lambda sector: folded(sector.names, sector.aliases)},
        ),
        Mirror(IndicatorChanged, "indicator", key=("code",), columns=("sector", "unit")),
    ),
    rules=(folding, lines),
)
