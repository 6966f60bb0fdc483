"""What the gateway itself refuses. What a service refuses is passed on as it is."""

from http import HTTPStatus

from runtime.language import Language
from runtime.problems import Invalid, Refusal


class UnknownService(Refusal):
    """There is no such service behind this door."""

    status = HTTPStatus.NOT_FOUND
    ar = "لا توجد خدمة بهذا الاسم خلف هذه البوابة."


class UnsafePath(Refusal):
    """The path is not one that is passed on."""

    status = HTTPStatus.BAD_REQUEST
    ar = "هذا المسار غير مقبول هنا."


class ServiceTooSlow(Refusal):
    """The service behind did not answer in time; what you sent may have been taken, so ask before sending it again."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    ar = "لم تُجب الخدمة في الوقت المحدد؛ ربما قُبل ما أرسلته، فتحقق قبل إعادة إرساله."


class PartBusy(Refusal):
    """This part of the platform is busy now; try again soon."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    ar = "هذا الجزء من المنصة مشغول الآن؛ أعد المحاولة بعد قليل."


class TooManyAtOnce(Refusal):
    """You have {limit} requests under way, the most there can be at once; wait for one to end."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "لديك {limit} طلباً قيد التنفيذ، وهو الحد الأقصى في آن واحد؛ انتظر انتهاء أحدها."

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.headers = {"Retry-After": "1"}


class FaultyParts(Invalid):
    """The parts that are wrong:"""

    ar = "الأجزاء غير الصالحة:"

    def sentence(self, language: Language) -> str:
        parts = [part.sentence(language) for part in self.errors]
        return f"{super().sentence(language)} {('؛ ' if language == 'ar' else '; ').join(parts)}"


class InvalidQuery(FaultyParts):
    """The query is not valid:"""

    status = HTTPStatus.BAD_REQUEST
    ar = "الاستعلام غير صالح، والخطأ في:"


class InvalidVariables(FaultyParts):
    """A variable or an argument is not valid:"""

    status = HTTPStatus.BAD_REQUEST
    ar = "أحد المتغيرات أو الوسائط غير صالح، والخطأ في:"


class MissingQuery(Refusal):
    """Send one JSON object with `query`, and `variables`, `operationName` and `extensions` where needed."""

    status = HTTPStatus.BAD_REQUEST
    ar = "أرسل كائن JSON واحداً فيه `query`، ومعه `variables` و`operationName` و`extensions` عند الحاجة."


class QueriesByPost(Refusal):
    """Queries are sent by POST, as one JSON object."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    ar = "تُرسَل الاستعلامات بطريقة POST، في كائن JSON واحد."

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"Allow": "POST"}


class BatchRefused(Refusal):
    """One query a request: batches are not taken."""

    status = HTTPStatus.BAD_REQUEST
    ar = "استعلام واحد في كل طلب: لا تُقبل الدفعات."


class UnknownOperation(Refusal):
    """Name the one operation of the document that is to be run."""

    status = HTTPStatus.BAD_REQUEST
    ar = "سمِّ العملية الواحدة المطلوب تنفيذها من المستند."


class QueryTooLong(Refusal):
    """The query has more than {limit} tokens."""

    status = HTTPStatus.BAD_REQUEST
    ar = "في الاستعلام أكثر من {limit} مفردة."


class QueryTooDeep(Refusal):
    """The query is nested deeper than {limit} levels."""

    status = HTTPStatus.BAD_REQUEST
    ar = "مستويات التداخل في الاستعلام أكثر من الحد الأقصى ({limit})."


class TooManyAliases(Refusal):
    """The query has more than {limit} aliases."""

    status = HTTPStatus.BAD_REQUEST
    ar = "في الاستعلام أكثر من {limit} اسماً بديلاً."


class TooManySelections(Refusal):
    """With its fragments written out, the query selects more than {limit} fields."""

    status = HTTPStatus.BAD_REQUEST
    ar = "عدد الحقول التي يختارها الاستعلام، بعد بسط مقاطعه، أكثر من الحد الأقصى ({limit})."


class TooManyValues(Refusal):
    """The variables hold more than {limit} values."""

    status = HTTPStatus.BAD_REQUEST
    ar = "عدد القيم في المتغيرات أكثر من الحد الأقصى ({limit})."


class TooManyRepeats(Refusal):
    """The query selects one field more than {limit} times in the same place."""

    status = HTTPStatus.BAD_REQUEST
    ar = "يختار الاستعلام حقلاً واحداً في المكان نفسه أكثر من {limit} مرة."


class QueryTooCostly(Refusal):
    """The answer could hold {cost} values, more than {limit}: ask for fewer rows or fewer fields."""

    status = HTTPStatus.BAD_REQUEST
    ar = "قد يحمل الجواب {cost} قيمة، أي أكثر من {limit}: اطلب صفوفاً أو حقولاً أقل."


class IntrospectionOff(Refusal):
    """The schema is not told by this door; read the published schema.graphql."""

    status = HTTPStatus.FORBIDDEN
    ar = "لا يُعرض المخطط عبر هذه البوابة؛ راجع الملف المنشور schema.graphql."


class CrossSite(Refusal):
    """This was sent from a page of another site, or by a browser that does not say from where."""

    status = HTTPStatus.FORBIDDEN
    ar = "أُرسل هذا الطلب من صفحة موقع آخر، أو من متصفح لا يذكر مصدره."


class PasswordsDiffer(Refusal):
    """The two passwords differ."""

    ar = "كلمتا المرور مختلفتان."


class MalformedForm(Refusal):
    """The form is incomplete or malformed."""

    status = HTTPStatus.BAD_REQUEST
    ar = "الاستمارة المُرسَلة ناقصة أو صيغتها غير صحيحة."


class OverWebSocketOnly(Refusal):
    """A subscription is opened over a WebSocket to /graphql, with the protocol graphql-transport-ws."""

    status = HTTPStatus.BAD_REQUEST
    ar = "يُفتح الاشتراك عبر WebSocket على ‎/graphql بالبروتوكول graphql-transport-ws."


class ChangesByPost(Refusal):
    """What changes something is sent by POST to /graphql, not over a WebSocket."""

    status = HTTPStatus.BAD_REQUEST
    ar = "يُرسل ما يغيّر شيئاً بطريقة POST إلى ‎/graphql، لا عبر WebSocket."


class TooManyOperations(Refusal):
    """This connection has {limit} operations open, the most there can be."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "بلغ عدد العمليات المفتوحة في هذا الاتصال الحد الأقصى ({limit})."


class TooManyRequests(Refusal):
    """There were too many requests of this kind; try again in {seconds} seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "طلبات كثيرة من هذا النوع؛ أعد المحاولة بعد مدة (بالثواني): {seconds}."

    def __init__(self, policy: str, name: str, seconds: int) -> None:
        super().__init__(seconds=seconds)
        # draft-ietf-httpapi-ratelimit-headers-10
        self.headers = {
            "Retry-After": str(seconds),
            "RateLimit-Policy": policy,
            "RateLimit": f'"{name}";r=0;t={seconds}',
        }
