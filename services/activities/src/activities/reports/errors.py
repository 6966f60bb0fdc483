"""Why a report is not taken."""

from runtime.problems import Refusal


class AmbiguousArea(Refusal):
    """More than one area has this name: send the P-code."""

    ar = "يوجد أكثر من منطقة بهذا الاسم: أرسل رمز المنطقة (P-code)."


class SeveralPlaces(Refusal):
    """This cell names different places: send a row for each."""

    ar = "تذكر هذه الخلية أماكن مختلفة: أرسل صفاً لكل مكان."


class AreasDisagree(Refusal):
    """This area does not lie in the other area the row names."""

    ar = "هذه المنطقة لا تقع ضمن المنطقة الأخرى المذكورة في الصف."


class AreaMissing(Refusal):
    """A report needs a place: send an area."""

    ar = "يحتاج التقرير إلى مكان: أرسل المنطقة."


class SectorsDisagree(Refusal):
    """The row names two sectors, {first} and {second}: send a row for each."""

    ar = "يذكر الصف قطاعين، {first} و{second}: أرسل صفاً لكل منهما."


class OrganisationMissing(Refusal):
    """Say whose report it is: the organisation's id or name, in the row or in the form of the file."""

    ar = "حدّد المنظمة صاحبة التقرير: معرّفها أو اسمها، في الصف نفسه أو في استمارة رفع الملف."


class CompletedInTheFuture(Refusal):
    """The month has not begun, and the activity is said to be completed: mend the month, or send it as planned."""

    ar = "الشهر لم يبدأ بعد والنشاط مذكور على أنه منجز (Completed): صحّح الشهر أو أرسل النشاط على أنه مخطط (Planned)."


class StatusMissing(Refusal):
    """A report that counts people or outputs needs a status, its own or its file's form's: Planned, Ongoing, Completed
    or Suspended."""

    ar = (
        "التقرير الذي يتضمن أعداداً يحتاج إلى حالة النشاط، في الصف نفسه أو في استمارة رفع الملف: "
        "مخطط (Planned) أو جارٍ (Ongoing) أو منجز (Completed) أو معلّق (Suspended)."
    )
