"""What was assumed of the rows, or is odd about them, in the reader's language."""

from collections.abc import Mapping

from runtime.language import Language

SENTENCES: Mapping[str, tuple[str, str]] = {
    "severe_by_meaning": (
        "The row speaks of gender-based violence, child protection or safe spaces: it is severe, unseen by others.",
        "يدل الصف على العنف القائم على النوع الاجتماعي أو حماية الطفل أو المساحات الآمنة: شديد الحساسية، ومحجوب.",
    ),
    "severe_by_unread_column": (
        "A column that was not understood says that the row is severe: others do not see it.",
        "يدل عمود غير مفهوم على أن الصف شديد الحساسية: لا يراه الآخرون.",
    ),
    "sensitivity_not_lowered": (
        "A lower sensitivity was given than what the row says makes it: the higher holds until a reviewer lowers it.",
        "ذُكر مستوى حساسية أدنى مما يقتضيه مضمون الصف: يبقى الأعلى إلى أن يخفضه من يراجعه.",
    ),
    "said_by_profile": (
        "The row does not say it: it was taken from what was agreed on for files of this form.",
        "لم يُذكر في الصف: أُخذ مما اتُّفق عليه للملفات من هذا الشكل.",
    ),
    "status_assumed": (
        "No status was given in the row: the form's was taken, or Ongoing where it has none.",
        "لم تُذكر الحالة في الصف: أُخذت من الاستمارة، وإن لم تذكرها افتُرض أن النشاط جارٍ.",
    ),
    "value_not_understood": (
        "A value of an optional field was not understood: it was kept as text, and is in no figure.",
        "قيمة في حقل اختياري لم تُفهم: حُفظت نصاً كما كُتبت، ولا تدخل في أي رقم.",
    ),
    "part_not_understood": (
        "A part of a cell was not understood: the cell was read by its other part.",
        "جزء من خلية لم يُفهم: قُرئت الخلية من جزئها الآخر.",
    ),
    "several_values_as_one": (
        "A cell named several population groups: it was read as mixed.",
        "ذكرت خلية عدة فئات من السكان: قُرئت على أنها مختلطة.",
    ),
    "indicator_of_other_sector": (
        "The indicator belongs to another sector than the row: it was kept as text, and is in no figure.",
        "المؤشر يخص قطاعاً غير قطاع الصف: حُفظ نصاً، ولا يدخل في أي رقم.",
    ),
    "total_does_not_add_up": (
        "The parts do not add up to the total; the row was taken as it is.",
        "الأجزاء لا تساوي المجموع؛ قُبل الصف كما هو.",
    ),
    "total_from_parts": ("No total was given: the parts were added.", "لم يُذكر المجموع: جُمعت الأجزاء."),
    "organisation_unresolved": (
        "The organisation is not known by this name; the name was kept, to be resolved.",
        "المنظمة غير معروفة بهذا الاسم؛ حُفظ الاسم إلى حين تحديدها.",
    ),
    "organisation_by_acronym": (
        "The organisation was recognised by its acronym, not by its name.",
        "عُرفت المنظمة من اختصارها لا من اسمها.",
    ),
    "implementer_unresolved": (
        "The implementing organisation is not known by this name; the name was kept.",
        "المنظمة المنفذة غير معروفة بهذا الاسم؛ حُفظ الاسم.",
    ),
    "area_of_another_level": (
        "The P-code is of another level than its column says; the code was followed.",
        "رمز المنطقة من مستوى غير مستوى عموده؛ اعتُمد الرمز.",
    ),
    "area_by_name": ("The area was found by its name.", "عُثر على المنطقة من اسمها."),
    "area_name_differs": (
        "The area's name is not the one its code has; the code was followed.",
        "اسم المنطقة لا يطابق رمزها؛ اعتُمد الرمز.",
    ),
    "area_code_unknown": (
        "A P-code is not known here, perhaps of another edition: the area the row names otherwise was taken.",
        "رمز منطقة (P-code) غير معروف هنا، وربما من إصدار آخر: اعتُمدت المنطقة من بقية الصف.",
    ),
    "community_unresolved": (
        "The community is not known by this name; the name was kept with the sub-district.",
        "التجمّع غير معروف بهذا الاسم؛ حُفظ الاسم مع الناحية.",
    ),
    "sector_by_name": ("The sector was recognised by its name.", "عُرف القطاع من اسمه."),
    "exact_repeat": (
        "The row repeats another to the letter; it was taken, and flagged.",
        "الصف تكرار حرفي لصف آخر؛ قُبل مع الإشارة إلى ذلك.",
    ),
    "taken_as_correction": (
        "The row has no id and differs from what stands: it was taken as the correction of the report nearest to it.",
        "الصف بلا معرّف ويختلف عما هو مسجّل: اعتُبر تصحيحاً لأقرب تقرير إليه.",
    ),
    "superseded_by_later_row": (
        "A later row has the same id of the organisation's: the later one counts.",
        "يوجد صف لاحق بالمعرّف نفسه: يُعتمد اللاحق.",
    ),
    "na_as_empty": (
        "NA, «unknown», a dash and the like were read as nothing.",
        "قُرئت NA و«غير محدد» والشرطة وما شابهها على أنها فراغ.",
    ),
    "thousands_separator_assumed": (
        "Commas, points or spaces in numbers were read as thousands separators.",
        "قُرئت الفواصل أو النقاط أو الفراغات في الأعداد كفواصل آلاف.",
    ),
    "rounded": (
        "Fractions of people were rounded so that the parts keep their total; they count as estimated.",
        "قُرّبت كسور الأعداد إلى أعداد صحيحة مع الحفاظ على مجموع الأجزاء، واعتُبرت تقديرية.",
    ),
    "unit_after_number": ("A word for people behind a number was left out.", "حُذفت كلمة تدل على الأشخاص بعد العدد."),
    "decimal_comma_assumed": ("A comma was read as a decimal point.", "قُرئت الفاصلة كفاصلة عشرية."),
    "decimal_point_assumed": (
        "A point was read as a decimal point, as in the sheet's other columns.",
        "قُرئت النقطة كفاصلة عشرية، كما في أعمدة الورقة الأخرى.",
    ),
    "date_order_from_sheet": (
        "Dates were read in the order of day and month that the sheet's other dates have.",
        "قُرئت التواريخ بترتيب اليوم والشهر الوارد في تواريخ الورقة الأخرى.",
    ),
    "day_first_assumed": ("Dates were read day first.", "قُرئت التواريخ على أن اليوم أولاً."),
    "year_from_form": ("The month has no year: the form's was taken.", "الشهر بلا سنة: أُخذت السنة من الاستمارة."),
    "month_from_form": ("The row has no month: the form's was taken.", "لا شهر في الصف: أُخذ شهر الاستمارة."),
    "month_contradicts_dates": (
        "The dates lie in another month than the row's; the row was taken as it is.",
        "التواريخ في شهر آخر غير شهر الصف؛ قُبل الصف كما هو.",
    ),
    "two_digit_year": ("A year of two digits was read as 20…", "قُرئت السنة المكتوبة برقمين على أنها من القرن الحالي."),
    "year_differs": (
        "The month names another year than the column of years: the month's own was taken.",
        "يذكر الشهر سنة غير المذكورة في عمود السنة: اعتُمدت سنة الشهر.",
    ),
    "excel_serial_date": (
        "A number in place of a date was read as the spreadsheet's day number.",
        "قُرئ رقم في موضع تاريخ على أنه الرقم التسلسلي لليوم في برنامج الجداول.",
    ),
    "month_from_dates": (
        "No month was given: it was taken from the dates, which lie in one month.",
        "لم يُذكر الشهر: أُخذ من التواريخ، وهي تقع في شهر واحد.",
    ),
    "columns_of_one_field": (
        "Two columns mean the same thing and do not contradict: the first that is filled was taken.",
        "عمودان بمعنى واحد ولا يتناقضان: أُخذ أول عمود معبأ منهما.",
    ),
    "column_not_read": (
        "A column with figures, dates or codes was not understood and left out, as the sender accepted.",
        "لم يُفهم عمود فيه أرقام أو تواريخ أو رموز وتُرك جانباً، كما قبل المرسل.",
    ),
    "cell_without_heading": (
        "A cell without a heading above it was not read.",
        "توجد خلية لا عنوان فوقها لم تُقرأ.",
    ),
    "sector_from_sheet_name": (
        "No sector was given: it was taken from the sheet's name.",
        "لم يُذكر القطاع: أُخذ من اسم الورقة.",
    ),
    "total_row_passed_over": (
        "A row that holds the total of others was passed over.",
        "تُرك صف يحوي مجموع الصفوف الأخرى.",
    ),
    "merged_cells_filled": (
        "Merged cells reach over several rows: each of these rows took their value.",
        "توجد خلايا مدمجة تمتد على عدة صفوف: أُخذت قيمتها لكل صف منها.",
    ),
    "sector_from_form": (
        "The row's sector is not known: the form's was taken.",
        "قطاع الصف غير معروف: أُخذ القطاع من الاستمارة.",
    ),
    "pcode_among_names": (
        "A P-code stood in a column of names: it was read as the code.",
        "ورد رمز منطقة (P-code) في عمود الأسماء: قُرئ على أنه الرمز.",
    ),
    "windows_1256": (
        "The file is not UTF-8: it was read as Windows-1256 (Arabic).",
        "الملف ليس UTF-8: قُرئ بترميز Windows-1256 (العربية).",
    ),
}


def described(counts: Mapping[str, int], language: Language) -> list[dict[str, object]]:
    """Each assumption with the rows it was made in, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [{"code": code, "rows": rows, "detail": _sentence(code, language)} for code, rows in ordered]


def _sentence(code: str, language: Language) -> str:
    english, arabic = SENTENCES.get(code, (code, code))
    return arabic if language == "ar" else english
