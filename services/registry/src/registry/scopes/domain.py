"""What a scope is."""

from dataclasses import dataclass
from datetime import date

from contracts.codes import ScopeChanged

from registry.names import NamesByLanguage


@dataclass(frozen=True)
class Scope:
    """A set of areas with the day its coordination starts."""

    country: str
    code: str
    names: NamesByLanguage
    areas: tuple[str, ...]
    active_from: date | None
    time_zone: str

    def changed(self, version: int) -> ScopeChanged:
        return ScopeChanged(version=version, **vars(self))
