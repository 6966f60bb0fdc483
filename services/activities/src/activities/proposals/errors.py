"""Why a proposal is not there, or can't be confirmed."""

from http import HTTPStatus

from runtime.problems import Refusal


class ProposalExpired(Refusal):
    """Nobody confirmed in time how this file is to be read, so nothing of it was counted: send it again."""

    ar = "لم يؤكد أحد في الوقت المحدد كيف يُقرأ هذا الملف، فلم يُحتسب منه شيء: أرسله مجدداً."


class NotProposed(Refusal):
    """This file does not wait to be confirmed: look at its state."""

    status = HTTPStatus.CONFLICT
    ar = "هذا الملف لا ينتظر تأكيداً: انظر في حالته."


class ProposalChanged(Refusal):
    """The proposal was made anew since you looked at it: look at it again, and confirm that."""

    status = HTTPStatus.CONFLICT
    ar = "أُعدّ الاقتراح من جديد بعد اطلاعك عليه: اطلع عليه مجدداً ثم أكّده."


class SheetMissing(Refusal):
    """There is no sheet «{sheet}» in this file that could be read."""

    ar = "لا توجد في هذا الملف ورقة «{sheet}» يمكن قراءتها."


class ColumnMissing(Refusal):
    """There is no column «{column}» in the sheets that are read."""

    ar = "لا يوجد عمود «{column}» في الأوراق المقروءة."


class HeadingsOfOneSheet(Refusal):
    """Rows of headings are said of one sheet: name it alone in `sheets`."""

    ar = "تُحدَّد صفوف العناوين لورقة واحدة: اذكرها وحدها في `sheets`."


class RowNotShown(Refusal):
    """Name the rows of headings in `headings`: one or more of the first rows that the proposal shows."""

    ar = "حدّد صفوف العناوين في `headings` من الصفوف الأولى التي يعرضها الاقتراح."


class TwoColumnsForField(Refusal):
    """«{first}» and «{second}» are said to mean one thing: leave one of them out."""

    ar = "ذُكر أن العمودين «{first}» و«{second}» بمعنى واحد: اترك أحدهما."
