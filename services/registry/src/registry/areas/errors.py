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


class NameCutOff(Refusal):
    """The text in {heading} ends within a letter: its field was too short when the file was written. Write it whole."""

    ar = "النص في {heading} مقطوع في وسط حرف: كان حقله أقصر من اللازم عند حفظ الملف. اكتبه كاملاً."


class NotAMap(Refusal):
    """This file holds no areas: send CSV, XLSX, ODS, GeoJSON, TopoJSON or a zipped shapefile of points or polygons."""

    ar = "لا يحتوي هذا الملف على مناطق: أرسل CSV أو XLSX أو ODS أو GeoJSON أو TopoJSON أو ملف shapefile مضغوطاً."


class BrokenMap(Refusal):
    """This map is damaged or was cut off on its way: write it anew and send it again."""

    ar = "ملف الخريطة هذا تالف أو وصل ناقصاً: احفظه من جديد ثم أرسله مرة أخرى."


class MapTooLarge(Refusal):
    """This map unfolds to more than can be read in {seconds} seconds: send one level at a time."""

    ar = "محتوى هذه الخريطة أكبر مما يمكن قراءته خلال {seconds} ثانية: أرسل مستوى واحداً في كل مرة."


class ShapefilePartMissing(Refusal):
    """The archive lacks {part}: a shapefile is sent with its .shp and .dbf in one ZIP."""

    ar = "الملف المضغوط ينقصه {part}: يُرسل shapefile بملفيه .shp و.dbf معاً في ZIP واحد."


class OtherProjection(Refusal):
    """The coordinates of this map are not degrees of WGS 84 (EPSG:4326): convert it and send it again."""

    ar = "إحداثيات هذه الخريطة ليست بدرجات WGS 84 (EPSG:4326): حوّلها ثم أرسلها مجدداً."
