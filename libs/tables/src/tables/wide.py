"""Wide sheets: columns whose headings part one field by month, by whom, by new and repeated, by sex and age.

Parts by sex and age are added; parts by anything else make a row each (`RowTemplate`). What stands beside its own
parts is compared with them, never added.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tables.fields import Fields
from tables.headings import ALL_WORDS, GUESSED, Headings, SheetColumn
from tables.parts import MONTH, HeadingParts, parts_in, year_in
from tables.people import PeopleGroup, cover, people_in
from tables.phrases import NOT_READ
from tables.profile import Profile, RowTemplate

Said = frozenset[tuple[str, str]]
"""What a heading says beside what it counts, as fields with their texts; nothing where it holds for the whole line."""
EVERY_ROW: Said = frozenset()


@dataclass(frozen=True)
class _Meaning:
    """What a column counts, and of which part."""

    said: Said = EVERY_ROW
    field: str | None = None
    group: PeopleGroup | None = None
    """People who are a part of a field, or several."""
    spare: str | None = None
    bare: bool = False
    """Whether nothing is said of what it counts."""

    @property
    def counts(self) -> str | PeopleGroup | None:
        return self.field or self.group


def laid_out(profile: Profile, headings: Sequence[str], known: Headings, titles: Sequence[str] = ()) -> Profile:
    """The profile with the parts that headings name as they are; `headings` in full, by place.

    Titles may say of which year the months are, and what months alone count.
    """
    fields = known.fields
    columns = {column.place: column for column in profile.columns}
    meanings = {column.place: _meaning(column, _at(headings, column), known) for column in profile.columns}
    parted = _parted(meanings, fields)
    if all(each.bare for each in meanings.values() if each.said in parted):
        counted = _figure_named_in(titles, known)
        meanings = {place: replace(each, field=counted) if each.bare else each for place, each in meanings.items()}
    for place, meaning in meanings.items():
        if meaning.said and meaning.said not in parted:
            meanings[place] = _Meaning(field=columns[place].field)
    scopes: dict[Said, dict[int, _Meaning]] = {said: {} for said in (EVERY_ROW, *parted)}
    for place, meaning in meanings.items():
        scopes[meaning.said][place] = meaning
    for said, scope in scopes.items():
        columns |= _grouped({place: columns[place] for place in scope}, scope, fields, wide=bool(said))
    year = year_in(titles)
    templates = tuple(RowTemplate(constants=_constants(said, year), columns=frozenset(scopes[said])) for said in parted)
    columns |= _sums(columns, templates, scopes[EVERY_ROW], fields)
    own = {place for template in templates for place in template.columns}
    whole = [column for column in columns.values() if column.field and column.place not in own and not column.sum_of]
    told = dict.fromkeys(column.field for column in whole if column.field and column.field.startswith(fields.figures))
    return profile.model_copy(
        update={
            "columns": tuple(columns[place] for place in sorted(columns)),
            "templates": templates,
            "told_once": tuple(told) if templates else (),
        }
    )


def _at(headings: Sequence[str], column: SheetColumn) -> str:
    return headings[column.place] if column.place < len(headings) else column.heading


def _figure_named_in(titles: Sequence[str], known: Headings) -> str | None:
    """The one figure that titles name."""
    named = {field for title in titles for field in known.fields_named(title) if field.startswith(known.fields.figures)}
    return named.pop() if len(named) == 1 else None


def _meaning(column: SheetColumn, heading: str, known: Headings) -> _Meaning:
    fields = known.fields
    if column.tag or (column.field and column.field not in fields.parted_by):
        return _Meaning(field=column.field)
    parts = parts_in(heading, fields.parted_by)
    if parts is None or not parts.said:
        group = people_in(heading) if not column.field and column.spare is None else None
        return _Meaning(field=column.field, group=group)
    return _counted(parts, known)


def _counted(parts: HeadingParts, known: Headings) -> _Meaning:
    """What the rest of a heading counts: what it names, the people of a group, or all people where it says no more."""
    if not parts.rest:
        return _Meaning(parts.said, known.fields.total, bare=True)
    field = known.lookup_heading(parts.rest)
    if not field:
        return _Meaning(parts.said, group=people_in(parts.rest))
    if field.startswith(NOT_READ):
        return _Meaning(parts.said, spare=field.removeprefix(NOT_READ))
    return _Meaning(parts.said, field) if field.startswith(known.fields.figures) else _Meaning()


def _parted(meanings: Mapping[int, _Meaning], fields: Fields) -> list[Said]:
    """The parts that are rows of their own, in the order of their columns: of one sort, and of one field at least."""
    said = dict.fromkeys(each.said for each in meanings.values() if each.said and each.counts)
    leading = [each for each in said if _kinds(each) != {fields.planned}]
    counted = Counter(each.counts for each in meanings.values() if each.said in leading and each.counts)
    if len(leading) < 2 or len({_kinds(each) for each in leading}) > 1 or max(counted.values()) < 2:
        return []
    return [each for each in said if each in leading or MONTH not in _kinds(leading[0])]


def _kinds(said: Said) -> frozenset[str]:
    return frozenset(kind for kind, _ in said)


def _constants(said: Said, year: str | None) -> dict[str, str]:
    constants = dict(sorted(said))
    if year and constants.get(MONTH, "").isdecimal():
        constants[MONTH] = f"{year}-{int(constants[MONTH]):02d}"
    return constants


def _grouped(
    columns: Mapping[int, SheetColumn], scope: Mapping[int, _Meaning], fields: Fields, *, wide: bool
) -> dict[int, SheetColumn]:
    """The columns of one row with those that are parts of a field by sex and age."""
    exact = {group: field for field, group in fields.groups.items()}
    found = {
        place: _read_as(columns[place], each, fields.total) if wide else columns[place] for place, each in scope.items()
    }
    groups = {place: each.group for place, each in scope.items() if each.group}
    for place, group in groups.items():
        if field := exact.get(group):
            found[place] = replace(found[place], field=field, confidence=ALL_WORDS)
    for field, whole in fields.groups.items():
        inside = {place: group for place, group in groups.items() if group != whole and group.within(whole)}
        parts = [place for place in inside if not _is_sum(place, inside)]
        if not parts or not cover(whole, [groups[place] for place in parts]):
            continue
        sums = [place for place, column in found.items() if column.field == field]
        for place in inside:
            column = found[place]
            if place not in parts:
                found[place] = replace(column, spare="")
            elif not column.field:
                found[place] = replace(column, field=field, confidence=ALL_WORDS, added=True)
            elif not sums:
                found[place] = replace(column, also=(*column.also, field))
        for place in sums:
            found[place] = replace(found[place], field=None, spare="") if wide else _sum_of(found[place], parts)
    return found


def _read_as(column: SheetColumn, meaning: _Meaning, total: str | None) -> SheetColumn:
    if meaning.bare and not meaning.field:
        return replace(column, field=None, doubtful=False, spare=None, confidence=GUESSED, proposed=total)
    confidence = ALL_WORDS if meaning.field else 0.0
    return replace(column, field=meaning.field, doubtful=False, spare=meaning.spare, confidence=confidence)


def _is_sum(place: int, inside: Mapping[int, PeopleGroup]) -> bool:
    """Whether it counts those that other columns count by smaller groups."""
    own = inside[place]
    return cover(own, [group for group in inside.values() if group != own and group.within(own)])


def _sum_of(column: SheetColumn, parts: Sequence[int]) -> SheetColumn:
    return replace(column, sum_of=tuple(sorted({*column.sum_of, *parts})))


def _sums(
    columns: Mapping[int, SheetColumn], templates: Sequence[RowTemplate], whole: Mapping[int, object], fields: Fields
) -> dict[int, SheetColumn]:
    """Columns of the whole line that are what the rows of the line come to."""
    found = {}
    for place in whole:
        if field := columns[place].field:
            parts = [part for template in templates for part in _parts_of(field, template, columns, fields)]
            if parts:
                found[place] = _sum_of(columns[place], parts)
    return found


def _parts_of(field: str, template: RowTemplate, columns: Mapping[int, SheetColumn], fields: Fields) -> list[int]:
    """The columns of a row that say the field; of the total those of its parts, where it says no total."""
    same = [place for place in template.columns if columns[place].field == field]
    if same or field != fields.total:
        return same
    return [place for place in template.columns if columns[place].field in fields.parts]
