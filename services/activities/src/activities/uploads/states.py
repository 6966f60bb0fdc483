"""An upload's state as its reader sees it: counts, sheets, columns, assumptions and problems, in their language."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime import naming, validation
from runtime import problems as problems_of_requests
from runtime.language import Language
from runtime.listing import Page, Shown
from runtime.problems import Refusal
from runtime.rows import errors as row_errors
from tables import errors as table_errors
from tables.delimited import EncodingNotUnderstood

from activities.proposals import errors as proposal_errors
from activities.reports import errors as report_errors
from activities.uploads import errors as upload_errors
from activities.uploads.assumptions import described
from activities.uploads.domain import counts_as_json
from activities.uploads.store import MOST_PROBLEMS

REASONS: Mapping[str, type[Refusal]] = {
    code: kind
    for module in (
        *(naming, problems_of_requests, row_errors, validation),
        *(table_errors, report_errors, upload_errors, proposal_errors),
    )
    for kind in (*vars(module).values(), EncodingNotUnderstood)
    if isinstance(kind, type) and issubclass(kind, Refusal)
    for code in (kind.code, kind.legacy_code)
    if code
}
"""By the codes they are kept under; a file that was read before may have kept an older one."""

Found = dict[str, Any]


def summary(found: Found, language: Language) -> dict[str, object]:
    """An upload in a list."""
    failure, facts = found.pop("failure"), found.pop("failure_facts")
    position = min(found.pop("position"), found["size"])
    return {
        **found,
        "counts": counts_as_json(found["counts"]),
        "progress": position / found["size"],
        "failure": reason_form(failure, facts, language) if failure else None,
    }


def whole(found: Found, page: Page, language: Language) -> dict[str, object]:
    """An upload by itself."""
    sheets, columns = found.pop("sheets"), found.pop("columns") or []
    counts, assumptions = found.pop("sheet_counts"), found.pop("assumptions")
    counted, values = found.pop("problem_counts"), found.pop("values_not_understood")
    causes, kept = found.pop("problem_causes"), found.pop("problems_kept")
    names = {sheet["number"]: sheet["name"] for sheet in sheets}
    return {
        **summary(found, language),
        "sheets": [_sheet(sheet, columns, counts, language) for sheet in sheets],
        "columns": [column for column in columns if column["field"]],
        "ignored_columns": [column for column in columns if not column["field"]],
        "assumptions": described({entry["code"]: entry["rows"] for entry in assumptions}, language),
        "values_not_understood": values,
        "problem_counts": problem_counts(counted, kept=kept),
        "problem_causes": [cause_form(cause, names, language) for cause in causes],
        "problems": [*map(problem_form(sheets, language), page.rows)],
    }


def _sheet(sheet: Found, columns: Sequence[Found], counts: Mapping[str, Any], language: Language) -> dict[str, object]:
    number, reason = sheet["number"], sheet.get("reason")
    if reason:
        told = reason_form(reason["code"], reason["facts"], language)
        return {"number": number, "name": sheet["name"], "state": "passed_over", "reason": told}
    own = [column for column in columns if column.get("sheet", 1) == number]
    return {
        "number": number,
        "name": sheet["name"],
        "state": "read",
        "counts": counts_as_json(counts.get(str(number), {})),
        "mapping": sheet.get("mapping"),
        "columns": [column for column in own if column["field"]],
        "ignored_columns": [column for column in own if not column["field"]],
    }


def problem_counts(by_code: Mapping[str, int], *, kept: bool) -> dict[str, object]:
    """How many problems the rows have, how many of them are told one by one while they are kept, and which they are."""
    total = sum(by_code.values())
    ordered = sorted(by_code.items(), key=lambda entry: (-entry[1], entry[0]))
    return {"total": total, "listed": min(total, MOST_PROBLEMS) if kept else 0, "by_code": dict(ordered)}


def problem_form(sheets: Sequence[Found], language: Language) -> Shown:
    """Makes what is told of a fault of a row, with the sheet's name where there are names."""
    names = {sheet["number"]: sheet["name"] for sheet in sheets}

    def shown(row: Mapping[str, Any]) -> dict[str, Any]:
        told, sheet = (
            reason_form(row["code"], row["facts"], language, row["field"], row["row"]),
            names.get(row["sheet"]),
        )
        return {**told, "sheet": sheet} if sheet is not None else told

    return shown


def cause_form(cause: Found, sheets: Mapping[int, str | None], language: Language) -> dict[str, object]:
    """Rows with one fault of one value, `sheets` being the names of sheets by their places."""
    told = reason_form(cause["code"], cause["facts"], language)
    counted = {name: cause[name] for name in ("field", "value", "rows", "first_rows")}
    return {"code": told["code"], "detail": told["detail"], **counted, "sheet": sheets.get(cause["sheet"])}


def reason_form(
    code: str, facts: Mapping[str, Any], language: Language, field: str | None = None, row: int | None = None
) -> dict[str, object]:
    """What is wrong, in this language."""
    kind = REASONS.get(code)
    if kind is None:
        return {**validation.InvalidValue(field, row=row).as_error(language), "code": code}
    return kind(field, row=row, **facts).as_error(language)
