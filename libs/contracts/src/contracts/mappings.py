"""Mappings: how files of one shape are read, remembered from what a person confirmed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from contracts.nouns import Filter, Row, Versioned, described, noun
from contracts.sensitivity import High, Low, Moderate
from contracts.text import Code, Line
from contracts.values import Country, SectorCode


class MappingFields(BaseModel):
    """What is said of a mapping."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.", "SY")
    name: Moderate[Line] = described("What its owner calls it.", "ما يسميه صاحبه.")
    fingerprint: Moderate[Code] = described(
        "Of the headings of the files it is for.", "بصمة عناوين الملفات التي يُقرأ بها."
    )
    sector: Low[SectorCode | None] = described(
        "Sector of the working group it is shared with.", "قطاع مجموعة العمل التي شورك معها.", None
    )
    scope: Low[Code | None] = described("Its scope.", "نطاقها الجغرافي.", None)
    profile: Moderate[dict[str, Any]] = described("How a sheet is read.", "كيف تُقرأ الورقة.")


class FileMapping(MappingFields, Versioned):
    """How files of one shape are read: which column is which field, and what values mean.

    كيف تُقرأ الملفات ذات الشكل الواحد: أي عمود لأي حقل، وما تعنيه القيم.
    """

    organisation_id: Moderate[UUID | None] = described("Whose it is.", "المنظمة صاحبته.")
    made_at: Moderate[datetime] = described("When this version was made.", "وقت هذه النسخة.")
    made_by: High[str | None] = described("Who confirmed it.", "من أكّده.")


class MappingFilter(Filter):
    """Which mappings.

    أي القوالب.
    """

    id: UUID | None = described("Of this id.", "بهذا المعرّف.", None)
    country: Country | None = described("Of this country.", "لهذا البلد.", None)
    sector: SectorCode | None = described("Shared with this sector.", "المشتركة مع هذا القطاع.", None)


MAPPINGS = noun("mappings", "activities", FileMapping, MappingFilter, ("made_at", "id"), newest_first=True)


class WithdrawnMapping(Row):
    """A mapping that is there no more."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
