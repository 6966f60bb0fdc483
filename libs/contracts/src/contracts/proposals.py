"""Proposals: how a file would be read, before any row of it counts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.nouns import Row, SparseRow, described
from contracts.sensitivity import High, Moderate
from contracts.uploads import Assumption, ProblemCause, Reason, UploadColumn, UsedMapping


class TopRow(Row):
    """One of the first filled rows of a sheet."""

    row: Moderate[int] = described("Its number.", "رقمه.")
    cells: High[tuple[str, ...]] = described("Its first cells, shortened.", "خلاياه الأولى مختصرة.")


class ProposedColumn(UploadColumn):
    """A column of a sheet, and what it would be read as."""

    state: Moderate[Literal["read", "asked", "not_read"]] = described(
        "read; asked: it holds what would be lost, and must be answered; not_read: nobody asked for it.",
        "read: يُقرأ، asked: فيه ما قد يضيع ويجب البتّ فيه، not_read: لم يُطلب.",
    )
    proposed: Moderate[str | None] = described(
        "The field it may be for, and is once that is confirmed.", "الحقل المرجّح، ويُعتمد عند التأكيد.", None
    )
    confidence: Moderate[float] = described("How certain its field is, 0 to 1.", "مدى اليقين بالحقل، من 0 إلى 1.")
    samples: High[tuple[str, ...]] = described("Its first different values.", "أول قيمه المختلفة.")
    people: Moderate[int | None] = described(
        "People in it, over all rows that would be taken.", "الأشخاص فيه في كل الصفوف التي ستُقبل.", None
    )


class ProposedSheet(SparseRow):
    """A sheet of the file, how it would be read, and why."""

    number: Moderate[int] = described("Its place in the file, from 1.", "ترتيبها في الملف، من 1.")
    name: High[str | None] = described("Its name.", "اسمها.")
    state: Moderate[Literal["read", "passed_over"]] = described("Whether it would be read.", "هل ستُقرأ.")
    reason: High[Reason] = described("Why.", "السبب.")
    mapping: Moderate[UsedMapping | None] = described("The mapping it is read by.", "القالب الذي تُقرأ به.", None)
    headings: Moderate[tuple[int, ...]] = described("Rows its headings stand in.", "صفوف العناوين.", ())
    columns: High[tuple[ProposedColumn, ...]] = described("Its columns.", "أعمدتها.", ())
    top: High[tuple[TopRow, ...]] = described("Its first filled rows.", "أول صفوفها غير الفارغة.", ())


class ValueToSettle(Row):
    """A value that nobody knows, and the nearest that is known."""

    field: Moderate[str] = described("Its field.", "الحقل.")
    value: High[str] = described("The value as it stands.", "القيمة كما وردت.")
    rows: Moderate[int] = described("In how many rows.", "عدد الصفوف.")
    proposal: High[str | None] = described("What it may mean.", "ما قد تعنيه.")
    label: High[str | None] = described("The name of that.", "اسم ذلك.")
    score: Moderate[float | None] = described("How near it is, 0 to 1.", "مدى القرب، من 0 إلى 1.")


class ProposedSums(Row):
    """What the rows that would be taken come to."""

    rows: Moderate[int] = described("Rows that hold something.", "صفوف غير فارغة.")
    accepted: Moderate[int] = described("Rows that would be taken.", "صفوف ستُقبل.")
    unchanged: Moderate[int] = described(
        "About how many of them say what stands already.", "عدد تقريبي لما سبق إرساله منها.", 0
    )
    rejected: Moderate[int] = described("Rows that would be rejected.", "صفوف ستُرفض.")
    blank: Moderate[int] = described("Rows that hold nothing.", "صفوف فارغة.")
    people: Moderate[dict[str, int]] = described("People by field.", "الأشخاص بحسب الحقل.")
    months: Moderate[dict[str, int]] = described("Rows by month.", "الصفوف بحسب الشهر.")
    sectors: Moderate[dict[str, int]] = described("Rows by sector.", "الصفوف بحسب القطاع.")
    statuses: Moderate[dict[str, int]] = described("Rows by status.", "الصفوف بحسب الحالة.")
    organisations: High[dict[str, int]] = described(
        "Rows by organisation that was found, as it is written.", "الصفوف بحسب المنظمات المعروفة كما كُتبت."
    )
    organisations_not_found: High[dict[str, int]] = described(
        "Rows by names of organisations nobody knows.", "الصفوف بحسب أسماء منظمات غير معروفة."
    )
    areas: Moderate[dict[str, int]] = described("Rows by area that was found.", "الصفوف بحسب المناطق المعروفة.")
    areas_count: Moderate[int] = described("How many areas were found.", "عدد المناطق المعروفة.")
    areas_not_found: High[dict[str, int]] = described("Rows by places nobody knows.", "الصفوف بحسب أماكن غير معروفة.")


class EarlierFile(Row):
    """An earlier file of the same sender and shape, and what it held that this one lacks."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    file_name: High[str | None] = described("Its name.", "اسم الملف.")
    received_at: Moderate[datetime] = described("When it arrived.", "وقت الوصول.")
    months: Moderate[tuple[str, ...]] = described("Months.", "الأشهر.")
    areas: Moderate[tuple[str, ...]] = described("The first of the areas.", "أول المناطق.")
    areas_count: Moderate[int] = described("How many areas.", "عدد المناطق.")
    columns: High[tuple[str, ...]] = described("Columns.", "الأعمدة.")


class Proposal(Row):
    """How a file would be read: sheets, columns, sums, what is wrong and what is to be settled.

    كيف سيُقرأ الملف: الأوراق والأعمدة والمجاميع والمشكلات وما يجب البتّ فيه.
    """

    upload: Moderate[UUID] = described("Id of the file.", "معرّف الملف.")
    digest: Moderate[str] = described("What a confirmation names.", "ما يذكره التأكيد.")
    made_at: Moderate[datetime] = described("When it was made.", "وقت إعداده.")
    failure: High[Reason | None] = described(
        "What must be settled before the file counts.", "ما يجب البتّ فيه قبل احتساب الملف."
    )
    sheets: High[tuple[ProposedSheet, ...]] = described("Its sheets.", "أوراقه.")
    sums: High[ProposedSums] = described("What its rows come to.", "حصيلة صفوفه.")
    problems: High[tuple[ProblemCause, ...]] = described("Problems by cause.", "المشكلات بحسب السبب.")
    to_settle: High[tuple[ValueToSettle, ...]] = described("Values nobody knows.", "قيم غير معروفة.")
    assumptions: High[tuple[Assumption, ...]] = described("What was assumed.", "الافتراضات.")
    earlier: High[EarlierFile | None] = described(
        "What an earlier file held that this one lacks.", "ما ورد في ملف سابق ولم يرد في هذا."
    )
