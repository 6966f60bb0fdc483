"""The help of `tansiq` in Arabic, by its English, which stands at each command and option."""

import os
from collections.abc import Mapping
from typing import Any, Final

import typer
from typer import rich_utils

from client.cli import profiles, screen
from client.transport import Language

PANELS: Final = {
    "ARGUMENTS_PANEL_TITLE": "المُدخلات",
    "OPTIONS_PANEL_TITLE": "الخيارات",
    "COMMANDS_PANEL_TITLE": "الأوامر",
}

ARABIC: Final[Mapping[str, str]] = {
    "Tansiq (تنسيق) for partners, hubs and operators.": "تنسيق للشركاء وهياكل التنسيق الإقليمية والمشغّلين.",
    "Show this message and exit.": "عرض هذه الرسالة.",
    "Install completion for the current shell.": "تثبيت الإكمال التلقائي في الطرفية الحالية.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "عرض نص الإكمال التلقائي للطرفية الحالية لنسخه أو تعديله."
    ),
    "Exit codes: 0 done (all rows taken), 1 some rows refused, 2 wrong usage or unreadable file, 3 "
    "refused or no row taken, 4 platform unreachable, 5 not signed in.": (
        "رموز الخروج: 0 تمّ (قُبلت كل الصفوف)، 1 رُفضت بعض الصفوف، 2 استعمال خاطئ أو ملف لا يُقرأ، 3 رُفض "
        "الطلب أو لم يُقبل أي صف، 4 تعذّر بلوغ المنصة، 5 لم يُسجَّل الدخول."
    ),
    # login and what every command takes
    "Sign in, and keep the sign-in under --profile in your own settings folder (readable by you only).": (
        "تسجيل الدخول وحفظه باسم --profile في مجلد إعداداتك (لا يقرؤه غيرك)."
    ),
    "Address of the platform.": "عنوان المنصة.",
    "As the secretariat gave it to you.": "كما سلّمته إليك الأمانة العامة.",
    "Better asked for than given here.": "الأفضل أن يُطلب منك لا أن يُكتب هنا.",
    "A .tansiq/credentials.json.": "ملف .tansiq/credentials.json.",
    "Which client of the --credentials file.": "أي نظام من ملف --credentials.",
    "Which sign-in to use.": "أي تسجيل دخول يُستعمل.",
    "Print one JSON document instead of tables.": "طباعة مستند JSON واحد بدلاً من الجداول.",
    "Print one JSON document a line (NDJSON).": "طباعة مستند JSON في كل سطر (NDJSON).",
    "Language of messages; that of the profile otherwise.": "لغة الرسائل، وإلا فلغة تسجيل الدخول.",
    "Do not ask.": "من دون سؤال.",
    # push
    "Send reports.": "إرسال التقارير.",
    ".ndjson, .jsonl, .json, .csv, .tsv, .xlsx, .xls or .ods; - reads standard input.": (
        ".ndjson أو .jsonl أو .json أو .csv أو .tsv أو .xlsx أو .xls أو .ods، و- تقرأ المدخل القياسي."
    ),
    "Reporting month of all rows, such as 2026-03. Spreadsheets only.": "شهر كل الصفوف، مثل 2026-03. للجداول فقط.",
    "P-code of the country, such as SY. Spreadsheets only.": "رمز البلد، مثل SY. للجداول فقط.",
    "Sector of all rows, such as WSH. Spreadsheets only.": "قطاع كل الصفوف، مثل WSH. للجداول فقط.",
    "Organisation whose rows they are, by name or id. Spreadsheets only.": (
        "المنظمة صاحبة الصفوف، باسمها أو معرّفها. للجداول فقط."
    ),
    "The file is the whole of every organisation, sector and month in it: what it lacks is told, and "
    "withdrawn by `tansiq uploads replace`. Spreadsheets only.": (
        "الملف هو كل ما لدى كل منظمة وقطاع وشهر فيه: يُذكر ما ينقصه، ويُسحب بالأمر `tansiq uploads replace`. للجداول فقط."
    ),
    "Leave out columns with figures that are not understood. Spreadsheets only.": (
        "تجاوز الأعمدة التي فيها أرقام ولم تُفهم. للجداول فقط."
    ),
    "Status of rows that say none, such as Completed. Spreadsheets only.": (
        "حالة الصفوف التي لا تذكرها، مثل Completed. للجداول فقط."
    ),
    # changes and list
    'What changed in a list since the last call, as NDJSON; `{"id": …, "gone": true}` for what left it.': (
        'ما تغيّر في قائمة منذ آخر مرة، بصيغة NDJSON، و`{"id": …, "gone": true}` لما خرج منها.'
    ),
    "File the position is kept in: the next call goes on from there.": (
        "الملف الذي يُحفظ فيه الموضع، فتُتابع المرة التالية منه."
    ),
    "Such as sector=WSH; repeatable.": "مثل sector=WSH، ويمكن تكراره.",
    "All rows of a list that match, as NDJSON.": "كل الصفوف المطابقة من قائمة، بصيغة NDJSON.",
    # figures
    "People reached by area, sector and month, with P-codes and names.": (
        "الأشخاص الذين وصلت إليهم المساعدة بحسب المنطقة والقطاع والشهر، بالرموز والأسماء."
    ),
    "P-code of the country.": "رمز البلد.",
    "P-code: this area and all below it.": "رمز المنطقة: هي وكل ما دونها.",
    "1 governorates, 2 districts, 3 sub-districts.": "1 المحافظات، 2 المناطق، 3 النواحي.",
    "Exact code, such as WSH.": "الرمز تماماً، مثل WSH.",
    "From this month on, such as 2026-01.": "من هذا الشهر، مثل 2026-01.",
    "Up to this month.": "حتى هذا الشهر.",
    "What was reached of the targets, by area, sector and period.": (
        "ما تحقق من الأهداف بحسب المنطقة والقطاع والفترة."
    ),
    "Exact code of an indicator.": "رمز المؤشر تماماً.",
    "One month, such as 2026-03.": "شهر واحد، مثل 2026-03.",
    "First and last month, such as 2026-01..2026-12.": "أول شهر وآخر شهر، مثل 2026-01..2026-12.",
    "A population group, `all` together, or `each`.": "فئة سكانية، أو `all` مجتمعةً، أو `each` كلٌّ على حدة.",
    # areas and targets
    "Areas (P-codes) of a country.": "مناطق بلد (P-codes).",
    "What loading a file would come to; nothing is written (secretariat).": (
        "عرض ما سينتج عن تحميل ملف من دون كتابة شيء (للأمانة العامة)."
    ),
    "Load areas and wait until the gateway knows them (secretariat).": (
        "تحميل المناطق وانتظار أن تعرفها البوابة (الأمانة العامة)."
    ),
    "A COD-AB: CSV, XLSX, ODS, NDJSON, GeoJSON, TopoJSON, zipped shapefile.": (
        "مناطق COD-AB: ملف CSV أو XLSX أو ODS أو NDJSON أو GeoJSON أو TopoJSON أو shapefile مضغوط."
    ),
    "P-code or ISO 3166 code of the country, where the file names none.": (
        "رمز البلد في OCHA أو رمز ISO 3166 إن لم يذكره الملف."
    ),
    "Seconds until the gateway must know them.": "الثواني التي ينبغي أن تعرفها البوابة خلالها.",
    "Targets of plans.": "أهداف الخطط.",
    "Set targets (coordinator of the sector and area, secretariat). The options hold for rows that say nothing.": (
        "تحديد الأهداف (منسّق القطاع والمنطقة، الأمانة العامة). تسري الخيارات على الصفوف التي لا تذكرها."
    ),
    ".csv, .ndjson, .jsonl or .json": ".csv أو .ndjson أو .jsonl أو .json",
    "Sector of rows that name none, such as WSH.": "قطاع الصفوف التي لا تذكره، مثل WSH.",
    "P-code of the country of rows that name none.": "رمز بلد الصفوف التي لا تذكره.",
    "Leave out columns of a table with figures that are not understood.": (
        "تجاوز أعمدة الجدول التي فيها أرقام ولم تُفهم."
    ),
    # reports and their review
    "Reports: find your own, withdraw them and restore them.": "التقارير: البحث في تقاريرك وسحبها واستعادتها.",
    "Find reports by your own id of them, by the file they came in, or by month and sector.": (
        "البحث عن تقارير بمعرّفها لديك أو بالملف الذي وردت فيه أو بالشهر والقطاع."
    ),
    "Your own id of the report.": "معرّف التقرير لديك.",
    "Id of the file they came in.": "معرّف الملف الذي وردت فيه.",
    "Reporting month, such as 2026-03.": "شهر التقرير، مثل 2026-03.",
    "Only what was withdrawn.": "المسحوب فقط.",
    "Take reports back: they leave all figures and lists, and can be restored.": (
        "سحب تقارير: تخرج من كل الأرقام والقوائم، ويمكن استعادتها."
    ),
    "Why; kept with the report and in the audit trail.": "السبب، ويُحفظ مع التقرير وفي سجل التدقيق.",
    "Ids of reports.": "معرّفات التقارير.",
    "Bring back reports that were withdrawn: as submitted, so that somebody reviews them.": (
        "استعادة تقارير مسحوبة: تعود مُرسَلة لتُراجَع."
    ),
    "A word to the reviewer.": "كلمة إلى المراجع.",
    "Review reports: list what waits, approve it or return it.": ("مراجعة التقارير: عرض ما ينتظر، واعتماده أو إعادته."),
    "Show the reports that wait for your review.": "عرض التقارير التي تنتظر مراجعتك.",
    "Id of the reporting organisation.": "معرّف المنظمة المبلّغة.",
    "Approve reports, by their ids or all that wait and match: their figures become official.": (
        "اعتماد تقارير بمعرّفاتها أو كل ما ينتظر ويطابق: تصبح أرقامها رسمية."
    ),
    "Ids of reports; without them the filters say which.": "معرّفات التقارير، وإن لم تُذكر حدّدتها الشروط.",
    "A word to the owner.": "كلمة إلى صاحب التقرير.",
    "Why the secretariat decides in place of a working group (with ids).": (
        "سبب بتّ الأمانة العامة بدل مجموعة العمل (مع المعرّفات)."
    ),
    "Return reports to their owners with a comment: they leave all figures until they are sent again.": (
        "إعادة تقارير إلى أصحابها مع ملاحظة: تخرج من كل الأرقام حتى تُرسل ثانية."
    ),
    "What has to be mended.": "ما ينبغي تصحيحه.",
    # people
    "People who sign in.": "الأشخاص الذين يسجّلون الدخول.",
    "Invite somebody and print the link to hand over: it works once, for seven days.\n\nThe secretariat "
    "invites anybody to anything, an organisation members of its own.": (
        "دعوة شخص وطباعة الرابط الذي يُسلَّم إليه: يعمل مرة واحدة خلال سبعة أيام.\n\nتدعو الأمانة العامة من "
        "تشاء لأي دور، وتدعو المنظمة أعضاءها."
    ),
    "E-mail address they sign in with.": "البريد الإلكتروني الذي يسجّل به الدخول.",
    "What they may do.": "دوره.",
    "Their name; the address's first part otherwise.": "اسمه، وإلا فالجزء الأول من بريده.",
    "Id of the organisation they act for.": "معرّف المنظمة التي يعمل باسمها.",
    "Of a coordinator's working group; may be repeated.": "قطاع مجموعة عمل المنسّق، ويمكن تكراره.",
    "P-code a coordinator or hub covers; may be repeated.": ("رمز منطقة يشملها المنسّق أو هيكل التنسيق، ويمكن تكراره."),
    "Language their pages are in.": "لغة صفحاته.",
    "Who may sign in: everybody for the secretariat, an organisation's own people by name.": (
        "من يحق له تسجيل الدخول: الجميع للأمانة العامة، وأشخاص المنظمة بأسمائهم لها."
    ),
    "Only those.": "هؤلاء فقط.",
    "Shut somebody out: their sessions end at once.": "إيقاف حساب شخص: تنتهي جلساته فوراً.",
    "Id of the person, as `tansiq people list` shows it.": "معرّف الشخص كما يعرضه `tansiq people list`.",
    "Print a new link to set a password, also for somebody who was shut out.": (
        "طباعة رابط جديد لتعيين كلمة المرور، ولمن أُوقف حسابه أيضاً."
    ),
    # uploads
    "Files that were sent, and what became of their rows.": "الملفات المرسلة، وما آلت إليه صفوفها.",
    "How far a file was read, sheet by sheet, or the latest files.\n\nExit codes with an id: 0 all rows "
    "taken or not done yet, 1 some refused, 3 no row taken.": (
        "ما قُرئ من ملف، ورقةً ورقةً، أو أحدث الملفات.\n\nرموز الخروج مع معرّف: 0 قُبلت كل الصفوف أو لم ينتهِ "
        "بعد، 1 رُفض بعضها، 3 لم يُقبل أي صف."
    ),
    "The upload's id; without one, the latest uploads.": "معرّف الملف، وإن لم يُذكر فأحدث الملفات.",
    "At most so many, newest first.": "العدد الأقصى، الأحدث أولاً.",
    "What was wrong with which row of which sheet.": "المشكلات بحسب الورقة والصف.",
    "Fetch the rows of a file as a workbook that says what is wrong with which: mend it and push it.": (
        "جلب صفوف ملف في ملف جداول يذكر ما رُفض منها ولماذا: صحّحه ثم أرسله."
    ),
    "The file to write; errors-ID.xlsx here otherwise.": "الملف الذي يُكتب، وإلا errors-ID.xlsx في هذا المجلد.",
    "Without the rows that were taken; for rows with ids of their own.": (
        "من دون الصفوف المقبولة؛ لصفوف لها معرّفات خاصة بها."
    ),
    "The upload's id, as push --json and status tell it.": "معرّف الملف كما يعرضه push --json وstatus.",
    "Take back all that a file did: reports it made leave all figures, those it changed say again what they said.": (
        "سحب كل ما أحدثه ملف: تخرج التقارير التي أنشأها من كل الأرقام، وتعود التي عدّلها إلى ما كانت عليه."
    ),
    "Why; kept with each report and in the audit trail.": "السبب، ويُحفظ مع كل تقرير وفي سجل التدقيق.",
    "Undo what was withdrawn with a file, or replaced by it.": "استعادة ما سُحب مع ملف أو استُبدل به.",
    "Withdraw what a file sent with --replaces does not hold; shows those reports and asks first.": (
        "سحب ما لا يرد في ملف أُرسل مع --replaces: تُعرض تلك التقارير ويُسأل أولاً."
    ),
    "Though rows of the file were refused, and what they say is missing.": "وإن رُفضت صفوف من الملف فغاب مضمونها.",
    # alerts and subscriptions
    "Alerts (CAP 1.2).": "الإنذارات (CAP 1.2).",
    "Alerts you may see, newest first.": "الإنذارات التي يحق لك الاطلاع عليها، الأحدث أولاً.",
    "CAP severity, such as Severe.": "الشدة، مثل Severe.",
    "CAP status; exercises and tests only where asked for.": "الحالة، ولا تظهر التمارين والتجارب إلا إذا طُلبت.",
    "Only those that still stand.": "الساري منها فقط.",
    "Print alerts as they are issued, until Ctrl-C. A line that breaks is taken up where it was.": (
        "طباعة الإنذارات عند صدورها حتى Ctrl-C. إن انقطع الاتصال تُتابع من حيث توقفت."
    ),
    "P-code: all below it, and what is above it. Repeatable.": "رمز المنطقة: كل ما دونها وما فوقها. يمكن تكراره.",
    "Exact code, such as WSH. Repeatable.": "الرمز تماماً، مثل WSH. يمكن تكراره.",
    "CAP severity, such as Severe. Repeatable.": "الشدة، مثل Severe. يمكن تكرارها.",
    "Actual alone, where nothing is said; Exercise, Test. Repeatable.": (
        "Actual وحدها إن لم يُذكر شيء، وExercise وTest. يمكن تكرارها."
    ),
    "Alerts sent to your own webhook.": "إنذارات تُرسل إلى رابطك (webhook).",
    "Have alerts sent to a webhook; the signing secret is shown this once.": (
        "إرسال الإنذارات إلى رابط (webhook)، ويُعرض سر التوقيع هذه المرة فقط."
    ),
    "https address of your webhook (Standard Webhooks).": "رابط https لديك (Standard Webhooks).",
    "A word for yourself.": "ملاحظة لك.",
    "Your subscriptions, and whether they are sent to.": "اشتراكاتك، وهل يُرسل إليها.",
    "Remove one; what was still to be sent is not sent.": "حذف اشتراك، ولا يُرسل ما لم يُرسل بعد.",
    "Id in the list.": "المعرّف في القائمة.",
    # operators
    "The service.": "الخدمة.",
    "Make anew what the service made from events; its figures are incomplete until that is done.": (
        "إعادة بناء ما صنعته الخدمة من الأحداث، وأرقامها غير مكتملة حتى يتم ذلك."
    ),
    "Events a service could not take.": "رسائل متعذّرة: أحداث لم تستطع خدمة معالجتها.",
    "Show them, oldest first; their contents stay with the service.": ("عرضها، الأقدم أولاً، ويبقى مضمونها لدى الخدمة."),
    "At most so many, oldest first.": "العدد الأقصى، الأقدم أولاً.",
    "Hand one to its handler once more.": "إعادة محاولة واحدة منها.",
    "Number in the list.": "الرقم في القائمة.",
    "Give one up for ever.": "إهمال واحدة نهائياً.",
    "Jobs a service gave up.": "مهام تخلّت عنها خدمة.",
    "Show them, oldest first; what they hold stays with the service.": (
        "عرضها، الأقدم أولاً، ويبقى ما فيها لدى الخدمة."
    ),
    "Have one done from its first attempt on.": "تنفيذ واحدة من محاولتها الأولى.",
    "Give one up for ever; one that has a schedule is done at its next time.": (
        "إهمال واحدة نهائياً، وما له جدول يُنفَّذ في موعده التالي."
    ),
    # how a file is read
    "Show how the file would be read, and count nothing. Spreadsheets only.": (
        "عرض كيف سيُقرأ الملف من دون احتساب أي شيء. لملفات الجداول فقط."
    ),
    "Ask nothing: what is uncertain refuses the file. Spreadsheets only.": (
        "من دون سؤال: يُرفض الملف إن كان فيه ما ليس مؤكداً. لملفات الجداول فقط."
    ),
    "'Heading=field', or 'Heading=' to leave a column out; repeatable.": (
        "'العنوان=الحقل'، أو 'العنوان=' لترك العمود جانباً؛ يمكن تكراره."
    ),
    "What a text of a field means: 'sector:Water=WSH'; repeatable.": (
        "معنى نص في حقل: 'sector:المياه=WSH'؛ يمكن تكراره."
    ),
    "What holds for rows that do not say it: 'status=Completed'; repeatable.": (
        "ما يسري على الصفوف التي لا تذكره: 'status=Completed'؛ يمكن تكراره."
    ),
    "Keep --map, --value and --default in a file.": "حفظ ما ذُكر في ‎--map‎ و‎--value‎ و‎--default‎ في ملف.",
    "A file that --save-map wrote.": "ملف حُفظ بالخيار ‎--save-map‎.",
    "Count a file that waits as proposed, read as its proposal says, corrected.": (
        "احتساب ملف ينتظر التأكيد، مقروءاً كما في الاقتراح وبتصحيحاتك."
    ),
    # organisations
    "Names, codes and duplicates of organisations.": "أسماء المنظمات ورموزها وما تكرر منها.",
    "CSV or NDJSON: organisation or organisation_id; alias; issuer, code; scheme, external_id; withdrawn.": (
        "CSV أو NDJSON بالأعمدة organisation أو organisation_id؛ alias؛ issuer وcode؛ scheme وexternal_id؛ withdrawn."
    ),
    "Give organisations other spellings, codes of clusters and ids elsewhere.": (
        "إضافة تهجئات أخرى للمنظمات ورموزها لدى المجموعات القطاعية ومعرّفاتها في أنظمة أخرى."
    ),
    "Compare all organisations anew (secretariat); `tansiq list organisation_duplicates` shows the pairs.": (
        "مقارنة المنظمات كلها من جديد (الأمانة العامة)؛ تعرض `tansiq list organisation_duplicates` الأزواج."
    ),
    "Id of the pair, as `tansiq list organisation_duplicates` shows it.": (
        "معرّف الزوج كما تعرضه `tansiq list organisation_duplicates`."
    ),
    "Settle that a pair of organisations are two (secretariat).": (
        "البت بأن المنظمتين في زوج منظمتان مختلفتان (الأمانة العامة)."
    ),
    "Id of the organisation.": "معرّف المنظمة.",
    "Id of the organisation to merge it into.": "معرّف المنظمة التي تُدمج فيها.",
    "Merge an organisation into another (secretariat): its id stands for the other until that is undone.": (
        "دمج منظمة في أخرى (الأمانة العامة): يدل معرّفها على الأخرى إلى أن يُلغى الدمج."
    ),
    "Undo a merge (secretariat).": "إلغاء دمج (الأمانة العامة).",
    "Why; it is kept.": "السبب، ويُحفظ.",
}


def help_language() -> Language:
    """The language that is asked for, else the one signed in with, else that of the machine."""
    if (chosen := os.environ.get("TANSIQ_LANGUAGE")) in ("ar", "en"):
        language = chosen
    else:
        try:
            language = profiles.find(os.environ.get("TANSIQ_PROFILE", "default")).language
        except profiles.NotSignedIn:
            language = "ar" if os.environ.get("LANG", "").startswith("ar") else "en"
    return "ar" if language == "ar" and screen.has_arabic() else "en"


def translate(command: Any) -> None:
    """Say the help of a command, and of all below it, in Arabic."""
    for title, arabic in PANELS.items():
        setattr(rich_utils, title, arabic)
    for told in (command, *command.get_params(typer.Context(command))):
        if english := getattr(told, "help", None):
            told.help = ARABIC.get(english) or english.replace("One of:", "من:")
    command.epilog = command.epilog and ARABIC[command.epilog]
    for below in getattr(command, "commands", {}).values():
        translate(below)
