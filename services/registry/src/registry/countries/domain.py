"""Countries, the levels their areas have, and the patterns of their P-codes."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import SchemaError, SchemaValidator, core_schema

from registry.countries.errors import MalformedPattern, PcodePatternMismatch
from registry.names import NamesByLanguage


@dataclass(frozen=True)
class Level:
    """A level of a country's areas: what it is called, and the pattern of its P-codes."""

    level: int
    pattern: str | None
    names: NamesByLanguage


@dataclass(frozen=True)
class Country:
    """A country with its levels. `code` is the P-code of adm0."""

    code: str
    iso3: str | None
    names: NamesByLanguage
    levels: tuple[Level, ...]


class PcodePattern:
    """A pattern that a whole P-code matches. Its engine takes linear time, so no pattern can hang the process."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        """Raises `MalformedPattern`, for `field` of a request."""
        self.text = text
        try:
            self._matcher = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{text})$"))
        except SchemaError as refused:
            raise MalformedPattern(field) from refused

    def fits(self, pcode: str) -> bool:
        return self._matcher.isinstance_python(pcode)


class PcodePatterns:
    """The patterns of all countries, by country and level; each is made when it is first needed."""

    def __init__(self, texts: Mapping[tuple[str, int], str]) -> None:
        self._texts = texts
        self._made: dict[tuple[str, int], PcodePattern] = {}

    def check(self, country: str, level: int, pcode: str) -> None:
        """Raises `PcodePatternMismatch` where there is a pattern and the P-code has another form."""
        key = (country, level)
        if key not in self._texts:
            return
        pattern = self._made.get(key) or self._made.setdefault(key, PcodePattern(self._texts[key]))
        if not pattern.fits(pcode):
            raise PcodePatternMismatch("pcode", country=country, level=level, pattern=pattern.text)
