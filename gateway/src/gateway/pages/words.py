"""Every word the pages say, in Arabic and English; a template says `t.word`."""

from collections.abc import Mapping

from runtime.access import Role
from runtime.language import Language

WORDS: Mapping[str, tuple[str, str]] = {
    # every page
    "name": ("تنسيق", "Tansiq"),
    "motto": ("تنسيق فعال … استجابة أفضل", "Effective coordination … better response"),
    "skip": ("انتقل إلى المحتوى", "Skip to the content"),
    "other_language": ("English", "العربية"),
    "home": ("الصفحة الرئيسية", "Start page"),
    "pages": ("الصفحات", "Pages"),
    "source": ("الشيفرة المصدرية (برمجية حرة، AGPL)", "Source code (free software, AGPL)"),
    # the start page
    "what": (
        "منصة تنسيق العمل الإنساني للمنظمات السورية: تُبلّغ المنظمات مَن يفعل ماذا وأين ومتى ولمن، وتُطلق إنذارات "
        "الطوارئ، فتُستخرج من ذلك التغطية والحضور الميداني، وتستعلم عنها الهياكل الإقليمية من باب واحد.",
        "The coordination platform of Syrian humanitarian organisations: they report who does what, where, when and "
        "for whom, and raise emergency alerts; from that come coverage and operational presence, which regional "
        "structures ask for through one door.",
    ),
    "notice": ("تعذّر تنفيذ ما طلبته", "That could not be done"),
    # the state of the parts
    "parts": ("حالة أجزاء المنصة", "State of the platform's parts"),
    "part": ("الجزء", "Part"),
    "state": ("الحالة", "State"),
    "works": ("يعمل", "Works"),
    "not_ready": ("غير جاهز بعد", "Not ready yet"),
    "silent": ("لا يستجيب", "Does not respond"),
    "part_registry": ("السجل: المنظمات والمناطق والرموز", "Registry: organisations, areas, codes"),
    "part_activities": ("الأنشطة: التقارير والملفات", "Activities: reports and files"),
    "part_alerts": ("الإنذارات", "Alerts"),
    "part_reporting": ("الأرقام: التغطية والحضور", "Reporting: coverage and presence"),
    "part_plans": ("الخطط: الأهداف", "Plans: targets"),
    "part_gateway": ("البوابة: ذاكرة الأسماء والرموز", "Gateway: names and codes in memory"),
    # coverage
    "coverage": ("أحدث تغطية", "Latest coverage"),
    "coverage_of": ("التغطية في شهر", "Coverage in"),
    "inside": ("ضمن: {name}", "Inside: {name}"),
    "all_governorates": ("كل المحافظات", "All governorates"),
    "area": ("المنطقة", "Area"),
    "sector": ("القطاع", "Sector"),
    "people": ("الأشخاص الذين وصلت إليهم المساعدة", "People reached"),
    "official": ("رسمي (معتمد)", "Official (approved)"),
    "provisional": ("مؤقت (كل ما أُرسل)", "Provisional (all submitted)"),
    "organisations": ("المنظمات", "Organisations"),
    "reports": ("التقارير", "Reports"),
    "as_of": ("الأرقام حتى", "Figures as of"),
    "rebuilding": (
        "يُعاد الآن بناء الأرقام من الأحداث، فهي غير مكتملة.",
        "The figures are being made anew from the events and are incomplete.",
    ),
    "no_figures": ("لا توجد أرقام يمكنك رؤيتها هنا.", "There are no figures here that you may see."),
    "earlier_month": ("الشهر السابق", "Month before"),
    "later_month": ("الشهر التالي", "Month after"),
    "first_page": ("من البداية", "From the start"),
    "next_page": ("الصفحة التالية", "Next page"),
    "suppressed": ("محجوب", "Suppressed"),
    "why_small_count": ("عدد صغير قد يكشف أشخاصاً بعينهم", "a small count could point to people"),
    "why_few_organisations": ("أقل من ثلاث منظمات حماية أخرى", "fewer than three other protection organisations"),
    "why_withheld_protection": ("أعداد الحماية لا تُنشر قبل إقفال الشهر", "protection's counts wait for a closed month"),
    "why_withheld_rows": ("من دون تقارير لا يحق لك رؤيتها", "reports you may not see are left out"),
    "why_no_people_counted": ("لم تُذكر أعداد أشخاص", "no report counts people"),
    "why_services_only": ("تُعدّ الخدمات لا الأشخاص", "services are counted, not people"),
    "why_new_flag_missing": (
        "لم يُذكر إن كان الأشخاص جدداً",
        "no report says whether its people are new",
    ),
    "why_other_units": ("الأعداد لجلسات أو مواد لا لأشخاص", "the numbers count sessions or items, not people"),
    "why_none_approved": ("لم يُعتمد أي تقرير بعد", "no report is approved yet"),
    "why_other": ("لم يُذكر السبب", "no reason is given"),
    "coverage_note": (
        "كل شخص يُعدّ مرة واحدة بحسب قاعدة القطاع. الرسمي ما اعتمدته مجموعة العمل، والمؤقت كل ما أُرسل.",
        "Each person is counted once by the rule of the sector. Official is what the working group approved, "
        "provisional all that was submitted.",
    ),
    # people
    "signed_in": ("الدور", "Signed in as"),
    **{f"role_{role}": (role.words.ar, role.words.en) for role in Role},
    "act_as": ("الدور الذي تعمل به", "Acting as"),
    "change": ("تغيير", "Change"),
    "sign_out": ("تسجيل الخروج", "Sign out"),
    "sign_in": ("تسجيل الدخول", "Sign in"),
    "email": ("البريد الإلكتروني", "E-mail"),
    "password": ("كلمة المرور", "Password"),
    "sign_in_first": ("سجّل الدخول لترى أحدث تغطية.", "Sign in to see the latest coverage."),
    "machines": (
        "الأنظمة لا تسجّل الدخول هنا: تأخذ رمز وصول بمعرّفها وسرّها من",
        "Systems do not sign in here: they get a token with their id and secret from",
    ),
    "machines_guide": ("دليل الشركاء", "Guide for partners"),
    # the invitation
    "invitation": ("دعوة إلى تنسيق", "Invitation to Tansiq"),
    "invitation_text": (
        "اختر كلمة مرور من 12 محرفاً على الأقل، ثم تدخل مباشرة. هذا الرابط لك وحدك، ويصلح مرة واحدة.",
        "Choose a password of at least 12 characters and you are signed in. This link is for you alone and works once.",
    ),
    "invitation_broken": (
        "هذا الرابط غير مكتمل. افتحه كما وصلك، أو اطلب دعوة جديدة ممن دعاك.",
        "This link is incomplete. Open it as you received it, or ask whoever invited you for a new one.",
    ),
    "password_again": ("كلمة المرور مرة أخرى", "The password again"),
    "accept": ("حفظ ودخول", "Save and sign in"),
    # refusals of the registry that come back in an address
    "refused_sign_in_refused": (
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.",
        "The e-mail address or the password is wrong.",
    ),
    "refused_too_many_attempts": (
        "محاولات كثيرة؛ انتظر قليلاً ثم حاول من جديد.",
        "There were too many attempts; wait a while and try again.",
    ),
    "refused_too_many_requests": (
        "وردت من شبكتك طلبات كثيرة؛ أعد المحاولة بعد دقائق.",
        "Too many requests came from your network; try again in a few minutes.",
    ),
    "refused_invitation_ended": (
        "هذا الرابط استُعمل أو انتهت صلاحيته أو أُلغي؛ اطلب رابطاً جديداً.",
        "This link was used, has run out or was taken back; ask for a new one.",
    ),
    "refused_password_too_short": (
        "كلمة المرور أقصر من 12 محرفاً.",
        "The password has fewer than 12 characters.",
    ),
    "refused_password_too_long": ("كلمة المرور أطول مما يُقبل.", "The password is longer than is taken."),
    "refused_password_too_common": (
        "كلمة المرور هذه من أول ما يمكن أن يخمّنه أي شخص.",
        "This password is among the first that anybody would try.",
    ),
    "refused_password_tells_who": (
        "يجب ألا تتكوّن كلمة المرور من اسمك أو بريدك الإلكتروني.",
        "A password must not be made of your own name or e-mail address.",
    ),
    # links
    "guides": ("الأدلة", "Guides"),
    "guide_partners": ("للشركاء: إرسال التقارير", "For partners: sending reports"),
    "guide_hubs": ("للهياكل الإقليمية: الاستعلام", "For hubs: asking questions"),
    "guide_alerts": ("الإنذارات: استقبالها", "Alerts: receiving them"),
    "guide_operators": ("للمشغّلين", "For operators"),
    "documents": ("الوثائق التقنية", "Technical documents"),
    "routes": ("المسارات", "Routes"),
    "events": ("أحداث المنصة (AsyncAPI)", "Events of the platform (AsyncAPI)"),
    "schema": ("مخطط GraphQL", "GraphQL schema"),
    # routes of a service
    "routes_of": ("مسارات REST: {name}", "REST routes: {name}"),
    "routes_note": (
        "الشرح بالإنكليزية كما في الوثيقة:",
        "The text is that of the document:",
    ),
    "route": ("المسار", "Route"),
    "does": ("ما يفعله", "What it does"),
    # refusals as pages
    "page_not_found": ("لا توجد صفحة بهذا العنوان", "There is no page at this address"),
    "page_refused": ("تعذّر عرض الصفحة", "The page can't be shown"),
    # GraphiQL
    "token": ("رمز الوصول", "Bearer token"),
    "use_token": ("استخدام", "Use it"),
    "token_from": ("الصق رمزاً من", "Paste a token from"),
    "token_note": (
        "أو سجّل الدخول في الصفحة الرئيسية. يبقى الرمز في هذه الصفحة وحدها.",
        "or sign in on the start page. The token stays in this page alone.",
    ),
    "needs_script": ("GraphiQL يحتاج إلى JavaScript.", "GraphiQL needs JavaScript."),
}
_PLACES: Mapping[Language, int] = {"ar": 0, "en": 1}
SPOKEN: Mapping[Language, Mapping[str, str]] = {
    language: {word: both[place] for word, both in WORDS.items()} for language, place in _PLACES.items()
}
