"""The shape of a confirmation: what of a proposal a person corrects."""

from typing import Annotated

from contracts.text import Code, Line, Paragraph
from pydantic import BaseModel, ConfigDict, Field
from tables.records import MOST_COLUMNS

MOST_CORRECTED = 2000
"""Entries of one list of corrections."""

ColumnName = Line
"""A column's heading or tag, or its number in the sheet, from 1."""
SheetName = Line
"""A sheet's name, or its place in the file, from 1."""
Texts = Annotated[dict[Paragraph, Line], Field(max_length=MOST_CORRECTED)]


class Confirmation(BaseModel):
    """That a file is read as its proposal says, but for what is corrected here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    digest: Annotated[Code, Field(pattern=r"^[0-9a-f]{32}$")]
    """Of the proposal: what was seen is what is confirmed."""
    sheets: Annotated[tuple[SheetName, ...], Field(max_length=100)] | None = None
    """The sheets that are read; those the proposal reads where none are named."""
    headings: Annotated[tuple[int, ...], Field(min_length=1, max_length=5)] | None = None
    """Rows its headings stand in, where the proposal has others; of one sheet."""
    columns: Annotated[dict[ColumnName, Code | None], Field(max_length=MOST_COLUMNS)] = {}
    """Which field a column is for; null leaves it out."""
    values: Annotated[dict[Code, Texts], Field(max_length=100)] = {}
    """What texts of a field mean: by field, by text."""
    defaults: Annotated[dict[Code, Line], Field(max_length=100)] = {}
    """Fields that hold for each row that does not say them, `year` too."""
    passed_over: Annotated[dict[ColumnName, tuple[Paragraph, ...]], Field(max_length=100)] = {}
    """Texts of a column whose rows are not read."""
    accept_ignored: bool = False
    """Leave out all columns that are asked about and not answered here."""
    name: Line | None = None
    """What the mapping is called that is remembered of this, for files of the same shape; else the file's name."""
    remember: bool = True
    """Whether it is remembered."""
    dry_run: bool = False
    """Make the proposal anew, as corrected, and count nothing yet."""
