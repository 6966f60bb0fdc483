"""What other names, codes and ids change in an organisation. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.folding import fold
from runtime.access import Principal, Role
from runtime.problems import OutsideYourScope

from registry.identifiers.errors import CodeTaken, IdentifierIncomplete, TooManyIdentifiers
from registry.organisations.domain import Organisation, OrganisationProfile

MOST = 300
"""Other names, and codes, of one organisation."""
Holders = dict[tuple[str, str], Organisation]
"""Whose a code is, by its issuer and as it folds."""


@dataclass(frozen=True, slots=True)
class SentIdentifiers:
    """A row."""

    row: int
    organisation_id: UUID | None
    organisation: str | None
    alias: str | None
    issuer: str | None
    code: str | None
    scheme: str | None
    external_id: str | None
    withdrawn: bool

    @property
    def key(self) -> tuple[str, str] | None:
        """The code by its issuer, as it is compared."""
        return (self.issuer, fold(self.code)) if self.issuer and self.code else None

    def check(self, sender: Principal) -> None:
        """Raises `IdentifierIncomplete`, `OutsideYourScope`: a working group gives codes of its own sectors alone."""
        whose = self.organisation_id or self.organisation
        pairs = ((self.issuer, self.code), (self.scheme, self.external_id))
        if not whose or any((first is None) != (second is None) for first, second in pairs):
            raise IdentifierIncomplete("organisation" if not whose else "issuer")
        if self.alias is None and self.code is None and self.scheme is None:
            raise IdentifierIncomplete("code")
        if sender.role is not Role.SECRETARIAT:
            if self.alias or self.scheme:
                raise OutsideYourScope("alias" if self.alias else "scheme")
            if self.issuer not in sender.sectors:
                raise OutsideYourScope("issuer")


def profile_with(sent: SentIdentifiers, organisation: Organisation, holders: Holders) -> OrganisationProfile:
    """The profile with what the row says, or without what it withdraws. Raises `CodeTaken`, `TooManyIdentifiers`."""
    profile = organisation.profile
    changes: dict[str, object] = {}
    if sent.alias:
        changes["aliases"] = _with_name(sent.alias, profile, withdrawn=sent.withdrawn)
    if key := sent.key:
        changes["partner_codes"] = _with_code(key, sent, organisation, holders)
    if sent.scheme and sent.external_id:
        others = {scheme: id for scheme, id in profile.external_ids.items() if scheme != sent.scheme}
        changes["external_ids"] = others if sent.withdrawn else {**others, sent.scheme: sent.external_id}
    changed = profile.with_changes(changes)
    if len(changed.aliases) + len(changed.partner_codes) > MOST:
        raise TooManyIdentifiers("alias" if sent.alias else "code", limit=MOST)
    return changed


def _with_name(alias: str, profile: OrganisationProfile, *, withdrawn: bool) -> tuple[str, ...]:
    """Other spellings with one more, unless it is known by it, or without it."""
    form = fold(alias)
    if withdrawn:
        return tuple(each for each in profile.aliases if fold(each) != form)
    known = _forms_of((*profile.names.values(), *profile.aliases))
    return profile.aliases if form in known else (*profile.aliases, alias)


def _forms_of(names: Iterable[str]) -> set[str]:
    return {fold(name) for name in names}


def _with_code(
    key: tuple[str, str], sent: SentIdentifiers, organisation: Organisation, holders: Holders
) -> tuple[Mapping[str, str], ...]:
    own, holder = organisation.profile.partner_codes, holders.get(key)
    if holder and holder.id != organisation.id:
        raise CodeTaken("code", issuer=key[0], holder=holder.profile.called)
    if sent.withdrawn:
        holders.pop(key, None)
        return tuple(each for each in own if (each["issuer"], fold(each["code"])) != key)
    holders[key] = organisation
    return own if holder else (*own, {"issuer": key[0], "code": sent.code or ""})
