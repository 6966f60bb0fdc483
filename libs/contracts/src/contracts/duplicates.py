"""Organisations that may be one under two names."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import ConfigDict

from contracts.nouns import Filter, Row, Versioned, described, noun
from contracts.organisations import Application, Organisation
from contracts.sensitivity import High, Low
from contracts.values import Names


class DuplicateState(StrEnum):
    """What a person made of two organisations that may be one.

    ما قرره شخص في منظمتين قد تكونان منظمة واحدة.
    """

    OPEN = "open"
    DISMISSED = "dismissed"


class OrganisationDuplicate(Versioned):
    """Two organisations that may be one, with the reasons for it.

    منظمتان قد تكونان منظمة واحدة، مع أسباب ذلك.
    """

    organisation_id: High[UUID] = described("Id of the one.", "معرّف الأولى.")
    organisation_names: High[Names] = described("Names of the one.", "أسماء الأولى.")
    other_id: High[UUID] = described("Id of the other.", "معرّف الثانية.")
    other_names: High[Names] = described("Names of the other.", "أسماء الثانية.")
    score: High[int] = described("How alike they are, of 100.", "مدى التشابه من 100.")
    reasons: High[tuple[str, ...]] = described(
        "Why: same_name, similar_name, transliterated, name_is_acronym, same_acronym, partner_code, external_id.",
        "الأسباب: same_name وsimilar_name وtransliterated وname_is_acronym وsame_acronym وpartner_code وexternal_id.",
    )
    state: High[DuplicateState] = described("What was made of it.", "ما تقرر بشأنهما.")
    reason: High[str | None] = described("Why it was dismissed.", "سبب الاستبعاد.")
    found_at: High[datetime] = described("When it was found.", "وقت العثور عليهما.")


class DuplicateFilter(Filter):
    """Which pairs.

    أي الأزواج.
    """

    id: UUID | None = described("Id.", "المعرّف.", None)
    organisation_id: UUID | None = described("Of this organisation.", "لهذه المنظمة.", None)
    state: DuplicateState | None = described("What was made of it.", "ما تقرر بشأنهما.", None)


ORGANISATION_DUPLICATES = noun(
    "organisation_duplicates",
    "registry",
    OrganisationDuplicate,
    DuplicateFilter,
    ("score", "id"),
    newest_first=True,
    about=("Organisations that may be one under two names.", "منظمات قد تكون واحدة باسمين."),
)


class NearOrganisation(Row):
    """An organisation that may be the same."""

    id: Low[UUID] = described("Id.", "المعرّف.")
    names: Low[Names] = described("Names.", "الأسماء.")
    score: Low[int] = described("How alike they are, of 100.", "مدى التشابه من 100.")
    reasons: Low[tuple[str, ...]] = described("Why.", "الأسباب.")


def _near() -> Any:
    return described(
        "Organisations that may be the same, as far as the asker may see them.",
        "منظمات قد تكون المنظمة نفسها، بقدر ما يحق للسائل رؤيته.",
        (),
    )


class NewApplication(Application):
    """An application that was taken, and who may be the same."""

    near: Low[tuple[NearOrganisation, ...]] = _near()


class NewOrganisation(Organisation):
    """An organisation that the secretariat applied for, and who may be the same."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    near: Low[tuple[NearOrganisation, ...]] = _near()


class DuplicatesFound(Row):
    """What came of a search for duplicates."""

    organisations: Low[int] = described("Organisations that were compared.", "المنظمات التي قورنت.")
    open: Low[int] = described("Pairs that are to be settled.", "الأزواج التي تنتظر البت.")
