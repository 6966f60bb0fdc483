"""Value types that more than one service speaks of: names, months, areas, people."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import Doc

from contracts.sensitivity import Low, Moderate

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$"), Field(examples=["SY"])]
"""P-code of a country (adm0), such as `SY`."""

Pcode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,29}$"), Field(examples=["SY07"])]
"""P-code of an area. Patterns per country and level are data of the registry, this only bounds the shape."""

SectorCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}(-[A-Z]{3})?$"), Field(examples=["WSH"])]
"""Global coordination group code, such as `WSH`, or an area of responsibility, such as `PRO-CPN`."""

IndicatorCode = Annotated[str, Doc("Code of an indicator."), Field(examples=["wsh_ind_1"])]
"""Which there are is data of the registry, and so is what they look like."""

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), Field(examples=["2026-03"])]
"""A reporting month, ISO 8601, in the zone of its scope."""

NO_GROUP = "unspecified"
"""Population group of a figure whose reports name none."""


class Value(BaseModel):
    """Base of the value types: frozen, and tolerant of fields added by a newer publisher."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Names(Value):
    """A name in the languages of the platform. At least one is there; Arabic is shown first."""

    ar: Low[str | None] = None
    en: Low[str | None] = None
    tr: Low[str | None] = None
    ku: Low[str | None] = None


class People(Value):
    """People counted in one report. `None` is "not disaggregated" or "not reported", never zero.

    men, women, boys, girls form one partition of the total and the age bands another; people with disability are
    a subset.
    """

    total: Moderate[int | None] = Field(default=None, ge=0)
    men: Moderate[int | None] = Field(default=None, ge=0)
    women: Moderate[int | None] = Field(default=None, ge=0)
    boys: Moderate[int | None] = Field(default=None, ge=0)
    girls: Moderate[int | None] = Field(default=None, ge=0)
    age_0_4: Moderate[int | None] = Field(default=None, ge=0)
    age_5_11: Moderate[int | None] = Field(default=None, ge=0)
    age_12_17: Moderate[int | None] = Field(default=None, ge=0)
    age_18_59: Moderate[int | None] = Field(default=None, ge=0)
    age_60_plus: Moderate[int | None] = Field(default=None, ge=0)
    with_disability: Moderate[int | None] = Field(default=None, ge=0)
