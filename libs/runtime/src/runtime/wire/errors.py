"""What is refused before a request is one: heads that are too large, too slow or say two things at once."""

from http import HTTPStatus

from runtime.problems import Refusal


class HeadTooLarge(Refusal):
    """The headers are more than the {limit} that are taken here."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    ar = "ترويسات الطلب أكثر من الحد المسموح به هنا ({limit})."


class AddressTooLong(Refusal):
    """The address is longer than the {limit} bytes taken here."""

    status = HTTPStatus.REQUEST_URI_TOO_LONG
    ar = "عنوان الطلب أطول من الحد المسموح به هنا، وهو {limit} بايت."


class RequestTooSlow(Refusal):
    """The request did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    ar = "لم يصل الطلب كاملاً في الوقت المحدد."


class UnreadableRequest(Refusal):
    """This is not well-formed HTTP."""

    status = HTTPStatus.BAD_REQUEST
    ar = "هذا الطلب ليس بصيغة HTTP سليمة."


class HostMissing(Refusal):
    """A request names its Host, once and as a host name."""

    status = HTTPStatus.BAD_REQUEST
    ar = "يجب أن يذكر الطلب الترويسة Host مرة واحدة، وقيمتها اسم مضيف."


class HostsDiffer(Refusal):
    """The address and the Host header name different hosts."""

    status = HTTPStatus.BAD_REQUEST
    ar = "المضيف المذكور في العنوان غير المضيف المذكور في الترويسة Host."


class DoubledHeader(Refusal):
    """The header {name} may be sent once only."""

    status = HTTPStatus.BAD_REQUEST
    ar = "لا تُرسَل الترويسة {name} إلا مرة واحدة."


class UnknownMethod(Refusal):
    """This method is not known here."""

    status = HTTPStatus.NOT_IMPLEMENTED
    ar = "طريقة HTTP هذه غير معروفة هنا."


class UnknownTransferCoding(Refusal):
    """The only transfer coding taken here is `chunked`."""

    status = HTTPStatus.NOT_IMPLEMENTED
    ar = "ترميز النقل الوحيد المقبول هنا هو chunked."


class UnknownExpectation(Refusal):
    """The only expectation met here is `100-continue`."""

    status = HTTPStatus.EXPECTATION_FAILED
    ar = "التوقّع الوحيد المُلبّى هنا هو 100-continue."


class ChunksTooSmall(Refusal):
    """The body is more framing than content: send larger chunks, without extensions."""

    status = HTTPStatus.BAD_REQUEST
    ar = "إطار المحتوى المُرسَل أكبر من المحتوى نفسه: أرسل أجزاء أكبر ومن دون إضافات."


class TooManyPipelined(Refusal):
    """More than {limit} requests were sent on one connection without waiting for an answer."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "أُرسل على اتصال واحد أكثر من {limit} طلب من دون انتظار الرد."


class TooManyConnections(Refusal):
    """There are too many connections open now; try again soon."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    ar = "عدد الاتصالات المفتوحة الآن كبير؛ أعد المحاولة بعد قليل."
