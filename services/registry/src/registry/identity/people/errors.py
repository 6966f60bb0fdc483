"""Why an invitation or a password is refused."""

from http import HTTPStatus

from runtime.problems import Refusal


class CoordinatorOfSeveral(Refusal):
    """Who coordinates a working group belongs to one organisation at most: nobody reviews the reports of their own."""

    ar = "من ينسّق مجموعة عمل ينتمي إلى منظمة واحدة على الأكثر: لا أحد يراجع تقارير منظمته."


class PersonKnown(Refusal):
    """Somebody with this e-mail address is here already; the secretariat can change what they may do."""

    status = HTTPStatus.CONFLICT
    ar = "يوجد حساب بهذا البريد الإلكتروني؛ يمكن للأمانة العامة تعديل صلاحيات صاحبه."


class PersonErased(Refusal):
    """This person's data was erased, and nothing can be done with it any more."""

    status = HTTPStatus.CONFLICT
    ar = "مُحيت بيانات هذا الشخص، ولم يعد ممكناً إجراء أي شيء عليها."


class InvitationEnded(Refusal):
    """This link was used, has run out or was taken back; ask for a new one."""

    status = HTTPStatus.NOT_FOUND
    ar = "هذا الرابط استُعمل أو انتهت صلاحيته أو أُلغي؛ اطلب رابطاً جديداً."


class PasswordTooShort(Refusal):
    """A password has at least {min_length} characters."""

    ar = "يجب ألا تقل كلمة المرور عن {min_length} محرفاً."


class PasswordTooLong(Refusal):
    """A password has at most {max_length} characters."""

    ar = "يجب ألا تزيد كلمة المرور على {max_length} محرفاً."


class PasswordTooCommon(Refusal):
    """This password is among the first that anybody would try."""

    ar = "كلمة المرور هذه من أول ما يمكن أن يخمّنه أي شخص."


class PasswordTellsWho(Refusal):
    """A password must not be made of your own name or e-mail address."""

    ar = "يجب ألا تتكوّن كلمة المرور من اسمك أو بريدك الإلكتروني."
