"""What counting must know of a report's words: whether its numbers are people, and of which part of its sector it is.

The words are data: `units.csv` and `components.csv` (shelter and household items of the Shelter and NFI sector; core
items as the Global Shelter Cluster and UNHCR's core relief items name them, provisional until the working group says).
"""

from functools import cache, lru_cache
from typing import NamedTuple

from contracts.folding import fold
from contracts.targets import PEOPLE_UNIT
from tables.spelling import parts

from activities.words import rows_of


class Component(NamedTuple):
    """A part of a sector that is counted apart."""

    name: str | None
    core: bool | None
    """Whether what was given is a core item; null where that is no question."""


NO_COMPONENT = Component(None, None)
THE, AND = "ال", "و"
OTHER = "other"
"""A unit none of whose words is known here."""


def counted_unit(unit: str | None, output_value: object) -> str | None:
    """The unit of the row's numbers of people, where it is not people; an output beside them has the unit itself."""
    if unit is None or output_value is not None:
        return None
    code = _unit(unit)
    return None if code == PEOPLE_UNIT else code


def component_of(sector: str, *texts: str | None) -> Component:
    """The part of the sector that the first of these texts speaks of which speaks of one alone; of household items one
    that is not core makes the row one of those.
    """
    if sector not in _phrases():
        return NO_COMPONENT
    for text in texts:
        found = _components(sector, text) if text else ()
        if len({one.name for one in found}) == 1:
            return next((one for one in found if one.core is False), found[0])
    return NO_COMPONENT


@lru_cache(maxsize=2000)
def _unit(text: str) -> str:
    """Its code; `other` where no word of it is known."""
    units = _units()
    forms = [form for part in parts(text) if (form := fold(part))]
    whole = next((units[form] for form in forms if form in units), None)
    words = [word for form in forms for each in form.split() for word in (each, each.removeprefix(THE))]
    said = [units[word] for word in words if word in units]
    # "sessions for children" are sessions, and "# of people" are people.
    return whole or next((code for code in said if code != PEOPLE_UNIT), said[0] if said else OTHER)


@cache
def _units() -> dict[str, str]:
    return {fold(row["spelling"]): row["code"] for row in rows_of("units.csv")}


@lru_cache(maxsize=5000)
def _components(sector: str, text: str) -> tuple[Component, ...]:
    said = fold(text)
    read = {f" {said} ", _bare(said, (THE,)), _bare(said, (AND + THE, AND, THE))}
    return tuple(
        component
        for words, component in _phrases()[sector]
        if any(words in each or _bare(words, (THE,)) in each for each in read)
    )


def _bare(text: str, prefixes: tuple[str, ...]) -> str:
    """Words without what Arabic writes joined to them, with blanks around."""
    bare = (word.removeprefix(next((one for one in prefixes if word.startswith(one)), "")) for word in text.split())
    return f" {' '.join(bare)} "


@cache
def _phrases() -> dict[str, list[tuple[str, Component]]]:
    found: dict[str, list[tuple[str, Component]]] = {}
    for row in rows_of("components.csv"):
        core = row["core"] == "true" if row["core"] else None
        found.setdefault(row["sector"], []).append((f" {fold(row['words'])} ", Component(row["component"], core)))
    return found
