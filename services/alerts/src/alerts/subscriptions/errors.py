"""Why a subscription is refused."""

from http import HTTPStatus

from runtime.problems import Refusal


class PrivateAddress(Refusal):
    """Alerts are not sent there: it is not an address of the open internet."""

    ar = "لا تُرسَل الإنذارات إلى هذا العنوان، فهو ليس من عناوين الإنترنت العامة."


class UrlNotTaken(Refusal):
    """The URL must be https, with a host name, port 443 or 8443, no user name and no fragment; this one: {fault}."""

    ar = (
        "يجب أن يبدأ الرابط بـ https، وأن يتضمن اسم مضيف والمنفذ 443 أو 8443، "
        "من دون اسم مستخدم أو جزء يلي #؛ وهذا الرابط: {fault}."
    )


class TooManySubscriptions(Refusal):
    """You have {limit} subscriptions, the most there can be: remove one first."""

    status = HTTPStatus.CONFLICT
    ar = "بلغ عدد اشتراكاتك الحد الأقصى ({limit})؛ احذف أحدها أولاً."


class TooManyOfOrganisation(Refusal):
    """Your organisation has {limit} subscriptions, the most there can be: remove one first."""

    status = HTTPStatus.CONFLICT
    ar = "بلغ عدد اشتراكات منظمتك الحد الأقصى ({limit})؛ احذفوا أحدها أولاً."


class SubscriptionEnded(Refusal):
    """This subscription has ended, because its address said it is gone: make a new one."""

    status = HTTPStatus.CONFLICT
    ar = "انتهى هذا الاشتراك لأن عنوانه أبلغ بأنه لم يعد موجوداً؛ أنشئ اشتراكاً جديداً."


class NothingToChange(Refusal):
    """Send at least one field to change."""

    ar = "أرسل حقلاً واحداً على الأقل لتغييره."


class TestedTooOften(Refusal):
    """A subscription can be tested {limit} times a minute."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "يمكن اختبار الاشتراك {limit} مرات في الدقيقة."

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.headers = {"Retry-After": "60"}
