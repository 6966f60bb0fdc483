"""Uploads: files of reports, how far they were read and what was wrong with them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.nouns import Filter, Row, SparseRow, described, noun
from contracts.sensitivity import High, Low, Moderate
from contracts.values import Country

UploadState = Literal["queued", "running", "proposed", "done", "failed"]


class RowCounts(Row):
    """Rows that hold something, what became of them, and how many hold nothing."""

    rows: Moderate[int] = described("Rows that hold something.", "صفوف غير فارغة.")
    accepted: Moderate[int] = described("Accepted.", "المقبولة.")
    created: Moderate[int] = described("New reports.", "تقارير جديدة.")
    updated: Moderate[int] = described("New versions.", "نسخ جديدة.")
    unchanged: Moderate[int] = described("Said before.", "سبق إرسالها.")
    superseded: Moderate[int] = described("Replaced by a later row.", "حل محلها صف لاحق.")
    rejected: Moderate[int] = described("Rejected.", "المرفوضة.")
    flagged: Moderate[int] = described("With something noticed about them.", "عليها ملاحظات.")
    exact_repeats: Moderate[int] = described("Repeat another row to the letter.", "تكرار حرفي لصف آخر.")
    blank: Moderate[int] = described("Rows that hold nothing.", "صفوف فارغة.")


class Reason(Row):
    """What was wrong, in the reader's language."""

    code: Moderate[str] = described("Stable name of the reason.", "اسم السبب الثابت.")
    detail: High[str] = described("The reason.", "السبب.")


class UploadProblem(Reason, SparseRow):
    """What was wrong with a row of a sheet."""

    field: Moderate[str] = described("The field, where it is about one.", "الحقل، إن كان السبب يخص حقلاً.", "")
    row: Moderate[int] = described("The row as a spreadsheet numbers it.", "رقم الصف في الورقة.")
    sheet: Moderate[str] = described(
        "Name of the sheet, where sheets have names.", "اسم الورقة، إن كان للأوراق أسماء.", ""
    )


class Upload(Row):
    """A file that was sent, and how far it was read."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    id: Moderate[UUID] = described("Id.", "المعرّف.")
    state: Moderate[UploadState] = described("How far it is.", "الحالة.")
    file_name: High[str | None] = described("Its name.", "اسم الملف.")
    kind: Moderate[str | None] = described("What kind of file it is, by its content.", "نوع الملف بحسب مضمونه.")
    failure: High[Reason | None] = described("Why it was not read.", "سبب تعذّر قراءته.")
    month: Moderate[str | None] = described("Month of rows that name none.", "شهر الصفوف التي لا تذكره.")
    sector: Moderate[str | None] = described("Sector of rows that name none.", "قطاع الصفوف التي لا تذكره.")
    organisation: High[str | None] = described("Organisation of rows that name none.", "منظمة الصفوف التي لا تذكرها.")
    status: Moderate[str | None] = described("Status of rows that name none.", "حالة الصفوف التي لا تذكرها.")
    language: Low[Literal["ar", "en"]] = described("Language it was sent in.", "لغة الإرسال.")
    size: Moderate[int] = described("Bytes.", "الحجم بالبايت.")
    received_at: Moderate[datetime] = described("When it arrived.", "وقت الوصول.")
    finished_at: Moderate[datetime | None] = described("When it was read to its end.", "وقت انتهاء القراءة.")
    counts: Moderate[RowCounts] = described("What became of its rows.", "ما آلت إليه الصفوف.")
    progress: Moderate[float] = described("How much of it was read, 0 to 1.", "ما قُرئ منه، من 0 إلى 1.")


class UploadFilter(Filter):
    """Which uploads: all that the reader may see."""


UPLOADS = noun("uploads", "activities", Upload, UploadFilter, ("received_at", "id"), newest_first=True, followed=True)


class QueuedUpload(Row):
    """A file that arrived and is kept."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    state: Moderate[Literal["queued"]] = described("It is read soon.", "يُقرأ قريباً.")


class UploadColumn(SparseRow):
    """A column of a sheet and what it was understood as."""

    sheet: Moderate[int] = described("The sheet's place in the file, from 1.", "ترتيب الورقة في الملف، من 1.", 1)
    column: Moderate[int] = described("Its place, from 1.", "ترتيب العمود، من 1.")
    heading: High[str] = described("Its heading.", "عنوانه.")
    tag: Moderate[str | None] = described("Its HXL tag.", "وسم HXL.")
    field: Moderate[str | None] = described(
        "Field of a report; null: nobody asked for it.", "حقل التقرير، إن فُهم العمود."
    )


class UsedMapping(Row):
    """The mapping a sheet was read by."""

    id: Moderate[UUID] = described("Its id.", "معرّفه.")
    version: Moderate[int] = described("Its version.", "نسخته.")
    name: Moderate[str] = described("Its name.", "اسمه.")
    fingerprint: Moderate[str] = described("Of the headings of the sheet.", "بصمة عناوين الورقة.")


class UploadSheet(SparseRow):
    """A sheet of the file: read, or why it was passed over."""

    number: Moderate[int] = described("Its place in the file, from 1.", "ترتيبها في الملف، من 1.")
    name: High[str | None] = described("Its name.", "اسمها.")
    state: Moderate[Literal["read", "passed_over"]] = described("Whether it was read.", "هل قُرئت.")
    reason: High[Reason | None] = described("Why it was passed over.", "سبب تخطّيها.", None)
    counts: Moderate[RowCounts | None] = described("What became of its rows.", "ما آلت إليه صفوفها.", None)
    mapping: Moderate[UsedMapping | None] = described("The mapping it was read by.", "القالب الذي قُرئت به.", None)
    columns: High[tuple[UploadColumn, ...]] = described("Columns that were understood.", "الأعمدة المفهومة.", ())
    ignored_columns: High[tuple[UploadColumn, ...]] = described("Columns nobody asked for.", "أعمدة لم تُطلب.", ())


class Assumption(Reason):
    """What was assumed of rows, and of how many."""

    rows: Moderate[int] = described("In how many rows.", "عدد الصفوف.")


class ValueNotUnderstood(Row):
    """A value that was kept as text alone."""

    field: Moderate[str] = described("Its field.", "الحقل.")
    value: High[str] = described("The value.", "القيمة.")
    rows: Moderate[int] = described("In how many rows.", "عدد الصفوف.")


class ProblemCause(Reason):
    """What is wrong with one value of a field, and in how many rows; beyond many values, all others together."""

    field: Moderate[str | None] = described("The field, where it is about one.", "الحقل، إن كان السبب يخص حقلاً.")
    value: High[str | None] = described("What the rows say there.", "ما تقوله الصفوف فيه.")
    rows: Moderate[int] = described("How many rows.", "عدد الصفوف.")
    first_rows: Moderate[tuple[int, ...]] = described("The first of them.", "أولها.")
    sheet: Moderate[str | None] = described("Name of their sheet.", "اسم ورقتها.")


class WithdrawalCounts(Row):
    """What became of reports that were taken back."""

    reports: Moderate[int] = described("All.", "المجموع.")
    withdrawn: Moderate[int] = described("Withdrawn: the file had made them.", "مسحوبة: أنشأها الملف.")
    put_back: Moderate[int] = described("Say again what they said before.", "أُعيدت إلى ما كانت عليه.")
    left: Moderate[int] = described(
        "Changed later, or said by another file too.", "بقيت: تغيّرت لاحقاً أو وردت في ملف آخر."
    )
    restored: Moderate[int] = described("Brought back.", "أُعيدت.")
    open: Moderate[int] = described("Still to be done.", "لم تُعالج بعد.")


class Withdrawal(Row):
    """What was taken back with a file, or replaced by it."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    kind: Moderate[str] = described("withdrawal or replacement.", "سحب أو استبدال.")
    state: Moderate[str] = described("How far it is.", "الحالة.")
    reason: High[str | None] = described("Why.", "السبب.")
    withdrawn_at: Moderate[datetime] = described("When.", "الوقت.")
    withdrawn_by_role: Moderate[str | None] = described("Role of who did.", "دور من قام به.")
    restored_at: Moderate[datetime | None] = described("When it was undone.", "وقت التراجع عنه.")
    restored_by_role: Moderate[str | None] = described("Role of who undid it.", "دور من تراجع عنه.")
    counts: Moderate[WithdrawalCounts] = described("What became of its reports.", "ما آلت إليه تقاريره.")


class UploadWithdrawals(Row):
    """What was taken back with a file, the latest first."""

    id: Moderate[UUID] = described("Id of the file.", "معرّف الملف.")
    withdrawals: High[tuple[Withdrawal, ...]] = described("The latest first.", "الأحدث أولاً.")


class WholeOf(Row):
    """An organisation, sector and month of which a file is the whole."""

    country: Low[Country] = described("P-code of the country.", "رمز البلد.")
    organisation_id: Moderate[UUID] = described("Id of the organisation.", "معرّف المنظمة.")
    sector: Moderate[str] = described("Code of the sector.", "رمز القطاع.")
    month: Moderate[str] = described("Month.", "الشهر.")


class MissingReport(Row):
    """A report that stands, and that the file does not hold."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    version: Moderate[int] = described("Version.", "النسخة.")
    stage: Moderate[str] = described("Stage.", "المرحلة.")
    external_id: High[str | None] = described("The sender's own id.", "معرّف المرسل.")
    organisation_id: Moderate[UUID] = described("Id of the organisation.", "معرّف المنظمة.")
    sector: Moderate[str] = described("Code of the sector.", "رمز القطاع.")
    month: Moderate[str] = described("Month.", "الشهر.")
    area: High[str] = described("P-code of the area.", "رمز المنطقة.")
    people_total: Moderate[int | None] = described("People.", "عدد الأشخاص.")


class Replacing(Row):
    """Of a file that replaces: what it is the whole of, and what stands of that without being in it."""

    whole_of: Moderate[tuple[WholeOf, ...]] = described("The first of them.", "أولها.")
    whole_of_count: Moderate[int] = described("How many there are.", "عددها.")
    rejected_rows: Moderate[int] = described("Rows of it that were rejected.", "صفوفه المرفوضة.")
    passed_over_sheets: Moderate[int] = described("Sheets that were passed over.", "أوراقه التي جرى تخطّيها.")
    missing: Moderate[int | None] = described(
        "Reports it does not hold, once it is read.", "تقارير لا ترد فيه، بعد قراءته."
    )
    digest: Moderate[str | None] = described("Digest of which ones.", "بصمة تلك التقارير.")
    reports: High[tuple[MissingReport, ...]] = described("The first of them.", "أولها.")


class ProblemCounts(Row):
    """How many problems rows have, how many of them are told one by one, and which they are."""

    total: Moderate[int] = described("Of all rows.", "في كل الصفوف.")
    listed: Moderate[int] = described("Told one by one.", "المذكور منها واحدة واحدة.")
    by_code: Moderate[dict[str, int]] = described("By code.", "بحسب الرمز.")


class UploadDetail(Upload):
    """A file, what was understood of it, and what was wrong with which row."""

    sheets: High[tuple[UploadSheet, ...]] = described("Its sheets.", "أوراقه.")
    columns: High[tuple[UploadColumn, ...]] = described("Columns that were understood.", "الأعمدة المفهومة.")
    ignored_columns: High[tuple[UploadColumn, ...]] = described("Columns nobody asked for.", "أعمدة لم تُطلب.")
    assumptions: High[tuple[Assumption, ...]] = described("What was assumed.", "الافتراضات.")
    values_not_understood: High[tuple[ValueNotUnderstood, ...]] = described(
        "Values that were kept as text alone.", "قيم حُفظت نصاً فقط."
    )
    problem_counts: Moderate[ProblemCounts] = described("How many problems its rows have.", "عدد مشكلات صفوفه.")
    problem_causes: High[tuple[ProblemCause, ...]] = described(
        "Problems by cause, those of most rows first.", "المشكلات بحسب السبب، أكثرها صفوفاً أولاً."
    )
    problems: High[tuple[UploadProblem, ...]] = described("The first of them.", "أولها.")
    replaces: High[Replacing | None] = described("Of a file that replaces.", "لملف يستبدل غيره.")
    withdrawals: High[tuple[Withdrawal, ...]] = described("What was taken back with it.", "ما سُحب معه.")


class CountedProblems(Row):
    """Stands beside the problems of an upload."""

    counts: Moderate[ProblemCounts] = described("How many there are in all.", "عددها كلها.")


class UploadProblemFilter(Filter):
    """Problems of which upload."""

    country: Country = described("P-code of the upload's country.", "رمز بلد الملف.")
    upload: UUID = described("Id of the upload.", "معرّف الملف.")


UPLOAD_PROBLEMS = noun(
    "upload-problems",
    "activities",
    UploadProblem,
    UploadProblemFilter,
    ("sheet", "row", "number"),
    key=("sheet", "row", "number"),
)
