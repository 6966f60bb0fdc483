"""Why a file, a sheet or a cell of it can't be read as a table."""

from runtime.problems import Refusal


class NotATable(Refusal):
    """This file is not a table: send a spreadsheet (XLSX, XLS, ODS), a CSV, or HXL as JSON."""

    ar = "هذا الملف ليس جدولاً: أرسل جدول بيانات (XLSX أو XLS أو ODS) أو ملف CSV أو HXL بصيغة JSON."


class FileEncrypted(Refusal):
    """This file is protected by a password: save it without one and send it again."""

    ar = "هذا الملف محمي بكلمة مرور: احفظه من دونها ثم أرسله مجدداً."


class FileIsAWebPage(Refusal):
    """This is a web page under the name of a spreadsheet: open it, save it as XLSX or CSV, and send that."""

    ar = "هذا الملف صفحة ويب باسم جدول بيانات: افتحه واحفظه بصيغة XLSX أو CSV ثم أرسله."


class BrokenWorkbook(Refusal):
    """This spreadsheet is damaged or was cut off on its way: open it, save it anew, and send it again."""

    ar = "ملف الجدول هذا تالف أو وصل ناقصاً: افتحه واحفظه من جديد ثم أرسله مرة أخرى."


class MalformedJson(Refusal):
    """This is not well-formed JSON, so no row of it can be read."""

    ar = "هذا الملف ليس بصيغة JSON سليمة، ولا يمكن قراءة أي صف منه."


class UnsafeWorkbook(Refusal):
    """This spreadsheet holds declarations that no spreadsheet needs (DTD): save it anew and send it again."""

    ar = "يحتوي ملف الجدول هذا على تعريفات (DTD) لا يحتاجها أي جدول: احفظه من جديد ثم أرسله مرة أخرى."


class WorkbookTooLarge(Refusal):
    """This spreadsheet unfolds to more than can be read: delete far-out cells, or send it in parts or as CSV."""

    ar = "محتوى ملف الجدول هذا بعد فك ضغطه أكبر مما يمكن قراءته: احذف الخلايا البعيدة، أو أرسله على أجزاء أو بصيغة CSV."


class SheetHidden(Refusal):
    """The sheet is hidden: show it, if its rows are to be read."""

    ar = "الورقة مخفية: أظهرها إن كان المطلوب قراءة صفوفها."


class SheetWithoutCells(Refusal):
    """The sheet holds no table but a chart or a macro."""

    ar = "لا تحتوي الورقة على جدول بل على مخطط أو ماكرو."


class SheetRepeated(Refusal):
    """The sheet names the cells of another one, which are read there."""

    ar = "تشير الورقة إلى خلايا ورقة أخرى، وتُقرأ الخلايا هناك."


class TooManySheets(Refusal):
    """Only the first {limit} sheets of a workbook are read."""

    ar = "لا تُقرأ من الملف إلا أول {limit} ورقة."


class CellError(Refusal):
    """The cell holds an error of the spreadsheet ({error}): mend its formula."""

    ar = "تحتوي الخلية على خطأ من برنامج الجداول ({error}): صحّح معادلتها."


class CellWithoutValue(CellError):
    """The cell holds a formula whose value is not in the file: open it in a spreadsheet program and save it there."""

    ar = "تحتوي الخلية على معادلة لم تُحفظ قيمتها في الملف: افتحه في برنامج جداول واحفظه هناك ثم أرسله."


class CellMerged(CellError):
    """The cell is merged with one beside it, so which column its number is meant for is not said: unmerge them."""

    ar = "الخلية مدمجة مع خلية مجاورة، فلا يُعرف لأي عمود يعود العدد: ألغِ الدمج واكتب كل عدد في عموده."


class SheetEmpty(Refusal):
    """The sheet is empty."""

    ar = "الورقة فارغة."
