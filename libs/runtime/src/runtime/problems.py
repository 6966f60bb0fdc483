"""Refusals and the RFC 9457 problem details they become, in Arabic and English, each with a stable code."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Self

import orjson
from fastapi import Request, Response

from runtime.language import Language, LocalizedText, preferred

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """The request can't be carried out.

    A subclass is one reason: its docstring's first line is the English sentence, `ar` the Arabic one, its name in
    snake case the stable code. Both sentences may name facts in braces, given when it is raised; a fact that is a word
    comes as `LocalizedText`, so that no sentence mixes languages. A code is of one class: one fault, one sentence, one
    status.
    """

    status: ClassVar[int] = HTTPStatus.UNPROCESSABLE_ENTITY
    ar: ClassVar[str] = "تعذّر تنفيذ الطلب."
    code: ClassVar[str] = "refused"
    en: ClassVar[str] = "The request can't be carried out."
    legacy_code: str | None = None
    """What the fault was called in the release before."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "ar" not in cls.__dict__ or not cls.__doc__:
            raise TypeError(f"{cls.__name__} needs a docstring (English) and `ar` (Arabic)")
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__).lower()
        cls.en = cls.__doc__.strip().splitlines()[0]

    def __init__(self, field: str | None = None, *, row: int | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.row = row
        self.facts = facts
        self.headers: Mapping[str, str] = {}

    def sentence(self, language: Language) -> str:
        """The reason as a person reads it."""
        facts = {
            name: fact.text(language) if isinstance(fact, LocalizedText) else fact for name, fact in self.facts.items()
        }
        return (self.ar if language == "ar" else self.en).format_map(_Facts(facts))

    def as_error(self, language: Language) -> dict[str, object]:
        """One entry of a problem's `errors`: code, detail, and the field and row where there are such."""
        error: dict[str, object] = {"code": self.code, "detail": self.sentence(language), **self.legacy}
        if self.field is not None:
            error["field"] = self.field
        if self.row is not None:
            error["row"] = self.row
        return error

    def formerly(self, code: str | None) -> Self:
        """The same, of a place that called it otherwise than `legacy_code` says."""
        self.legacy_code = code or self.legacy_code
        return self

    @property
    def legacy(self) -> dict[str, str]:
        """The code of the release before, beside the present one."""
        return {"legacy_code": self.legacy_code} if self.legacy_code else {}


class OfValue(Refusal):
    """This value is refused."""

    ar = "هذه القيمة مرفوضة."

    def sentence(self, language: Language) -> str:
        """With the value, where it is told."""
        said, value = super().sentence(language), self.facts.get("value")
        return said if value is None else f"{said.removesuffix('.')}: {value}."


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


class Invalid(Refusal):
    """The request holds errors: see each one."""

    ar = "في الطلب أخطاء، وتفصيل كلٍّ منها أدناه."

    def __init__(self, errors: Sequence[Refusal]) -> None:
        super().__init__()
        self.errors = errors


class NotFound(Refusal):
    """There is no such thing, or you may not see it."""

    status = HTTPStatus.NOT_FOUND
    ar = "العنصر المطلوب غير موجود، أو لا يحق لك الاطلاع عليه."


class MissingToken(Refusal):
    """This needs a bearer token."""

    status = HTTPStatus.UNAUTHORIZED
    ar = "يتطلب هذا الطلب رمز وصول (bearer token)."


class InvalidToken(Refusal):
    """The bearer token is not valid: {reason}."""

    status = HTTPStatus.UNAUTHORIZED
    ar = "رمز الوصول غير صالح: {reason}."


class NotPermitted(Refusal):
    """Your role, {role}, may not do this."""

    status = HTTPStatus.FORBIDDEN
    ar = "دورك ({role}) لا يخوّلك القيام بهذا."


class NotYours(OfValue):
    """This belongs to another organisation or working group."""

    status = HTTPStatus.FORBIDDEN
    ar = "هذا العنصر يخص منظمة أو مجموعة عمل أخرى."


class OutsideYourScope(OfValue):
    """This sector or area lies outside your scope."""

    status = HTTPStatus.FORBIDDEN
    ar = "هذا القطاع أو هذه المنطقة خارج نطاق عملك."


class SessionEnded(Refusal):
    """You are no longer signed in."""

    status = HTTPStatus.UNAUTHORIZED
    ar = "انتهت جلستك؛ سجّل الدخول من جديد."


class BodyTooLarge(Refusal):
    """The body is larger than the {limit} bytes taken here."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    ar = "حجم المحتوى المُرسَل أكبر من الحد المسموح به، وهو {limit} بايت."


class UnsupportedContentType(Refusal):
    """The content type is not taken here; send one of: {accepted}."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    ar = "نوع المحتوى غير مقبول هنا؛ الأنواع المقبولة: {accepted}."


class UnsupportedCharset(Refusal):
    """Text is taken here in UTF-8 only."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    ar = "لا يُقبل النص هنا إلا بترميز UTF-8."


class UnsupportedCoding(Refusal):
    """A body is taken here as it is or compressed with gzip."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    ar = "يُقبل المحتوى هنا كما هو أو مضغوطاً بصيغة gzip."

    def __init__(self, field: str | None = None) -> None:
        super().__init__(field)
        self.headers = {"Accept-Encoding": "gzip"}


class MalformedCoding(Refusal):
    """The body is not well-formed gzip."""

    status = HTTPStatus.BAD_REQUEST
    ar = "المحتوى المُرسَل ليس بصيغة gzip سليمة."


class MalformedBody(Refusal):
    """The body is not well-formed JSON."""

    status = HTTPStatus.BAD_REQUEST
    ar = "المحتوى المُرسَل ليس بصيغة JSON سليمة."


class MalformedRequest(Refusal):
    """The request is malformed."""

    status = HTTPStatus.BAD_REQUEST
    ar = "صيغة الطلب غير صحيحة."


class MethodNotAllowed(Refusal):
    """This address does not take that method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    ar = "هذا العنوان لا يقبل طريقة HTTP هذه."


class InvalidCursor(Refusal):
    """The cursor is not one of this list, filter and order."""

    status = HTTPStatus.BAD_REQUEST
    ar = "علامة الموضع (cursor) ليست من هذه القائمة بالتصفية والترتيب نفسيهما."


class VersionMismatch(Refusal):
    """It has changed since you read it: version {current} now."""

    status = HTTPStatus.PRECONDITION_FAILED
    ar = "تغيّر هذا العنصر بعد أن قرأته، ورقم نسخته الآن {current}."


class VersionMissing(Refusal):
    """Send If-Match with the ETag you read."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    ar = "أرسل الترويسة If-Match بقيمة ETag التي قرأتها."


class KeyReused(Refusal):
    """This Idempotency-Key was used with another request."""

    ar = "سبق استخدام مفتاح Idempotency-Key هذا مع طلب آخر."


class StillRunning(Refusal):
    """The first request with this Idempotency-Key is still running."""

    status = HTTPStatus.CONFLICT
    ar = "الطلب الأول بمفتاح Idempotency-Key هذا ما زال قيد التنفيذ."


class AnswerNotKept(Refusal):
    """This was done with the first request; its answer held a secret and is not given twice."""

    status = HTTPStatus.CONFLICT
    ar = "نُفّذ هذا الطلب في المرة الأولى، وتضمّن الرد عليه سرّاً لا يُرسَل مرتين."


class MalformedKey(Refusal):
    """An Idempotency-Key has 1 to 200 printable ASCII characters."""

    legacy_code = "key_malformed"
    status = HTTPStatus.BAD_REQUEST
    ar = "يتكوّن مفتاح Idempotency-Key من 1 إلى 200 محرف ASCII قابل للطباعة."


class Unavailable(Refusal):
    """A part of the platform does not answer now; try again soon."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    ar = "أحد أجزاء المنصة لا يستجيب الآن؛ أعد المحاولة بعد قليل."


class Internal(Refusal):
    """Something went wrong here; it has been recorded."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    ar = "حدث خطأ في المنصة، وقد سُجّل لمعالجته."


def problem(refusal: Refusal, language: Language) -> Response:
    """The refusal as an `application/problem+json` answer."""
    body: dict[str, object] = {
        "type": f"urn:tansiq:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": int(refusal.status),
        "code": refusal.code,
        **refusal.legacy,
        "detail": refusal.sentence(language),
    }
    if isinstance(refusal, Invalid):
        body["errors"] = [error.as_error(language) for error in refusal.errors]
    elif refusal.field is not None:
        body["errors"] = [refusal.as_error(language)]
    headers = {"Content-Language": language, **refusal.headers}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return Response(orjson.dumps(body), refusal.status, headers, MEDIA_TYPE)


def problem_for(request: Request, refusal: Refusal) -> Response:
    """The refusal in the language the request asks for."""
    return problem(refusal, preferred(request.headers.get("accept-language")))
