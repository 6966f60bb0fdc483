"""What a reader can learn of counts: every answer they get as an equation over the counts behind it.

The reader is given more than they have: which reports there are, which of them count where, and which parts each
tells. Withheld from them are the counts alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from client import Refused, Tansiq

from .solving import Equations

SEXES = ("men", "women", "boys", "girls")
AGES = ("age_0_4", "age_5_11", "age_12_17", "age_18_59", "age_60_plus")
PARTS = (*SEXES, *AGES, "with_disability")
SMALL = 10
FEWEST = 3
COUNTED = ("Ongoing", "Completed")
NEW_ONLY = ("PRO", "EDU", "SHL")
COLUMNS = {
    "people_total": "total",
    **{f"people_{name}": name for name in (*SEXES, "with_disability")},
    "people_not_disaggregated": "rest",
    "frequencies": "total",
    "official_people_total": "total",
    "official_frequencies": "total",
}
Terms = dict[tuple[tuple[str, int], str], int]


@dataclass(frozen=True)
class Row:
    """A version of a report as the secretariat sees it."""

    content: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, int]:
        return self.content["id"], self.content["version"]

    @property
    def protected(self) -> bool:
        return bool(self.content["sector"].startswith("PRO"))

    @property
    def organisations(self) -> set[str]:
        return {self.content["organisation_id"], self.content["implementer_id"] or self.content["organisation_id"]}

    @property
    def reaches(self) -> bool:
        return self.content["sector"].split("-")[0] not in NEW_ONLY or bool(self.content["newly_reached"])

    def count(self, part: str) -> int | None:
        people: Mapping[str, int | None] = self.content["people"]
        if part in ("rest", "age_rest"):
            parts = [people[name] for name in (SEXES if part == "rest" else AGES)]
            return (people["total"] or 0) - sum(count or 0 for count in parts)
        return people[part]

    def terms(self, part: str) -> Terms:
        """The unknown, if there is one: what was not told is nothing, and a reader may know that."""
        return {(self.key, part): 1} if self.count(part) else {}

    def partitions(self) -> Iterable[Terms]:
        """Parts by sex add up to the total, with what they leave, and so do those by age."""
        for parts in ((*SEXES, "rest"), (*AGES, "age_rest")):
            if any(self.count(part) is not None for part in parts[:-1]):
                given = {(self.key, part): -1 for part in parts if self.count(part) is not None}
                yield {(self.key, "total"): 1, **given}

    def withheld(self, part: str, reader: str | None) -> bool:
        """Whether the rule keeps it from the reader."""
        count = self.count(part)
        if count is None or reader == self.content["organisation_id"]:
            return False
        return self.protected or (part != "total" and count < SMALL)


class Moment:
    """The rows there are at a time, by where they count."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.cells: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            said = row.content
            for area in said["area_path"]:
                for group in ("all", said["population_group"]):
                    self.cells[area, said["sector"], group, said["month"]].append(row)
        self._months = sorted({month for _, _, _, month in self.cells})

    def sum_of(self, place: tuple[str, str, str], period: tuple[str, str], column: str) -> Terms:
        """What a column of a figure adds up."""
        months = [month for month in self._months if period[0] <= month <= period[1]]
        rows = [row for month in months for row in self.cells.get((*place, month), ())]
        return terms_of(rows, column)


def terms_of(rows: Iterable[Row], column: str) -> Terms:
    """What a column adds up of these rows."""
    official = column.startswith("official")
    terms: Terms = {}
    for row in rows:
        stage = row.content["stage"]
        counts = stage == "approved" if official else stage != "returned"
        if counts and row.content["status"] in COUNTED and (row.reaches or "frequencies" in column):
            terms |= row.terms(COLUMNS[column])
    return terms


@dataclass
class Learnt:
    """What one reader has learnt, and what they must not."""

    reader: str | None
    """Their organisation."""
    equations: Equations = field(default_factory=Equations)
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)
    cells: dict[tuple[Any, ...], tuple[Terms, int]] = field(default_factory=dict)
    shown: int = 0

    async def read(self, reader: Tansiq, now: Moment, months: tuple[str, str], *, history: bool) -> None:
        """Every answer the reader gets now; with `history` all versions of each report too."""
        for row in now.rows:
            if row.key not in self.rows:
                self.rows[row.key] = row
                for terms in row.partitions():
                    self.equations.learn(terms, 0)
        period = {"month_from": months[0], "month_to": months[1]}
        visible = [row async for row in reader.session.pages("/api/activities/v1/reports", **period)]
        for report in visible:
            self._row(report)
            for version in await versions(reader, report["id"]) if history else ():
                self._row(version)
        for level in range(4):
            for group in ("all", "each"):
                asked = {**period, "level": level, "population_group": group}
                async for figure in reader.session.pages("/api/reporting/v1/coverage", **asked):
                    self._figure(figure, now)
                async for progress in reader.session.pages("/api/reporting/v1/progress", **asked):
                    self._progress(progress, now)
        self._note_cells(now, len(self.cells))

    def _learn(self, terms: Terms, value: int | None) -> None:
        if value is not None and terms:
            self.shown += 1
            self.equations.learn(terms, value)

    def _row(self, row: Mapping[str, Any]) -> None:
        truth = self.rows.get((row["id"], row["version"]))
        if truth is None:
            return
        for part in ("total", *PARTS):
            self._learn(truth.terms(part), row["people"][part])

    def _figure(self, figure: Mapping[str, Any], now: Moment) -> None:
        place = (figure["area"], figure["sector"], figure["population_group"])
        for column in COLUMNS:
            self._learn(now.sum_of(place, (figure["month"], figure["month"]), column), figure[column])

    def _progress(self, progress: Mapping[str, Any], now: Moment) -> None:
        if progress["indicator"]:
            return
        place = (progress["area"], progress["sector"], progress["population_group"])
        period = (progress["month_from"], progress["month_to"])
        self._learn(now.sum_of(place, period, "people_total"), progress["people_reached"])
        self._learn(now.sum_of(place, period, "official_people_total"), progress["official_people_reached"])

    def _note_cells(self, now: Moment, moment: int) -> None:
        """The cells there are now, and what the rule keeps back of them beside the reader's own part."""
        for (area, sector, group, month), rows in now.cells.items():
            others = [row for row in rows if row.content["organisation_id"] != self.reader]
            protected = sector.startswith("PRO")
            for column, part in COLUMNS.items():
                terms = terms_of(others, column)
                value = sum(self.rows[key].count(part) or 0 for key, _ in terms)
                small = not protected and part not in ("total", "rest") and value < SMALL
                if terms and (small or (protected and not self._released(area, others, part))):
                    self.cells[moment, area, sector, group, month, column] = terms, value

    def _released(self, area: str, rows: Sequence[Row], part: str) -> bool:
        """Whether a governorate's count may be told, or one of all governorates whose counts may."""
        governorates: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            governorates[row.content["adm1"]].append(row)
        whole = area in governorates or area == rows[0].content["country"]
        return whole and all(self._enough(there, part) for there in governorates.values())

    def _enough(self, rows: Sequence[Row], part: str) -> bool:
        """Whether enough other organisations stand behind it, or none: then it is all the reader's own."""
        others = [row for row in rows if self.reader not in row.organisations]
        counted = [row for row in others if row.content["stage"] == "approved" and row.reaches and row.count(part)]
        return not others or len({row.content["organisation_id"] for row in counted}) >= FEWEST

    def found(self) -> list[Any]:
        """What the rule withholds and the reader can compute."""
        return [*self._found_rows(), *(key for key, (terms, _) in self.cells.items() if self.equations.tells(terms))]

    def _found_rows(self) -> list[Any]:
        return [(key, part) for key, part in self.kept() if self.equations.tells({(key, part): 1})]

    def kept(self) -> list[tuple[tuple[str, int], str]]:
        """Counts of rows that the rule keeps from the reader."""
        return [
            (key, part)
            for key, row in self.rows.items()
            for part in ("total", *PARTS)
            if row.withheld(part, self.reader) and row.terms(part)
        ]

    def narrowed(self) -> list[Any]:
        """Of these, what is left less room than ten, or than its row's total leaves where that is plain."""
        kept = self.kept()
        room = self.equations.room([{(key, part): 1} for key, part in kept])
        found = []
        for (key, part), (least, greatest) in zip(kept, room, strict=True):
            plain = self.equations.tells({(key, "total"): 1})
            most = min(SMALL, self.rows[key].count("total") or 0) if plain else SMALL
            if greatest - least < most - 1e-6:
                found.append((key, part, least, greatest))
        return found


async def versions(reader: Tansiq, id: str) -> list[dict[str, Any]]:
    """Each version of a report, as far as this reader may see it."""
    try:
        return [one["report"] async for one in reader.session.pages(f"/api/activities/v1/reports/{id}/versions")]
    except Refused:
        return []
