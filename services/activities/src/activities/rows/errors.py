"""Why a row, or a request with rows, can't be read."""

from http import HTTPStatus

from runtime.problems import Refusal


class MalformedLine(Refusal):
    """This line is not one JSON object."""

    ar = "هذا السطر ليس كائن JSON واحداً."


class RowTooLarge(Refusal):
    """This row holds more than can be taken."""

    ar = "في هذا الصف أكثر مما يمكن قبوله."


class TooManyRows(Refusal):
    """A request takes {limit} rows at most: send the rest in another."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    ar = "الحد الأقصى لصفوف الطلب الواحد ({limit}): أرسل الباقي في طلب آخر."


class NoRows(Refusal):
    """There is no row in this request."""

    ar = "لا يوجد أي صف في هذا الطلب."
