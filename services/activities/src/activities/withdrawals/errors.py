"""Why a withdrawal, or the way back from it, is not taken."""

from http import HTTPStatus

from runtime.problems import Refusal


class SentByItsOwner(Refusal):
    """A coordinator withdraws what a coordinator sent: this version is its sender's, so return it with a comment."""

    status = HTTPStatus.FORBIDDEN
    ar = "يسحب المنسّق ما أرسله منسّق، وهذه النسخة أرسلها غيره: أعدها إلى صاحبها مع ملاحظة."


class UploadUnread(Refusal):
    """This file is not read to its end yet: wait until it is done."""

    status = HTTPStatus.CONFLICT
    ar = "لم تنتهِ قراءة هذا الملف بعد: انتظر حتى تنتهي."


class WithdrawalUnfinished(Refusal):
    """What was asked for before is still being carried out for this file: wait until it is done."""

    status = HTTPStatus.CONFLICT
    ar = "ما طُلب سابقاً لهذا الملف لا يزال قيد التنفيذ: انتظر حتى ينتهي."


class NothingWithdrawn(Refusal):
    """Nothing was withdrawn with this file, so there is nothing to restore."""

    status = HTTPStatus.CONFLICT
    ar = "لم يُسحب شيء مع هذا الملف، فلا شيء يُستعاد."


class UploadWithdrawn(Refusal):
    """This file was withdrawn: restore it before it replaces anything."""

    status = HTTPStatus.CONFLICT
    ar = "سُحب هذا الملف: استعده قبل أن يحل محل غيره."


class NotDeclared(Refusal):
    """This file was not sent as one that replaces: send it again with replaces=true."""

    status = HTTPStatus.CONFLICT
    ar = "لم يُرسل هذا الملف على أنه يحل محل ما قبله: أرسله مجدداً مع replaces=true."


class NotReadWhole(Refusal):
    """This file was not read to its end, so nobody knows what it does not hold: mend it and send it again."""

    status = HTTPStatus.CONFLICT
    ar = "لم يُقرأ هذا الملف حتى نهايته، فلا يُعرف ما الذي لا يتضمنه: صحّحه وأرسله مجدداً."


class MissingChanged(Refusal):
    """The reports this file does not hold are others than you were told, {current} now: look at its state again."""

    status = HTTPStatus.CONFLICT
    ar = "تغيّرت التقارير التي لا يتضمنها هذا الملف عما قيل لك، وعددها الآن {current}: انظر في حالة الملف مجدداً."


class RowsWereRefused(Refusal):
    """Rows of this file were refused ({refused}), and what they are about would be withdrawn: mend them and send the
    file again, or say despite_refused.
    """

    status = HTTPStatus.CONFLICT
    ar = (
        "رُفضت صفوف من هذا الملف ({refused}) وقد يُسحب ما تتحدث عنه: صحّحها وأرسل الملف مجدداً، "
        "أو أكّد ذلك بالحقل despite_refused."
    )
