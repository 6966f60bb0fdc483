"""Why a row, or a request with rows, can't be read."""

from http import HTTPStatus

from runtime.problems import Refusal


class MalformedRow(Refusal):
    """This row is not one JSON object."""

    legacy_code = "malformed_line"
    ar = "هذا الصف ليس كائن JSON واحداً."


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


class RowLongerThanHeadings(Refusal):
    """A cell stands beyond the last heading ({value}): give its column one, or quote cells that hold the separator."""

    ar = "توجد خلية بعد آخر عنوان ({value}): أعطِ عمودها عنواناً، أو ضع الخلايا التي فيها فاصلة بين علامتي اقتباس."
