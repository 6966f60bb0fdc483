"""Why a file, a sheet or a row of it, can't be read."""

from http import HTTPStatus

from runtime.problems import Refusal


class FileMissing(Refusal):
    """There is no file in this request: send it as the part `file`, or as the body."""

    ar = "لا يوجد ملف في هذا الطلب: أرسله في الجزء `file` أو كمحتوى الطلب نفسه."


class TooManyWaiting(Refusal):
    """You or your organisation have {limit} files waiting to be read: send the next one when some of them are done."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "لديك أو لدى منظمتك {limit} ملفاً بانتظار القراءة؛ أرسل الملف التالي بعد الانتهاء من بعضها."

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.headers = {"Retry-After": "10"}


class MalformedMultipart(Refusal):
    """The multipart body is malformed."""

    status = HTTPStatus.BAD_REQUEST
    ar = "محتوى multipart غير سليم."


class NoHeadings(Refusal):
    """No row of headings was found: neither HXL tags nor headings known here in the first {limit} filled rows."""

    ar = "لم يُعثر على صف عناوين: لا وسوم HXL ولا عناوين معروفة في أول {limit} صفاً غير فارغ."


class EmptyFile(Refusal):
    """There is nothing in this file: no cell is filled."""

    ar = "هذا الملف فارغ: لا توجد فيه أي خلية معبأة."


class TooManyColumns(Refusal):
    """A row holds more than {limit} columns."""

    ar = "يحتوي أحد الصفوف على أكثر من {limit} عمود."


class NoSheets(Refusal):
    """There is no sheet to read in this workbook: see for each why it was passed over."""

    ar = "لا توجد ورقة يمكن قراءتها في هذا الملف: سبب تجاوز كل ورقة مذكور معها."


class SheetWithoutReports(Refusal):
    """The sheet's headings don't name both a place and what was done there: it was taken for a list."""

    ar = "عناوين الورقة لا تذكر المكان وما نُفّذ فيه معاً، فاعتُبرت قائمة مساعدة."


class AllRowsRefused(Refusal):
    """All of the first {limit} rows were refused, so the rest was not read: mend them and send the file again."""

    ar = "رُفضت جميع الصفوف الأولى ({limit})، فلم تُقرأ البقية: صحّح ما تذكره المشكلات ثم أرسل الملف مجدداً."


class ColumnsNotUnderstood(Refusal):
    """Columns of figures or dates are not understood: {columns}. Rename or delete them, or say accept_ignored=true."""

    ar = (
        "لم تُفهم أعمدة فيها أرقام أو تواريخ أو رموز: {columns}. "
        "غيّر عناوينها أو احذفها، أو أرسل accept_ignored=true لتُترك جانباً."
    )


class ColumnsDisagree(Refusal):
    """«{first}» and «{second}» mean one thing, but row {at_row} has {first_value} and {second_value}: delete one."""

    ar = (
        "العمودان «{first}» و«{second}» بمعنى واحد، لكن قيمتيهما في الصف {at_row} هما {first_value} و{second_value}: "
        "احذف أحدهما أو غيّر عنوانه."
    )


class NotFinished(Refusal):
    """A fault of the platform broke off the reading of this file; it was noted. The rows counted here were taken."""

    ar = "توقفت قراءة هذا الملف بسبب خلل في المنصة، وقد سُجّل لمعالجته. الصفوف المحسوبة هنا مقبولة ومحفوظة."


class BrokenRecord(Refusal):
    """A quotation mark is not closed: {lines} lines from here can't be read."""

    ar = "علامة اقتباس غير مغلقة: تعذّرت قراءة {lines} سطراً بدءاً من هنا."


class NotAMonth(Refusal):
    """This must be a month such as 2026-03."""

    ar = "يجب أن تكون القيمة شهراً مثل 2026-03."


class SeveralMonths(NotAMonth):
    """This names several months: a report is of one month, so send a row for each."""

    ar = "تذكر هذه القيمة عدة أشهر، والتقرير لشهر واحد: أرسل صفاً لكل شهر."


class QuarterNotMonth(SeveralMonths):
    """This is a quarter: a report is of one month, so send a row for each."""

    ar = "هذه القيمة ربع سنة، والتقرير لشهر واحد: أرسل صفاً لكل شهر."


class YearMissing(NotAMonth):
    """The month has no year: write it like 2026-03, or send the month in the form."""

    ar = "الشهر بلا سنة: اكتبه مثل 2026-03، أو أرسل الشهر في الاستمارة."


class AmbiguousMonth(NotAMonth):
    """The number beside the month can be a day or a year: write the month like 2026-03."""

    ar = "الرقم بجانب اسم الشهر قد يكون يوماً أو سنة: اكتب الشهر مثل 2026-03."


class AmbiguousDate(Refusal):
    """The column has dates day first and dates month first, and this one can be either: write it like 2026-03-31."""

    ar = "في العمود تواريخ تبدأ باليوم وأخرى تبدأ بالشهر، وهذا التاريخ يحتمل القراءتين: اكتبه مثل 2026-03-31."


class AmbiguousNumber(Refusal):
    """This number's separator can part thousands or a fraction: write it without one, such as 1000, or like 1.5."""

    ar = "الفاصلة أو النقطة في هذا العدد تحتمل الآلاف والكسور: اكتبه من دونها مثل 1000، أو مثل 1.5."
