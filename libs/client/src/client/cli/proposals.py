"""How a file would be read, shown as tables; and what a person corrects of it, said by options or a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from contracts.proposals import EarlierFile, Proposal, ProposedColumn, ProposedSums

from client.cli.session import Session

PARTS = ("columns", "values", "defaults")
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show how the file would be read, and count nothing. Spreadsheets only.")
]
Confirm = Annotated[
    bool,
    typer.Option("--confirm", help="Ask nothing: what is uncertain refuses the file. Spreadsheets only."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", help="'Heading=field', or 'Heading=' to leave a column out; repeatable."),
]
Values = Annotated[
    list[str] | None, typer.Option("--value", help="What a text of a field means: 'sector:Water=WSH'; repeatable.")
]
Defaults = Annotated[
    list[str] | None,
    typer.Option("--default", help="What holds for rows that do not say it: 'status=Completed'; repeatable."),
]
WithMap = Annotated[
    Path | None, typer.Option("--with-map", exists=True, dir_okay=False, help="A file that --save-map wrote.")
]
SaveMap = Annotated[
    Path | None, typer.Option("--save-map", dir_okay=False, help="Keep --map, --value and --default in a file.")
]


@dataclass(frozen=True)
class CorrectionOptions:
    """What a person says of a proposal."""

    columns: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.values or self.defaults)

    def save(self, file: Path) -> None:
        """Keep them, to be edited or used again."""
        file.write_text(json.dumps(vars(self), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def corrections_of(
    file: Path | None, columns: Sequence[str] | None, values: Sequence[str] | None, defaults: Sequence[str] | None
) -> CorrectionOptions:
    """The corrections of a file, with those of options in place of its own."""
    said = CorrectionOptions(**_read(file)) if file else CorrectionOptions()
    for heading, meant in (_pair(text, "--map") for text in columns or ()):
        said.columns[heading] = meant or None
    for left, meant in (_pair(text, "--value") for text in values or ()):
        name, colon, value = left.partition(":")
        if not colon:
            raise typer.BadParameter("write it like sector:Water=WSH", param_hint="--value")
        said.values.setdefault(name, {})[value] = meant
    said.defaults.update(_pair(text, "--default") for text in defaults or ())
    return said


def _read(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        parts = {part: said.get(part, {}) for part in PARTS}
    except (ValueError, AttributeError) as broken:
        raise typer.BadParameter(f"{file} is not what --save-map writes", param_hint="--with-map") from broken
    if not all(isinstance(part, dict) for part in parts.values()):
        raise typer.BadParameter(f"{file} is not what --save-map writes", param_hint="--with-map")
    return parts


def _pair(text: str, option: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=")
    if not equals or not left:
        raise typer.BadParameter("write it like left=right", param_hint=option)
    return left.strip(), right.strip()


def show_proposal(session: Session, proposal: Proposal) -> None:
    """Columns, sums, problems and what is to be settled."""
    if session.as_json:
        session.show_json(proposal.model_dump(mode="json"))
        return
    for sheet in proposal.sheets:
        name = sheet.name or sheet.number
        session.say("proposed_sheet", sheet=name, state=session.word("upload", sheet.state), reason=sheet.reason.detail)
        if sheet.columns:
            rows = [
                (each.column, each.heading or each.tag, _field_of(each) or session.word("column", each.state),
                 f"{each.confidence:.0%}", " | ".join(each.samples), each.people)
                for each in sheet.columns
            ]  # fmt: skip
            columns = ("column", "heading", "field", "confidence", "samples", "people")
            session.table(columns, rows, numbers=("column", "confidence", "people"))
    _show_sums(session, proposal.sums)
    session.table_of_causes(proposal.problems)
    if proposal.to_settle:
        unknown = [
            (each.field, each.value, each.rows, each.label or each.proposal, each.proposal and f"{each.score:.0%}")
            for each in proposal.to_settle
        ]
        session.table(("field", "value", "rows", "nearest", "confidence"), unknown, numbers=("rows", "confidence"))
    for assumption in proposal.assumptions:
        session.say("assumed", rows=assumption.rows, detail=assumption.detail)
    if proposal.earlier:
        _show_earlier(session, proposal.earlier)
    if proposal.failure:
        session.complain("refused", detail=proposal.failure.detail, code=proposal.failure.code)
    session.say("confirm_it", upload=proposal.upload)


def _field_of(column: ProposedColumn) -> str | None:
    return column.field or (f"{column.proposed} ?" if column.proposed else None)


def _show_sums(session: Session, sums: ProposedSums) -> None:
    session.say("proposed_rows", accepted=sums.accepted, unchanged=sums.unchanged, rejected=sums.rejected)
    for name in ("people", "months", "sectors", "statuses", "organisations", "organisations_not_found"):
        if counted := getattr(sums, name):
            session.say("proposed_sum", what=session.word("sum", name), counted=_listed(counted))
    session.say("proposed_areas", count=sums.areas_count, lost=_listed(sums.areas_not_found) or "–")


def _show_earlier(session: Session, earlier: EarlierFile) -> None:
    lacking = {name: getattr(earlier, name) for name in ("months", "areas", "columns")}
    for name, found in lacking.items():
        if found:
            held = ", ".join(found)
            session.say("earlier_held", file=earlier.file_name or earlier.id, what=session.word("sum", name), held=held)


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())
