"""Why an area or a file of areas is refused."""

from runtime.problems import Refusal


class NamesMissing(Refusal):
    """The area has no name: give name_ar or name_en."""

    ar = "المنطقة بلا اسم: املأ name_ar أو name_en."


class UnknownParent(Refusal):
    """There is no area {parent} to stand under, neither here nor in this file."""

    legacy_code = "parent_unknown"
    ar = "لا توجد منطقة أعلى بالرمز {parent}، لا في المنصة ولا في هذا الملف."


class ParentAmbiguous(Refusal):
    """{parent} is an area of more than one country: name the country in the request."""

    ar = "الرمز {parent} مستخدم في أكثر من بلد: حدِّد البلد في الطلب."


class ParentNotAbove(Refusal):
    """The area {parent} is of level {level}, which is not above this one."""

    ar = "المنطقة {parent} من المستوى {level}، وهو ليس أعلى من مستوى هذه المنطقة."


class AreaMoved(Refusal):
    """This area already stands elsewhere: {path}. Areas are not moved by a file."""

    ar = "هذه المنطقة مسجّلة في موضع آخر: {path}. لا يمكن نقل المناطق عن طريق ملف."


class AreaRepeated(Refusal):
    """This P-code came before in the same file, in row {first}."""

    ar = "تكرّر هذا الرمز في الملف: ورد أول مرة في الصف {first}."


class HeadingMissing(Refusal):
    """The file has no column {heading}."""

    ar = "لا يوجد في الملف عمود باسم {heading}."
