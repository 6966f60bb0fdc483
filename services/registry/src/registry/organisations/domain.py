"""What an organisation is, and what changes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from contracts.organisations import OrganisationChanged, OrganisationStatus
from runtime.language import LocalizedText

from registry.names import NamesByLanguage, sort_name, spellings


@dataclass(frozen=True)
class Contact:
    """A person to speak to. Personal data: shown to the owner alone, never in events or logs."""

    name: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OrganisationProfile:
    """What an organisation says of itself, without its contacts."""

    names: NamesByLanguage
    type_code: str
    acronyms: NamesByLanguage = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)
    partner_codes: tuple[Mapping[str, str], ...] = ()
    """Of clusters: `issuer` and `code`."""
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def sort_name(self) -> str:
        return sort_name(self.names)

    @property
    def called(self) -> LocalizedText:
        """What people call it."""
        some = next(iter(self.names.values()))
        return LocalizedText(self.names.get("ar", some), self.names.get("en", some))

    def spellings(self) -> list[str]:
        return sorted(spellings([*self.names.values(), *self.acronyms.values(), *self.aliases]))

    def with_changes(self, changes: Mapping[str, Any]) -> "OrganisationProfile":
        return replace(self, **changes)


@dataclass(frozen=True)
class Organisation:
    """An organisation as it stands."""

    id: UUID
    version: int
    status: OrganisationStatus
    profile: OrganisationProfile
    merged_into: UUID | None = None
    """The organisation it is now, at the end of all merges."""

    @property
    def standing_id(self) -> UUID:
        """The id of the organisation it is now."""
        return self.merged_into or self.id

    def changed(self) -> OrganisationChanged:
        return OrganisationChanged(
            id=self.id,
            version=self.version,
            status=self.status,
            merged_into=self.merged_into,
            **vars(self.profile),
        )

    def shown(self) -> dict[str, Any]:
        """As it is answered, without contacts."""
        return {
            "id": str(self.id),
            "version": self.version,
            "status": self.status,
            "merged_into": self.merged_into,
            **asdict(self.profile),
        }

    def next(
        self, *, status: OrganisationStatus | None = None, profile: OrganisationProfile | None = None
    ) -> "Organisation":
        """The next version."""
        return replace(self, version=self.version + 1, status=status or self.status, profile=profile or self.profile)
