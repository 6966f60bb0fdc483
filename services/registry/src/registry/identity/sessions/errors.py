"""Why somebody is not, or no longer, signed in."""

from http import HTTPStatus

from runtime.problems import Refusal


class SignInRefused(Refusal):
    """The e-mail address or the password is wrong."""

    status = HTTPStatus.UNAUTHORIZED
    ar = "البريد الإلكتروني أو كلمة المرور غير صحيحة."


class TooManyAttempts(Refusal):
    """There were too many attempts; try again in {seconds} seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "محاولات كثيرة؛ يمكنك المحاولة من جديد بعد مدة (بالثواني): {seconds}."

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}


class NoSession(Refusal):
    """This is for people who have signed in, not for machine clients."""

    status = HTTPStatus.FORBIDDEN
    ar = "هذا متاح لمن سجّل الدخول من الأشخاص، لا للأنظمة."
