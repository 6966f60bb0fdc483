"""A proposal as its reader sees it, in their language."""

from collections.abc import Mapping
from typing import Any

from runtime.language import Language

from activities.uploads.assumptions import described
from activities.uploads.states import cause_form, reason_form

WHY_READ: Mapping[str, tuple[str, str]] = {
    "sheet_by_tags": (
        "Its HXL tags name a place and what was done there.",
        "وسوم HXL فيها تذكر المكان وما نُفّذ فيه.",
    ),
    "sheet_by_headings": (
        "Its headings name a place and what was done there.",
        "عناوينها تذكر المكان وما نُفّذ فيه.",
    ),
    "sheet_by_mapping": (
        "Files of this shape are read by a mapping that is remembered.",
        "للملفات من هذا الشكل قالب محفوظ تُقرأ به.",
    ),
    "sheet_given": ("It is read as was said of this file.", "تُقرأ كما قيل عن هذا الملف."),
}


def shown(upload: Mapping[str, Any], proposal: Mapping[str, Any], language: Language) -> dict[str, object]:
    """The proposal of an upload."""
    told = proposal["told"]
    sheets = {sheet["number"]: sheet["name"] for sheet in told["sheets"]}
    failure, facts = upload["failure"], upload["failure_facts"]
    return {
        **told,
        "upload": upload["id"],
        "digest": proposal["digest"],
        "made_at": proposal["made_at"],
        "failure": reason_form(failure, facts, language) if failure else None,
        "sheets": [_sheet(sheet, language) for sheet in told["sheets"]],
        "problems": [cause_form(cause, sheets, language) for cause in told["problems"]],
        "assumptions": described(told["assumptions"], language),
    }


def _sheet(sheet: Mapping[str, Any], language: Language) -> dict[str, object]:
    said = {name: value for name, value in sheet.items() if name != "passed"}
    reason = sheet["reason"]
    if why := WHY_READ.get(reason["code"]):
        said["reason"] = {"code": reason["code"], "detail": why[language == "ar"]}
    else:
        said["reason"] = reason_form(reason["code"], reason["facts"], language)
    return {**said, "state": "passed_over" if sheet.get("passed") else "read"}
