"""Why a stream is refused."""

from http import HTTPStatus

from runtime.problems import Refusal


class TooManyStreams(Refusal):
    """You have {limit} streams open, the most there can be: close one first."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    ar = "بلغ عدد قنوات البث المفتوحة لديك الحد الأقصى ({limit})؛ أغلق إحداها أولاً."

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.headers = {"Retry-After": "10"}
