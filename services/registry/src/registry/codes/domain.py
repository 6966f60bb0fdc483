"""What an entry of a code list is."""

from dataclasses import dataclass

from contracts.codes import IndicatorChanged, SectorChanged

from registry.names import NamesByLanguage


@dataclass(frozen=True)
class Sector:
    """A global coordination group, or an area of responsibility below one."""

    code: str
    names: NamesByLanguage
    aliases: tuple[str, ...]
    parent: str | None
    has_working_group: bool

    def changed(self, version: int) -> SectorChanged:
        return SectorChanged(version=version, **vars(self))


@dataclass(frozen=True)
class Indicator:
    """What a sector counts."""

    code: str
    sector: str
    names: NamesByLanguage
    unit: str

    def changed(self, version: int) -> IndicatorChanged:
        return IndicatorChanged(version=version, **vars(self))


@dataclass(frozen=True)
class OrganisationType:
    """An entry of the HAPI list of organisation types."""

    code: str
    names: NamesByLanguage
