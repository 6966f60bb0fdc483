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
        "نوع الملف غير معروف: المقبول .ndjson و.jsonl و.json و.csv و.tsv و.xlsx و.xls و.ods",
        "Unknown kind of file: .ndjson, .jsonl, .json, .csv, .tsv, .xlsx, .xls and .ods are taken",
    ),
    "only_for_sheets": (
        "الخيارات --month و--country و--sector و--organisation لجداول البيانات فقط.",
        "--month, --country, --sector and --organisation are for spreadsheets only.",
    ),
    "pushed": ("قُبل {taken} صفاً ورُفض {refused}.", "{taken} rows taken, {refused} refused."),
    "upload_state": (
        "الملف {file}: {state}، {progress}٪. قُبل {taken} صفاً ورُفض {refused}.",
        "File {file}: {state}, {progress} %. {taken} rows taken, {refused} refused.",
    ),
    "queued": ("في الانتظار", "waiting"),
    "running": ("قيد القراءة", "being read"),
    "done": ("انتهت قراءته", "done"),
    "failed": ("تعذّرت قراءته", "failed"),
    "read": ("مقروءة", "read"),
    "passed_over": ("متجاوَزة", "passed over"),
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
    "invited": (
        "سلّم هذا الرابط بطريقة تثق بها؛ يعمل مرة واحدة حتى {until} (UTC):\n{link}",
        "Hand this link over by a way you trust; it works once, until {until} (UTC):\n{link}",
    ),
    "deactivated": ("أُوقف حساب {person}.", "{person} is shut out."),
    "nothing": ("لا شيء.", "Nothing."),
    "dropped": ("أُهملت الرسالة {number}.", "Dead letter {number} dropped."),
    "retried": ("أعيدت محاولة الرسالة {number}: {outcome}", "Dead letter {number} tried again: {outcome}"),
    "replaying": ("تُعيد خدمة {service} بناء ما صنعته من الأحداث: {state}", "{service} makes its figures anew: {state}"),
    "provisional": (
        "أرقام مؤقتة، بقواعد احتساب لم تصادق عليها مجموعات العمل بعد.",
        "Provisional figures, by counting rules that no working group has ratified yet.",
    ),
    "waiting": ("تقارير تنتظر مراجعتك: {count}.", "{count} reports wait for your review."),
    "decided": (
        "بُتّ في {taken} تقريراً ورُفض {refused} قراراً.",
        "{taken} reports decided on, {refused} decisions refused.",
    ),
    "confirm_approved": ("اعتماد {count} تقريراً؟", "Approve {count} reports?"),
    "confirm_returned": ("إعادة {count} تقريراً إلى أصحابها؟", "Return {count} reports to their owners?"),
    "which_reports": (
        "حدّد التقارير بمعرّفاتها أو بواحد على الأقل من --month و--sector و--area و--country و--organisation.",
        "Name reports by their ids, or by one of --month, --sector, --area, --country and --organisation at least.",
    ),
    "ids_or_filters": (
        "إما المعرّفات وإما --month و--sector وما شابهها، لا كلاهما معاً.",
        "Either ids, or --month, --sector and their like, not both.",
    ),
    "confirm_needs_yes": (
        "مع --json لا يُطرح سؤال: أضف --yes لتأكيد القرار.",
        "With --json nothing is asked: add --yes to decide.",
    ),
    "sheet": ("الورقة", "sheet"),
    "id": ("المعرّف", "id"),
    "file": ("الملف", "file"),
    "state": ("الحالة", "state"),
    "received": ("وصل في", "received"),
    "rows": ("الصفوف", "rows"),
    "taken": ("مقبول", "taken"),
    "refused_rows": ("مرفوض", "refused"),
    "row": ("الصف", "row"),
    "field": ("الحقل", "field"),
    "code": ("الرمز", "code"),
    "problem": ("المشكلة", "problem"),
    "area": ("المنطقة", "area"),
    "name": ("الاسم", "name"),
    "sector": ("القطاع", "sector"),
    "month": ("الشهر", "month"),
    "report": ("التقرير", "report"),
    "version": ("النسخة", "version"),
    "organisation": ("المنظمة", "organisation"),
    "status": ("الحالة", "status"),
    "sent": ("أُرسل في", "sent"),
    "flags": ("ملاحظات آلية", "flags"),
    "people": ("الأشخاص", "people"),
    "official": ("الأشخاص (رسمي)", "people (official)"),
    "approved": ("المعتمد منها", "approved"),
    "services": ("الخدمات", "services"),
    "reports": ("التقارير", "reports"),
    "organisations": ("المنظمات", "organisations"),
    "email": ("البريد الإلكتروني", "e-mail"),
    "roles": ("الأدوار", "roles"),
    "number": ("الرقم", "number"),
    "type": ("النوع", "type"),
    "key": ("المفتاح", "key"),
    "cause": ("السبب", "cause"),
    "attempts": ("المحاولات", "attempts"),
    "sending": ("إرسال", "sending"),
    "checking": ("تدقيق", "checking"),
    "deciding": ("إرسال القرارات", "deciding"),
}


def sentence(name: str, language: Language, **facts: object) -> str:
    arabic, english = MESSAGES[name]
    return (arabic if language == "ar" else english).format(**facts)
