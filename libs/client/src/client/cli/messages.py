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
    "following": (
        "في انتظار الإنذارات، وللإيقاف اضغط Ctrl-C.",
        "Waiting for alerts; Ctrl-C ends it.",
    ),
    "missed": (
        "فاتتك إنذارات لا تُعاد هنا: نفّذ tansiq alerts list.",
        "Some alerts were missed that are not told again here: run tansiq alerts list.",
    ),
    "subscribed": (
        "أُنشئ الاشتراك {id}. سر التوقيع، ويُعرض مرة واحدة: {secret}",
        "Subscription {id} is made. Its signing secret, shown this once: {secret}",
    ),
    "unsubscribed": ("حُذف الاشتراك {id}.", "Subscription {id} is removed."),
    "sent": ("الإرسال", "sent"),
    "status": ("الحالة", "status"),
    "severity": ("الشدة", "severity"),
    "headline": ("العنوان", "headline"),
    "id": ("المعرّف", "id"),
    "url": ("الرابط", "address"),
    "state": ("الحالة", "state"),
    "areas_column": ("المناطق", "areas"),
    "dropped": ("أُهملت الرسالة {number}.", "Dead letter {number} dropped."),
    "retried": ("أعيدت محاولة الرسالة {number}: {outcome}", "Dead letter {number} tried again: {outcome}"),
    "replaying": ("تُعيد خدمة {service} بناء ما صنعته من الأحداث: {state}", "{service} makes its figures anew: {state}"),
    "provisional": (
        "أرقام مؤقتة، بقواعد احتساب لم تصادق عليها مجموعات العمل بعد.",
        "Provisional figures, by counting rules that no working group has ratified yet.",
    ),
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
