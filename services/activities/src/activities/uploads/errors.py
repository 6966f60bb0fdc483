"""Why a file, or a row of it, can't be read."""

from http import HTTPStatus

from runtime.problems import Refusal


class FileMissing(Refusal):
    """There is no file in this request: send it as the part `file`, or as a text/csv body."""

    ar = "لا يوجد ملف في هذا الطلب: أرسله في الجزء `file` أو كمحتوى text/csv."


class MalformedMultipart(Refusal):
    """The multipart body is malformed."""

    status = HTTPStatus.BAD_REQUEST
    ar = "محتوى multipart غير سليم."


class NoHeadings(Refusal):
    """No row of headings was found: neither HXL tags nor headings known here in the first {limit} rows."""

    ar = "لم يُعثر على سطر عناوين: لا وسوم HXL ولا عناوين معروفة في أول {limit} سطراً."


class NotAText(Refusal):
    """This file is not a table in text form (CSV)."""

    ar = "هذا الملف ليس جدولاً نصياً (CSV)."


class NotFinished(Refusal):
    """A fault of the platform broke off the reading of this file; it was noted. The rows counted here were taken."""

    ar = "توقفت قراءة هذا الملف بسبب خلل في المنصة، وقد سُجّل لمعالجته. الأسطر المحسوبة هنا مقبولة ومحفوظة."


class BrokenRecord(Refusal):
    """A quotation mark is not closed: {lines} lines from here can't be read."""

    ar = "علامة اقتباس غير مغلقة: تعذّرت قراءة {lines} سطراً بدءاً من هنا."


class NotAMonth(Refusal):
    """This must be a month such as 2026-03."""

    ar = "يجب أن تكون القيمة شهراً مثل 2026-03."
