"""Why a pair of organisations is not settled."""

from http import HTTPStatus

from runtime.problems import Refusal


class PairSettled(Refusal):
    """Somebody has settled this pair already."""

    status = HTTPStatus.CONFLICT
    ar = "سبق البت في هذا الزوج."
