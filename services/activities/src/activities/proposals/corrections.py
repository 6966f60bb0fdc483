"""A person's corrections of a proposal, made to how its sheets would be read; each that is wrong is refused by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.folding import fold
from contracts.lines import normalised
from runtime.problems import Invalid, Refusal
from runtime.validation import NotAChoice, UnknownField
from tables.conventions import UNKNOWN
from tables.doubts import letters
from tables.errors import ColumnsNotUnderstood
from tables.fields import Kind
from tables.headings import SheetColumn
from tables.profile import Profile
from tables.reading import YEAR
from tables.records import MOST_COLUMNS, TableRecord
from tables.sheet import headed_by
from tables.values import words_of

from activities.proposals.errors import (
    ColumnMissing,
    HeadingsOfOneSheet,
    RowNotShown,
    SheetMissing,
    TwoColumnsForField,
)
from activities.proposals.schemas import Confirmation
from activities.uploads.cells import ReportCells
from activities.uploads.fields import REPORT_FIELDS
from activities.uploads.headings import report_headings
from activities.uploads.row_context import RowContext

Told = Mapping[str, Any]


@dataclass
class Corrections:
    """The profiles of a proposal on their way to what a person says of them."""

    told: Told
    said: Confirmation
    profiles: dict[int, Profile]
    faults: list[Refusal] = field(default_factory=list)

    def made(self) -> Mapping[int, Profile]:
        """The profiles, corrected. Raises `Invalid` with all that is wrong."""
        self._choose_sheets()
        self._head()
        touched = self._correct_columns()
        self._take_proposed(touched)
        self._leave_out_rest()
        self._check_fields_once(touched)
        self._mean_values()
        self._pass_over()
        self._put_defaults()
        if self.faults:
            raise Invalid(self.faults)
        return self.profiles

    def _choose_sheets(self) -> None:
        if self.said.sheets is None:
            return
        sheets = {int(sheet["number"]): sheet for sheet in self.told["sheets"]}
        chosen: dict[int, Profile] = {}
        for name in self.said.sheets:
            by_place = [int(name)] if name.isascii() and name.isdecimal() else []
            numbers = [number for number, sheet in sheets.items() if sheet["name"] == name] or by_place
            number = numbers[0] if numbers else 0
            if number in self.profiles:
                chosen[number] = self.profiles[number]
            elif number in sheets and sheets[number].get("top"):
                chosen[number] = Profile(headings=(0,), columns=())
            else:
                self.faults.append(SheetMissing("sheets", sheet=name))
        self.profiles = chosen

    def _head(self) -> None:
        """Heading rows, where others are said than were found; a sheet without any needs them."""
        if self.said.headings is None:
            missing = [number for number, profile in self.profiles.items() if not profile.columns]
            if missing or not self.profiles:
                self.faults.append(RowNotShown("headings"))
            return
        only = next(iter(self.profiles), None) if self.profiles else self._only_sheet()
        if only is None or len(self.profiles) > 1:
            self.faults.append(HeadingsOfOneSheet("headings"))
            return
        sheet = next(each for each in self.told["sheets"] if each["number"] == only)
        rows = {row["row"]: TableRecord(row["row"], row["cells"]) for row in sheet.get("top", ())}
        if not rows.keys() >= set(self.said.headings):
            self.faults.append(RowNotShown("headings"))
            return
        known = report_headings()
        self.profiles = {only: headed_by([rows[number] for number in sorted(set(self.said.headings))], known)}

    def _only_sheet(self) -> int | None:
        shown = [sheet["number"] for sheet in self.told["sheets"] if sheet.get("top")]
        return shown[0] if len(shown) == 1 else None

    def _correct_columns(self) -> set[tuple[int, int]]:
        """Columns by what is said of them; which were touched."""
        touched: set[tuple[int, int]] = set()
        for name, said in self.said.columns.items():
            if said is not None and said != YEAR and REPORT_FIELDS.kind(said) is None:
                self.faults.append(UnknownField(f"columns.{name}"))
                continue
            for number, place in self._places(name, "columns"):
                self._change(number, place, said)
                touched.add((number, place))
        return touched

    def _take_proposed(self, touched: Iterable[tuple[int, int]]) -> None:
        """Columns that were proposed for a field, and of which nothing else is said, are for it: that was seen."""
        for number, profile in list(self.profiles.items()):
            for column in profile.columns:
                if column.proposed and not column.field and (number, column.place) not in touched:
                    self._change(number, column.place, column.proposed)

    def _places(self, name: str, part: str) -> list[tuple[int, int]]:
        """Sheets and places of the columns that are called so."""
        form = fold(name)
        found = [
            (number, column.place)
            for number, profile in self.profiles.items()
            for column in profile.columns
            if column.name and name in (column.heading, column.tag)
        ] or [
            (number, column.place)
            for number, profile in self.profiles.items()
            for column in profile.columns
            if form and fold(column.name) == form
        ]
        if not found and name.isascii() and name.isdecimal() and 0 < int(name) <= MOST_COLUMNS:
            found = [(number, int(name) - 1) for number in self.profiles]
        if not found:
            self.faults.append(ColumnMissing(f"{part}.{name}", column=name))
        return found

    def _change(self, number: int, place: int, said: str | None) -> None:
        """A column that is for this field, or left out."""
        profile = self.profiles[number]
        columns = {column.place: column for column in profile.columns}
        old = columns.get(place) or SheetColumn(place, "", None, None)
        unlike = REPORT_FIELDS.sort(said or "") != REPORT_FIELDS.sort(old.field or "")
        if said != old.field:
            old = replace(old, added=False, also=(), sum_of=())
        columns[place] = replace(
            old,
            field=said,
            confidence=1.0 if said else 0.0,
            proposed=None,
            doubtful=False,
            spare=None if said else "",
            counts_rows=False,
            convention=UNKNOWN if unlike else old.convention,
        )
        ordered = tuple(columns[place] for place in sorted(columns))
        self.profiles[number] = profile.model_copy(update={"columns": ordered, "lost": profile.lost - {place}})

    def _leave_out_rest(self) -> None:
        """Columns that are asked about must be answered."""
        asked: list[tuple[int, int, str]] = []
        for sheet in self.told["sheets"]:
            profile = self.profiles.get(sheet["number"])
            if profile is None or self.said.headings is not None:
                continue
            places = {column.place: column for column in profile.columns}
            for told in (column for column in sheet.get("columns", ()) if column["state"] == "asked"):
                place = told["column"] - 1
                column = places.get(place)
                if column is None or (not column.field and column.spare != ""):
                    asked.append((sheet["number"], place, told["heading"] or told["tag"] or letters(place)))
        if asked and not self.said.accept_ignored:
            self.faults.append(
                ColumnsNotUnderstood("columns", columns="; ".join(n for *_, n in asked), count=len(asked))
            )
            return
        for number, place, _ in asked:
            self._change(number, place, None)

    def _check_fields_once(self, touched: Iterable[tuple[int, int]]) -> None:
        """Two columns for one field are one too many where a person said so of one of them."""
        for number, place in sorted(touched):
            columns = {column.place: column for column in self.profiles[number].columns}
            said = columns[place].field
            if said is None or said in REPORT_FIELDS.kept_together or REPORT_FIELDS.kind(said) is Kind.TEXTS:
                continue
            others = [
                column
                for column in columns.values()
                if column.field == said
                and column.place != place
                and not (column.added or column.sum_of)
                and self._in_one_row(number, place, column.place)
            ]
            if others:
                names = [each.name or letters(each.place) for each in (columns[place], others[0])]
                self.faults.append(TwoColumnsForField(f"columns.{names[0]}", first=names[0], second=names[1]))

    def _in_one_row(self, number: int, one: int, other: int) -> bool:
        """Whether two columns of a sheet may say something of one row."""
        rows = [
            {n for n, each in enumerate(self.profiles[number].templates) if p in each.columns} for p in (one, other)
        ]
        return not all(rows) or not rows[0].isdisjoint(rows[1])

    def _mean_values(self) -> None:
        for said, texts in self.said.values.items():
            places = [
                (number, column.place)
                for number, profile in self.profiles.items()
                for column in profile.columns
                if column.field == said
            ]
            if not places:
                self.faults.append(ColumnMissing(f"values.{said}", column=said))
                continue
            read = {normalised(text).strip(): self._checked(said, value, "values") for text, value in texts.items()}
            for number, place in places:
                profile = self.profiles[number]
                values = {**profile.values, place: {**profile.values.get(place, {}), **read}}
                self.profiles[number] = profile.model_copy(update={"values": values})

    def _checked(self, said: str, value: str, part: str) -> str:
        """The value as a cell of the field would say it."""
        try:
            read = ReportCells(RowContext()).value_of(said, value, UNKNOWN, {})
        except Refusal as fault:
            fault.field = f"{part}.{said}"
            self.faults.append(fault)
            return value
        choices = REPORT_FIELDS.kind(said) in (Kind.CHOICE, Kind.YES_OR_NO) and _choices(said)
        if choices and str(read) not in choices:
            self.faults.append(NotAChoice(f"{part}.{said}", expected=", ".join(choices)))
        return str(read)

    def _pass_over(self) -> None:
        for name, texts in self.said.passed_over.items():
            for number, place in self._places(name, "passed_over"):
                profile = self.profiles[number]
                said = frozenset(normalised(text).strip() for text in texts)
                passed = {**profile.passed_over, place: profile.passed_over.get(place, frozenset()) | said}
                self.profiles[number] = profile.model_copy(update={"passed_over": passed})

    def _put_defaults(self) -> None:
        defaults: dict[str, str] = {}
        for said, value in self.said.defaults.items():
            if said == YEAR and value.isdecimal() and len(value) == 4:
                defaults[said] = value
            elif said == YEAR:
                self.faults.append(NotAChoice("defaults.year", expected="2025, 2026 …"))
            elif REPORT_FIELDS.kind(said) is None or "." in said:
                self.faults.append(UnknownField(f"defaults.{said}"))
            else:
                defaults[said] = self._checked(said, value, "defaults")
        for number, profile in self.profiles.items():
            self.profiles[number] = profile.model_copy(update={"defaults": {**profile.defaults, **defaults}})


def _choices(field: str) -> Sequence[str]:
    return sorted(set(words_of(field).values())) or ["true", "false"]


def texts_named(said: Confirmation, fields: Iterable[str]) -> list[tuple[str, str]]:
    """What the corrections say for these fields: each with where it is said."""
    wanted = frozenset(fields)
    values = [
        (f"values.{name}", value) for name, texts in said.values.items() if name in wanted for value in texts.values()
    ]
    return [*values, *((f"defaults.{name}", value) for name, value in said.defaults.items() if name in wanted)]
