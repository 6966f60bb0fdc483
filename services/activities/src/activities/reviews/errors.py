"""Why a decision on a report, or sending it again, is not taken."""

from http import HTTPStatus

from runtime.problems import Refusal


class OwnReport(Refusal):
    """Nobody reviews a report of their own organisation."""

    status = HTTPStatus.FORBIDDEN
    ar = "لا أحد يراجع تقريراً يخص منظمته."


class SentByYou(Refusal):
    """You sent this version yourself: somebody else has to review it."""

    status = HTTPStatus.FORBIDDEN
    ar = "أنت من أرسل هذه النسخة، فلا بد أن يراجعها شخص آخر."


class BelongsToWorkingGroup(Refusal):
    """A working group reviews this report: to decide in its place, say why in override_reason."""

    status = HTTPStatus.FORBIDDEN
    ar = "تراجع هذا التقرير مجموعة عمل: إن أردت البتّ فيه بدلاً منها فاذكر السبب في الحقل override_reason."


class NotToBeReviewed(Refusal):
    """A report that is {stage} can't be {decision}."""

    status = HTTPStatus.CONFLICT
    ar = "مرحلة التقرير ({stage}) لا تسمح بهذا القرار ({decision})."


class DecidedTwice(Refusal):
    """Row {first} of this request decides on the same report."""

    ar = "يتضمن الصف {first} من الطلب نفسه قراراً بشأن هذا التقرير."


class NotReturned(Refusal):
    """Only a returned report is sent again as it is; this one is {stage}."""

    status = HTTPStatus.CONFLICT
    ar = "لا يُعاد إرسال تقرير دون تغيير إلا إذا أُعيد إلى صاحبه، ومرحلة هذا التقرير: {stage}."


class SameSensitivity(Refusal):
    """The report has this level already."""

    status = HTTPStatus.CONFLICT
    ar = "التقرير على هذا المستوى من الحساسية أصلاً."
