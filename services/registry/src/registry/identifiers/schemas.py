"""Other names, codes and ids of organisations as they are sent, each in a row."""

from typing import Annotated, Any
from uuid import UUID

from contracts.nothing import is_nothing
from contracts.text import Code, Line
from contracts.values import SectorCode
from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter
from runtime.rows.outcomes import Outcome
from runtime.rows.reading import BodyReader, ParsedRows

from registry.files import CSV, rows_of
from registry.identifiers.domain import SentIdentifiers
from registry.organisations.schemas import Scheme


def _digits(value: Any) -> Any:
    """A code that is a number, as its digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


AnyCode = Annotated[Code, BeforeValidator(_digits)]


class NewIdentifiers(BaseModel):
    """What one organisation is called besides; `withdrawn` takes it away."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID | None = None
    organisation: Line | None = None
    alias: Line | None = None
    issuer: SectorCode | None = None
    code: AnyCode | None = None
    scheme: Scheme | None = None
    external_id: AnyCode | None = None
    withdrawn: bool = False


CODES = frozenset({"code", "external_id"})
READER: BodyReader[SentIdentifiers] = BodyReader(
    TypeAdapter(list[NewIdentifiers]), lambda number, sent: SentIdentifiers(number, **dict(sent))
)


def read(kind: str, body: bytes) -> ParsedRows[SentIdentifiers]:
    """The rows of a body of this content type; an empty cell of a table says nothing."""
    if kind != CSV:
        return READER.read(kind, body)
    rejected: list[Outcome] = []
    rows = rows_of(body, NewIdentifiers.model_fields, rejected, lambda _: None)
    return READER.batch(((number, _filled(row)) for number, row in rows), rejected)


def _filled(row: dict[str, str]) -> dict[str, str]:
    # A code may be spelled as a word for nothing is.
    return {name: text for name, text in row.items() if text.strip() and (name in CODES or not is_nothing(text))}
