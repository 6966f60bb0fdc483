"""Organisations: who takes part in the response."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.event import Event, Topic, published
from contracts.nouns import Filter, Row, SparseRow, Versioned, described, noun
from contracts.sensitivity import High, Low
from contracts.text import Line
from contracts.values import Names, Pcode, SectorCode, Value

TypeCode = Annotated[str, StringConstraints(pattern=r"^\d{3}$"), Field(examples=["441"])]


class OrganisationStatus(StrEnum):
    APPLIED = "applied"
    VERIFIED = "verified"
    SUSPENDED = "suspended"


class PartnerCode(Value):
    """A code by which the cluster of a sector knows an organisation; it may be a number.

    رمز تعرف به مجموعة قطاع منظمةً ما، وقد يكون رقماً.
    """

    issuer: Low[SectorCode] = described("Code of the sector whose cluster gave it.", "رمز القطاع الذي منحته مجموعته.")
    code: Low[str] = described("Code.", "الرمز.")


class OrganisationFields(BaseModel):
    """What is said of an organisation; contacts never travel."""

    names: Low[Names] = described("Names.", "الأسماء.")
    acronyms: Low[Names] = described("Acronyms.", "الأسماء المختصرة.", Names())
    aliases: Low[tuple[str, ...]] = described("Other spellings.", "تهجئات أخرى.", ())
    type_code: Low[str] = described(
        "Type of the HAPI list, such as 441 (national NGO).", "النوع بحسب قائمة HAPI، مثل 441 (منظمة وطنية)."
    )
    status: Low[OrganisationStatus] = described("Standing.", "الحالة.")
    external_ids: Low[dict[str, str]] = described(
        "Id by scheme: iati, xm_ocha, fts.", "المعرّف في كل نظام: iati وxm_ocha وfts.", {}
    )
    partner_codes: Low[tuple[PartnerCode, ...]] = described(
        "Codes by which clusters know it.", "الرموز التي تعرفها بها المجموعات القطاعية.", ()
    )
    sectors: Low[tuple[SectorCode, ...]] = described("Codes of the sectors it works in.", "رموز قطاعات عملها.", ())
    areas: Low[tuple[Pcode, ...]] = described(
        "P-codes of the areas it works in, of level 1 to 3.", "رموز مناطق عملها، من المستوى 1 إلى 3.", ()
    )
    merged_into: Low[UUID | None] = described(
        "Id of the organisation it was merged into.", "معرّف المنظمة التي دُمجت فيها.", None
    )


class Organisation(OrganisationFields, Versioned):
    """An organisation of the response.

    منظمة تعمل في الاستجابة.
    """


class Contact(Row):
    """A person to speak to: shown to their own organisation alone."""

    name: High[str] = described("Name.", "الاسم.")
    email: High[str | None] = described("E-mail address.", "البريد الإلكتروني.")
    phone: High[str | None] = described("Telephone number.", "رقم الهاتف.")


class OrganisationDetail(Organisation):
    """One organisation; its contacts only for itself."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    contacts: High[tuple[Contact, ...]] = described(
        "People to speak to; not there for others.", "جهات الاتصال، ولا ترد لغير المنظمة نفسها.", ()
    )


class Application(SparseRow):
    """An application that was taken; the secretariat, who applies for others, is shown the organisation."""

    id: Low[UUID] = described("Id.", "المعرّف.")
    status: Low[OrganisationStatus] = described("Standing.", "الحالة.")


class OrganisationFilter(Filter):
    """Which organisations.

    أي المنظمات.
    """

    status: OrganisationStatus | None = described("Standing.", "الحالة.", None)
    type_code: TypeCode | None = described("Type of the HAPI list.", "النوع بحسب قائمة HAPI.", None)
    sector: SectorCode | None = described(
        "Works in this sector, exact code.", "تعمل في هذا القطاع، بالرمز تماماً.", None
    )
    area: Pcode | None = described("Works in this area or below it.", "تعمل في هذه المنطقة أو ما دونها.", None)
    search: Line | None = described(
        "Any part of a name, acronym or other spelling, forgiving in how it is written.",
        "أي جزء من الاسم أو الاختصار أو تهجئة أخرى، بأي طريقة كُتب.",
        None,
    )
    merged: bool = described("Those that were merged into another, too.", "ومعها ما دُمج في غيره.", False)


class OrganisationMerge(Row):
    """What became of two organisations that were one.

    ما آلت إليه منظمتان تبيّن أنهما واحدة.
    """

    id: Low[UUID] = described("Id of the one that was merged.", "معرّف المنظمة المدموجة.")
    version: Low[int] = described("Its version.", "نسختها.")
    merged_into: Low[UUID | None] = described(
        "Id of the one it stands for now; null where it stands by itself again.",
        "معرّف المنظمة التي دُمجت فيها، ويغيب إن عادت مستقلة.",
    )


ORGANISATIONS = noun("organisations", "registry", Organisation, OrganisationFilter, ("sort_name", "id"), followed=True)


@published(Topic("registry.organisations"))
class OrganisationChanged(OrganisationFields, Event):
    """An organisation as others may know it: contacts never travel."""

    type: Low[Literal["registry.organisation.changed.v1"]] = "registry.organisation.changed.v1"
    id: Low[UUID]
