"""Why a contest, or its settlement, is not taken."""

from http import HTTPStatus

from runtime.problems import Refusal


class NotNamed(Refusal):
    """Only the organisation that another one's report names as its implementer can contest that."""

    status = HTTPStatus.FORBIDDEN
    ar = "لا يعترض على ذكر الجهة المنفذة إلا المنظمة المذكورة جهةً منفذةً في تقرير غيرها."


class ContestedAlready(Refusal):
    """Your organisation has contested being named here already."""

    status = HTTPStatus.CONFLICT
    ar = "سبق لمنظمتك أن اعترضت على ذكرها في هذا التقرير."


class NoOpenContest(Refusal):
    """There is no open contest on this report."""

    status = HTTPStatus.CONFLICT
    ar = "لا يوجد اعتراض مفتوح على هذا التقرير."
