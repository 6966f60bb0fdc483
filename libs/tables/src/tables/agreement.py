"""Two columns of a sheet that mean one field: the same in two writings, one completing the other, or a question."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from contracts.folding import fold

from tables.conventions import Convention
from tables.doubts import letters
from tables.errors import ColumnsDisagree
from tables.headings import SheetColumn
from tables.phrases import spelled
from tables.profile import Profile
from tables.spelling import parts
from tables.survey import Survey

CODED = frozenset({"code", "codes", "acronym", "id", "pcode", "رمز", "اختصار"})
"""Words of a heading whose column has a name's code, not another name."""
LONGEST_TOLD = 60

Texts = tuple[str, str]
Meaning = frozenset[object]
"""All that a cell may mean."""
UNKNOWN_MEANING: Meaning = frozenset()
Means = Callable[[str, str, Convention], Meaning]
"""What a cell of a field means, by the convention of its column."""


def number_or_text(value: object) -> Meaning:
    """`7` and `7.0` are one."""
    try:
        return frozenset({Decimal(str(value))})
    except InvalidOperation:
        return frozenset({value})


def disagreement(profile: Profile, survey: Survey, means: Means) -> ColumnsDisagree | None:
    """The first two columns of a sheet that mean one field and say two things, and where they do."""
    columns = {column.place: column for column in profile.columns}
    for (one, other), texts in survey.pairs.items():
        if columns[one].field is None or columns[one].field != columns[other].field:
            continue
        if differing := _differing(columns[one], columns[other], texts, means):
            (first, second), row = differing
            return ColumnsDisagree(
                first=_named(columns[one]),
                second=_named(columns[other]),
                first_value=first[:LONGEST_TOLD],
                second_value=second[:LONGEST_TOLD],
                at_row=row,
            )
    return None


def _differing(
    one: SheetColumn, other: SheetColumn, texts: Mapping[Texts, int], means: Means
) -> tuple[Texts, int] | None:
    unequal: dict[Texts, int] = {}
    for (first, second), row in sorted(texts.items(), key=lambda entry: entry[1]):
        meanings = _meaning(one, first, means), _meaning(other, second, means)
        if all(meanings):
            if meanings[0].isdisjoint(meanings[1]):
                return (first, second), row
        elif not _share_a_part(first, second):
            unequal[first, second] = row
    if not unequal or _translate(one, other, unequal):
        return None
    return min(unequal.items(), key=lambda entry: entry[1])


def _meaning(column: SheetColumn, text: str, means: Means) -> Meaning:
    return means(column.field or "", text, column.convention)


def _share_a_part(one: str, other: str) -> bool:
    forms = [{form for part in parts(text) if (form := fold(part))} for text in (one, other)]
    return not forms[0].isdisjoint(forms[1])


def _translate(one: SheetColumn, other: SheetColumn, unequal: Iterable[Texts]) -> bool:
    """Whether each name nobody knows stands with one other name: in another script, or beside its code."""
    coded = _is_coded(one) != _is_coded(other)
    if not coded and not all(_is_arabic(first) != _is_arabic(second) for first, second in unequal):
        return False
    forms = {(fold(first), fold(second)) for first, second in unequal}
    return len(forms) == len({first for first, _ in forms}) == len({second for _, second in forms})


def _is_coded(column: SheetColumn) -> bool:
    return not CODED.isdisjoint(_words(column))


def _words(column: SheetColumn) -> Iterable[str]:
    return [*spelled(column.heading).split(), *(column.tag or "").lower().split("+")]


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def _named(column: SheetColumn) -> str:
    return column.name[:LONGEST_TOLD] or letters(column.place)
