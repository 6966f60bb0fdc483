"""Headings over two rows, such as `People reached` over `Men | Women`: a column's heading is both of its cells.

Where the upper cell is merged over several columns, it may stand in the first of them alone.
"""

from collections import Counter
from collections.abc import Sequence

from contracts.lines import line

from tables.contents import TELLING, content_of
from tables.headings import Headings
from tables.parts import is_year, parts_in
from tables.people import people_in
from tables.phrases import LONGEST, changes_the_meaning, may_stand_in_headings, spelled
from tables.values import word

MOST_BELOW = 2
"""Rows of headings below the row that names most fields."""
MOST_ABOVE = 2
LEAST_LEAVES = 2
"""Headings of one row among them, where no group stands over several columns."""


def combined(upper: Sequence[str], lower: Sequence[str], known: Headings) -> list[str] | None:
    """The headings of both rows together; nothing where they are not two levels of headings."""
    width = max(len(upper), len(lower))
    above, below = ([_at(cells, place) for place in range(width)] for cells in (upper, lower))
    if _are_translations(above, below, known):
        return [own or cell for own, cell in zip(above, below, strict=True)]
    groups = _spread(above, below)
    if not _are_levels(above, below, groups, known):
        return None
    return [_both(*heading, known) for heading in zip(groups, above, below, strict=True)]


def merged(rows: Sequence[Sequence[str]], best: int, known: Headings) -> tuple[Sequence[str], range]:
    """The headings of the row that names most fields with those of its neighbours; and which rows these are.

    `rows` stand one right below the other.
    """
    headings, first, last = rows[best], best, best
    while last + 1 < len(rows) and last < best + MOST_BELOW and (both := combined(headings, rows[last + 1], known)):
        headings, last = both, last + 1
    while first and first > best - MOST_ABOVE and (both := combined(rows[first - 1], headings, known)):
        headings, first = both, first - 1
    return headings, range(first, last + 1)


def _spread(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """The group of each column: the cell above it, or the one a merged cell above it has at its left end."""
    groups = []
    group = ""
    for own, cell in zip(above, below, strict=True):
        if own:
            # A group has something below it in its own column; a heading of one row has nothing, or itself.
            group = own if cell and spelled(own) != spelled(cell) else ""
        groups.append(group if cell else "")
    return groups


def _are_levels(above: Sequence[str], below: Sequence[str], groups: Sequence[str], known: Headings) -> bool:
    sizes = Counter(group for group in groups if group)
    if not sizes or _is_title(groups, below):
        return False
    filled = [(group, cell) for group, cell in zip(groups, below, strict=True) if cell]
    strange = [(group, cell) for group, cell in filled if not _is_heading(group, cell, known, large=sizes[group] > 1)]
    if any(sizes[group] == 1 and known.lookup_heading(group) for group, _ in strange):
        return False  # a value below its heading
    others = [cell for _, cell in strange]
    leaves = sum(bool(own and not cell and known.lookup_heading(own)) for own, cell in zip(above, below, strict=True))
    if max(sizes.values()) == 1:
        return not others and leaves >= LEAST_LEAVES
    if 2 * len(others) >= len(filled) or any(content_of(cell) in TELLING for cell in others):
        return False
    large = [group for group, size in sizes.items() if size > 1]
    if leaves or any(_is_known(group, known, first=group == groups[0]) for group in large):
        return True
    # One month above all may be the title's, and so may a year that has none below it.
    parts = [group for group in large if _is_part(group, known)]
    return len(parts) > 1 or any(is_year(group) and _is_part(cell, known) for group, cell in filled)


def _are_translations(above: Sequence[str], below: Sequence[str], known: Headings) -> bool:
    """Whether the lower row names the fields of the upper one again, in another language."""
    pairs = [
        (known.lookup_heading(own), known.lookup_heading(cell)) for own, cell in zip(above, below, strict=True) if cell
    ]
    named = [one == other for one, other in pairs if one and other]
    return len(named) > 1 and all(named) and 2 * len(named) > len(pairs)


def _is_title(groups: Sequence[str], below: Sequence[str]) -> bool:
    """Whether one cell stands above all columns: it says what the sheet is."""
    over = {group for group, cell in zip(groups, below, strict=True) if cell}
    return len(over) == 1 and bool(groups[0]) and sum(map(bool, below)) > 1


def _is_heading(group: str, cell: str, known: Headings, *, large: bool) -> bool:
    if known.lookup_heading(cell) is not None:
        return True
    # Below one heading alone, `Planned` is rather a status than a second heading.
    both = known.lookup_heading(f"{group} {cell}") is not None
    return large and (both or changes_the_meaning(cell) or _is_part(cell, known))


def _is_part(text: str, known: Headings) -> bool:
    """Whether it says a month, new or repeated, for whom, or of which sex and ages."""
    if people_in(text):
        return True
    parts = parts_in(text, known.fields.parted_by)
    if parts is None or not parts.said:
        return False
    return not parts.rest or known.lookup_heading(parts.rest) is not None or people_in(parts.rest) is not None


def _is_known(group: str, known: Headings, *, first: bool) -> bool:
    """Whether the words of a group are such as stand in headings: those of a title, at the left end, are not."""
    if known.lookup_heading(group) is not None or may_stand_in_headings(group):
        return True
    if first:
        return False
    return changes_the_meaning(group) or _is_kind(group, known)


def _is_kind(group: str, known: Headings) -> bool:
    return any(word(kind, group, {}) for kind in known.fields.grouped_by)


def _both(group: str, upper: str, lower: str, known: Headings) -> str:
    """A column's heading: with its group, unless that only says under which title it stands."""
    if not lower or not group:
        return lower or upper
    both, alone = f"{group} {lower}", known.field_called(lower)
    if alone is None or known.lookup_heading(both) is not None:
        return both
    return both if alone.startswith(known.fields.figures) or _says_more(group, alone, known) else lower


def _says_more(group: str, field: str, known: Headings) -> bool:
    """Whether the group makes another thing of what stands under it."""
    if field in known.fields.owners and known.field_called(group) in known.fields.owners - {field}:
        return True
    return changes_the_meaning(group) or _is_kind(group, known)


def _at(cells: Sequence[str], place: int) -> str:
    return line(cells[place][:LONGEST]).strip() if place < len(cells) else ""
