"""Two columns of a sheet that mean one field: the same in two writings, one completing the other, or a question."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from runtime.problems import Refusal

from activities.spelling import folded, parts
from activities.uploads.conventions import Convention
from activities.uploads.doubts import letters
from activities.uploads.errors import ColumnsDisagree
from activities.uploads.headings import BOOLEANS, Column
from activities.uploads.phrases import spelled
from activities.uploads.sheet import Sheet
from activities.uploads.survey import Survey

CODED = frozenset({"code", "codes", "acronym", "id", "pcode", "رمز", "اختصار"})
"""Words of a heading whose column has a name's code, not another name."""
LONGEST_TOLD = 60

Texts = tuple[str, str]
Reads = Callable[[str, str, Convention], object]
"""What a cell of a field says, by the convention of its column; raises where it can't be read."""


def disagreement(sheet: Sheet, survey: Survey, read: Reads) -> ColumnsDisagree | None:
    """The first two columns of the sheet that mean one field and say two things, and where they do."""
    columns = {column.place: column for column in sheet.columns}
    for (one, other), texts in survey.pairs.items():
        if columns[one].field is None or columns[one].field != columns[other].field:
            continue
        if differing := _differing(columns[one], columns[other], texts, survey, read):
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
    one: Column, other: Column, texts: Mapping[Texts, int], survey: Survey, read: Reads
) -> tuple[Texts, int] | None:
    unequal = {
        (first, second): row
        for (first, second), row in texts.items()
        if not _is_same(_said(one, first, survey, read), _said(other, second, survey, read))
        and not _share_a_part(first, second)
    }
    if not unequal or _translate(one, other, texts, unequal):
        return None
    return min(unequal.items(), key=lambda entry: entry[1])


def _said(column: Column, text: str, survey: Survey, read: Reads) -> object:
    """What a cell says once it is read; itself where it can't be, which is told with its row."""
    convention = survey.columns[column.place].evidence.convention
    try:
        return read(column.field or "", text, convention)
    except Refusal:
        return text


def _is_same(one: object, other: object) -> bool:
    if one == other or folded(str(one)) == folded(str(other)) != "":
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False


def _share_a_part(one: str, other: str) -> bool:
    forms = [{form for part in parts(text) if (form := folded(part))} for text in (one, other)]
    return not forms[0].isdisjoint(forms[1])


def _translate(one: Column, other: Column, texts: Mapping[Texts, int], unequal: Mapping[Texts, int]) -> bool:
    """Whether each name stands with one other name: in another script, or beside its code."""
    if one.field in BOOLEANS or any(_is_number(text) for pair in unequal for text in pair):
        return False
    coded = _is_coded(one) != _is_coded(other)
    if not coded and not all(_is_arabic(first) != _is_arabic(second) for first, second in unequal):
        return False
    forms = {(folded(first), folded(second)) for first, second in texts}
    return len(forms) == len({first for first, _ in forms}) == len({second for _, second in forms})


def _is_coded(column: Column) -> bool:
    return not CODED.isdisjoint(_words(column))


def _words(column: Column) -> Iterable[str]:
    return [*spelled(column.heading).split(), *(column.tag or "").lower().split("+")]


def _is_number(text: str) -> bool:
    return folded(text).replace(" ", "").isdecimal()


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def _named(column: Column) -> str:
    return column.name[:LONGEST_TOLD] or letters(column.place)
