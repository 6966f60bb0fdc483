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


class SheetWithoutReports(Refusal):
    """The sheet's headings don't name both a place and what was done there: it was taken for a list."""

    ar = "عناوين الورقة لا تذكر المكان وما نُفّذ فيه معاً، فاعتُبرت قائمة مساعدة."


class SheetLeftOut(Refusal):
    """The sender said how other sheets are to be read, and left this one out."""

    ar = "حدّد المرسل كيف تُقرأ أوراق أخرى، وترك هذه الورقة."


class SheetIsSummary(Refusal):
    """The sheet adds up what stands in the sheet «{sheet}»: it was not read."""

    ar = "تجمع هذه الورقة ما في الورقة «{sheet}»، فلم تُقرأ."


class AllRowsRefused(Refusal):
    """All of the first {limit} rows were refused, so the rest was not read: mend them and send the file again."""

    ar = "رُفضت جميع الصفوف الأولى ({limit})، فلم تُقرأ البقية: صحّح ما تذكره المشكلات ثم أرسل الملف مجدداً."


class NotFinished(Refusal):
    """A fault of the platform broke off the reading of this file; it was noted. The rows counted here were taken."""

    ar = "توقفت قراءة هذا الملف بسبب خلل في المنصة، وقد سُجّل لمعالجته. الصفوف المحسوبة هنا مقبولة ومحفوظة."
