"""What becomes of rows that are sent together."""

from typing import Any

from contracts.nouns import SparseRow, described
from contracts.sensitivity import High, Low, Moderate


class RowError(SparseRow):
    """Why a row, or a field of it, was rejected."""

    code: Low[str] = described("Stable name of the reason.", "اسم السبب الثابت.")
    legacy_code: Low[str] = described(
        "The name it had before, for one release.", "الاسم السابق للسبب، لإصدار واحد.", ""
    )
    detail: Moderate[str] = described(
        "The reason in Arabic, or in English where that is preferred.", "السبب بالعربية أو الإنكليزية."
    )
    field: Low[str] = described("Path of the field.", "مسار الحقل.", "")
    row: Low[int] = described("Number of the row.", "رقم الصف.", 0)


class RowOutcome(SparseRow):
    """What became of one row."""

    row: Low[int] = described("Its number.", "رقمه.")
    status: Low[str] = described("rejected, or what was done.", "rejected، أو ما جرى.")
    id: Moderate[str | None] = described("Id of what it made or changed.", "معرّف ما أنشأه أو عدّله.")
    version: Low[int | None] = described("Version of that.", "نسخته.")
    flags: Moderate[tuple[str, ...]] = described("What was assumed or noticed.", "ما افتُرض أو لوحظ.")
    errors: Moderate[tuple[RowError, ...]] = described("Why it was rejected.", "أسباب الرفض.")
    not_understood: High[dict[str, str]] = described(
        "Values of optional fields that were kept as text alone, by field.", "قيم حقول اختيارية حُفظت نصاً فقط.", {}
    )


class RowsAnswer(SparseRow):
    """What became of rows that were sent together."""

    accepted: Low[int] = described("Rows that were accepted.", "عدد الصفوف المقبولة.")
    rejected: Low[int] = described("Rows that were rejected.", "عدد الصفوف المرفوضة.")
    results: Moderate[tuple[RowOutcome, ...]] = described("Each row.", "كل صف.")
    problem_counts: Low[dict[str, Any]] = described(
        "There where not every error is told: how many of which code.", "عدد المشكلات بحسب الرمز، إن لم تُذكر كلها.", {}
    )
