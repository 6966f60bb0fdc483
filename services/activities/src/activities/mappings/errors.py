"""Why a mapping is not taken or changed."""

from runtime.problems import Refusal


class FieldNotOfReports(Refusal):
    """Column {column} of this mapping is for «{name}», which no report has."""

    ar = "العمود {column} في هذا القالب للحقل «{name}»، وهو ليس من حقول التقارير."


class ShareWithoutGroup(Refusal):
    """A mapping is shared with a working group: name its sector and its scope, or neither."""

    ar = "يُشارك القالب مع مجموعة عمل: اذكر قطاعها ونطاقها معاً، أو لا تذكر أياً منهما."


class UnknownScope(Refusal):
    """No scope is known by this code."""

    ar = "لا يوجد نطاق معروف بهذا الرمز."
