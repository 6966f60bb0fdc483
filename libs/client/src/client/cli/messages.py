"""What the command says, in Arabic and English."""

from collections.abc import Mapping

from client.door import Language

MESSAGES: Mapping[str, tuple[str, str]] = {
    "signed_in": (
        "تم الدخول إلى {url} باسم {client} (ملف «{profile}»).",
        "Signed in to {url} as {client} (profile {profile}).",
    ),
    "not_signed_in": ("لم تسجّل الدخول بعد: نفّذ tansiq login.", "You are not signed in: run tansiq login."),
    "refused": ("رُفض الطلب: {detail} ({code})", "Refused: {detail} ({code})"),
    "unreachable": ("تعذّر الوصول إلى المنصة: {cause}", "The platform can't be reached: {cause}"),
    "unreadable": ("تعذّرت قراءة الملف: {cause}", "The file can't be read: {cause}"),
    "unknown_kind": (
        "نوع الملف غير معروف: المقبول .ndjson و.jsonl و.json و.csv",
        "Unknown kind of file: .ndjson, .jsonl, .json and .csv are taken",
    ),
    "only_for_csv": (
        "الخيارات --month و--country و--sector و--organisation لملفات CSV فقط.",
        "--month, --country, --sector and --organisation are for CSV files only.",
    ),
    "pushed": ("قُبل {taken} صفاً ورُفض {refused}.", "{taken} rows taken, {refused} refused."),
    "assumed": ("{rows} صفاً: {detail}", "{rows} rows: {detail}"),
    "more_problems": ("… و{count} مشكلة أخرى (استعمل --json لعرضها كلها)", "… and {count} more (--json lists all)"),
    "areas_loaded": (
        "قُبلت {taken} منطقة ورُفضت {refused}، والمنصة تعرفها الآن.",
        "{taken} areas taken, {refused} refused; the platform knows them now.",
    ),
    "areas_late": (
        "حُمّلت المناطق، لكن البوابة لم تعرفها بعد.",
        "The areas are loaded, but the gateway does not know them yet.",
    ),
    "nothing": ("لا شيء.", "Nothing."),
    "dropped": ("أُهملت الرسالة {number}.", "Dead letter {number} dropped."),
    "retried": ("أعيدت محاولة الرسالة {number}: {outcome}", "Dead letter {number} tried again: {outcome}"),
    "replaying": ("تُعيد خدمة {service} بناء ما صنعته من الأحداث: {state}", "{service} makes its figures anew: {state}"),
    "provisional": (
        "أرقام مؤقتة، بقواعد احتساب لم تصادق عليها مجموعات العمل بعد.",
        "Provisional figures, by counting rules that no working group has ratified yet.",
    ),
    "no_period": (
        "الفترة شهران بينهما نقطتان مثل 2026-01..2026-12، ولا تجتمع مع --month.",
        "A period is two months such as 2026-01..2026-12, and does not go with --month.",
    ),
    "target_summed": (
        "الهدف مجموع أهداف {with_target} من {areas} منطقة ضمنها",
        "target summed from {with_target} of {areas} areas inside",
    ),
    "over_target": ("تجاوز الهدف", "over target"),
    "progress_no_target": ("لا هدف محدد", "no target"),
    "progress_zero_target": ("الهدف صفر", "target is zero"),
    "progress_no_people_counted": ("لم يُحتسب أشخاص", "no people counted"),
    "progress_services_only": ("تُحتسب الخدمات لا الأشخاص", "services are counted, not people"),
    "progress_small_count": ("محجوب: عدد صغير", "hidden: small count"),
    "progress_few_organisations": ("محجوب: منظمات قليلة", "hidden: few organisations"),
    "progress_output_not_counted_yet": ("مخرجات المؤشر لا تُحتسب بعد", "output is not counted yet"),
    "row": ("الصف", "row"),
    "field": ("الحقل", "field"),
    "code": ("الرمز", "code"),
    "problem": ("المشكلة", "problem"),
    "area": ("المنطقة", "area"),
    "name": ("الاسم", "name"),
    "sector": ("القطاع", "sector"),
    "month": ("الشهر", "month"),
    "people": ("الأشخاص", "people"),
    "services": ("الخدمات", "services"),
    "reports": ("التقارير", "reports"),
    "indicator": ("المؤشر", "indicator"),
    "period": ("الفترة", "period"),
    "target": ("الهدف", "target"),
    "coverage": ("التغطية", "coverage"),
    "gap": ("الفجوة", "gap"),
    "remark": ("ملاحظة", "remark"),
    "organisations": ("المنظمات", "organisations"),
    "number": ("الرقم", "number"),
    "type": ("النوع", "type"),
    "key": ("المفتاح", "key"),
    "cause": ("السبب", "cause"),
    "attempts": ("المحاولات", "attempts"),
    "sending": ("إرسال", "sending"),
    "checking": ("تدقيق", "checking"),
}


def sentence(name: str, language: Language, **facts: object) -> str:
    arabic, english = MESSAGES[name]
    return (arabic if language == "ar" else english).format(**facts)
