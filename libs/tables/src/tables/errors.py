"""Why a file, a sheet or a cell of it can't be read as a table."""

from runtime.problems import Refusal


class NotATable(Refusal):
    """This file is not a table: send a spreadsheet (XLSX, XLSB, XLS, ODS), a CSV, or HXL as JSON."""

    ar = "هذا الملف ليس جدولاً: أرسل جدول بيانات (XLSX أو XLSB أو XLS أو ODS) أو ملف CSV أو HXL بصيغة JSON."


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


class NoHeadings(Refusal):
    """No row of headings was found: neither HXL tags nor headings known here in the first {limit} filled rows."""

    ar = "لم يُعثر على صف عناوين: لا وسوم HXL ولا عناوين معروفة في أول {limit} صفاً غير فارغ."


class EmptyFile(Refusal):
    """There is nothing in this file: no cell is filled."""

    ar = "هذا الملف فارغ: لا توجد فيه أي خلية معبأة."


class TooManyColumns(Refusal):
    """A row holds more than {limit} columns."""

    ar = "يحتوي أحد الصفوف على أكثر من {limit} عمود."


class NoSheets(Refusal):
    """There is no sheet to read in this workbook: see for each why it was passed over."""

    ar = "لا توجد ورقة يمكن قراءتها في هذا الملف: سبب تجاوز كل ورقة مذكور معها."


class ColumnsNotUnderstood(Refusal):
    """Columns of figures or dates are not understood: {columns}. Rename or delete them, or say accept_ignored=true."""

    ar = (
        "لم تُفهم أعمدة فيها أرقام أو تواريخ أو رموز: {columns}. "
        "غيّر عناوينها أو احذفها، أو أرسل accept_ignored=true لتُترك جانباً."
    )


class ColumnsDisagree(Refusal):
    """«{first}» and «{second}» mean one thing, but row {at_row} has {first_value} and {second_value}: delete one."""

    ar = (
        "العمودان «{first}» و«{second}» بمعنى واحد، لكن قيمتيهما في الصف {at_row} هما {first_value} و{second_value}: "
        "احذف أحدهما أو غيّر عنوانه."
    )


class BrokenRecord(Refusal):
    """A quotation mark is not closed: {lines} lines from here can't be read."""

    ar = "علامة اقتباس غير مغلقة: تعذّرت قراءة {lines} سطراً بدءاً من هنا."


class NotAMonth(Refusal):
    """This must be a month such as 2026-03."""

    ar = "يجب أن تكون القيمة شهراً مثل 2026-03."


class SeveralMonths(NotAMonth):
    """This names several months: a report is of one month, so send a row for each."""

    ar = "تذكر هذه القيمة عدة أشهر، والتقرير لشهر واحد: أرسل صفاً لكل شهر."


class QuarterNotMonth(SeveralMonths):
    """This is a quarter: a report is of one month, so send a row for each."""

    ar = "هذه القيمة ربع سنة، والتقرير لشهر واحد: أرسل صفاً لكل شهر."


class YearMissing(NotAMonth):
    """The month has no year: write it like 2026-03, or send the month in the form."""

    ar = "الشهر بلا سنة: اكتبه مثل 2026-03، أو أرسل الشهر في الاستمارة."


class AmbiguousMonth(NotAMonth):
    """The number beside the month can be a day or a year: write the month like 2026-03."""

    ar = "الرقم بجانب اسم الشهر قد يكون يوماً أو سنة: اكتب الشهر مثل 2026-03."


class AmbiguousDate(Refusal):
    """The column has dates day first and dates month first, and this one can be either: write it like 2026-03-31."""

    ar = "في العمود تواريخ تبدأ باليوم وأخرى تبدأ بالشهر، وهذا التاريخ يحتمل القراءتين: اكتبه مثل 2026-03-31."


class AmbiguousNumber(Refusal):
    """This number's separator can part thousands or a fraction: write it without one, such as 1000, or like 1.5."""

    ar = "الفاصلة أو النقطة في هذا العدد تحتمل الآلاف والكسور: اكتبه من دونها مثل 1000، أو مثل 1.5."
