"""Why there is no error workbook of a file."""

from http import HTTPStatus

from runtime.problems import Refusal


class NoRowsRefused(Refusal):
    """No row of this file was refused: there is nothing to mend in it, or it is not read to its end."""

    status = HTTPStatus.CONFLICT
    ar = "لم يُرفض أي صف من هذا الملف: لا شيء فيه يحتاج إلى تصحيح، أو لم تكتمل قراءته بعد."


class RowsNotKept(Refusal):
    """The rows of this file are not kept any more: mend them in your own file, and send that."""

    status = HTTPStatus.GONE
    ar = "لم تعد صفوف هذا الملف محفوظة: صحّحها في ملفك ثم أرسله."


class SevereRowsNotKept(Refusal):
    """Rows of this file are severe, so none was kept: mend the rows its problems name in your own file."""

    status = HTTPStatus.CONFLICT
    ar = "في هذا الملف صفوف شديدة الحساسية فلم يُحفظ منه شيء: صحّح الصفوف التي تذكرها المشكلات في ملفك نفسه."
