"""The shape of a mapping that is loaded, and of what is changed of one."""

from collections.abc import Iterator
from typing import Annotated, Any

from contracts.countries import CountryCode
from contracts.text import FORBIDDEN, Code, Line, OneCode
from contracts.values import SectorCode
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from tables.profile import Profile
from tables.records import MOST_COLUMNS

MOST_HEADINGS = 5
LONGEST_TEXT = 5000


def _bounded(profile: Profile) -> Profile:
    """Refuses what no sheet can have: places beyond the last column, or text that can't be kept."""
    places = [column.place for column in profile.columns]
    beyond = any(not 0 <= place < MOST_COLUMNS for place in (*places, *profile.values, *profile.passed_over))
    if beyond or len(set(places)) < len(places) or not 0 < len(profile.headings) <= MOST_HEADINGS:
        raise PydanticCustomError("value_error", "no sheet has these columns and headings")
    if any(len(text) > LONGEST_TEXT or FORBIDDEN.search(text) for text in _texts(profile.model_dump(mode="json"))):
        raise PydanticCustomError("invalid_text", "characters that are not allowed")
    return profile


def _texts(value: Any) -> Iterator[str]:
    """All text in it, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from (*_texts(name), *_texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


class NewMapping(BaseModel):
    """A mapping as it was exported: what only its first owner has of it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    country: CountryCode = "SY"
    name: Line
    fingerprint: Annotated[Code, Field(pattern=r"^[0-9a-f]{32}$")]
    profile: Annotated[Profile, AfterValidator(_bounded)]


class MappingChanges(BaseModel):
    """Another name, or the working group it is shared with; null for both takes the sharing back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line | None = None
    sector: Annotated[SectorCode, OneCode] | None = None
    scope: Code | None = None
