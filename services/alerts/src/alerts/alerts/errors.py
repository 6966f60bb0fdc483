"""Why an alert is refused."""

from http import HTTPStatus

from runtime.problems import Refusal


class SecondPersonNeeded(Refusal):
    """An alert of severity Extreme needs a second person, or your stated override_reason."""

    ar = "الإنذار البالغ الشدة (Extreme) يحتاج إلى موافقة شخص ثانٍ، أو إلى ذكر سبب التجاوز في override_reason."


class EvacuateNotMandated(Refusal):
    """Only the secretariat may ask people to evacuate."""

    status = HTTPStatus.FORBIDDEN
    ar = "طلب الإخلاء (Evacuate) من صلاحية الأمانة العامة وحدها."


class AddressesMissing(Refusal):
    """A Private alert needs the organisations it is addressed to."""

    ar = "الإنذار الخاص (Private) يحتاج إلى المنظمات الموجّه إليها."


class ReferencesMissing(Refusal):
    """An Update or a Cancel needs references to the alerts it is about."""

    ar = "التحديث (Update) أو الإلغاء (Cancel) يحتاج إلى الإشارة إلى الإنذارات المعنية في references."


class ReferencesOfAlert(Refusal):
    """A new Alert has no references: send an Update or a Cancel."""

    ar = "الإنذار الجديد لا يشير إلى غيره: أرسل تحديثاً (Update) أو إلغاءً (Cancel)."


class UnknownAlert(Refusal):
    """There is no alert {reference}, or you may not see it."""

    legacy_code = "reference_unknown"
    ar = "لا يوجد إنذار {reference}، أو لا يحق لك الاطلاع عليه."


class ReferenceSuperseded(Refusal):
    """The alert {reference} was superseded: refer to {end}, the last message of its chain."""

    status = HTTPStatus.CONFLICT
    ar = "حلّت رسالة أحدث محل الإنذار {reference}: أشِر إلى {end}، وهي آخر رسالة في سلسلته."


class ReferenceCancelled(Refusal):
    """The alert was ended by the Cancel {reference}: issue a new Alert."""

    status = HTTPStatus.CONFLICT
    ar = "أُنهي الإنذار بالإلغاء (Cancel) {reference}: أصدِر إنذاراً جديداً."


class ChainTooLong(Refusal):
    """An alert can have {limit} messages: cancel it and issue a new one."""

    ar = "لا يزيد عدد رسائل الإنذار الواحد على {limit}: ألغِه وأصدِر إنذاراً جديداً."


class ScopeNarrower(Refusal):
    """The alert {reference} is known to more than those you address: its Update or Cancel can't be Private."""

    ar = "الإنذار {reference} معروف لغير من توجّه إليهم رسالتك: لا يكون تحديثه أو إلغاؤه خاصاً (Private)."


class AddresseeLeftOut(Refusal):
    """Organisation {organisation} knows of the alert {reference}: address its Update or Cancel to it as well."""

    ar = "المنظمة {organisation} على علم بالإنذار {reference}: وجّه إليها تحديثه أو إلغاءه أيضاً."


class StatusDiffers(Refusal):
    """An alert of status {status} can't update or cancel one of status {other}."""

    ar = "إنذار حالته {status} لا يحدّث ولا يلغي إنذاراً حالته {other}."


class ExpiresTooEarly(Refusal):
    """An alert must expire after it takes effect."""

    ar = "يجب أن ينتهي الإنذار بعد بدء سريانه."


class ExpiredOnArrival(Refusal):
    """This alert has expired already. To end one that stands, send a Cancel."""

    ar = "انتهت صلاحية هذا الإنذار قبل وصوله. لإنهاء إنذار قائم أرسل إلغاءً (Cancel)."


class OnsetAfterExpiry(Refusal):
    """What the alert is about must begin before the alert expires."""

    ar = "يجب أن يبدأ الحدث قبل انتهاء الإنذار."


class SentInFuture(Refusal):
    """The time an alert was sent can't lie in the future."""

    ar = "لا يمكن أن يكون وقت الإرسال في المستقبل."


class MalformedPolygon(Refusal):
    """A polygon has at least four lat,lon pairs, separated by spaces, the last equal to the first."""

    legacy_code = "polygon_malformed"
    ar = "المضلّع أربع نقاط على الأقل بصيغة lat,lon تفصل بينها مسافات، وآخرها كأولها."


class MalformedCircle(Refusal):
    """A circle is lat,lon, a space, and a radius in kilometres."""

    legacy_code = "circle_malformed"
    ar = "الدائرة بصيغة lat,lon ثم مسافة ثم نصف القطر بالكيلومتر."


class IdentifierTaken(Refusal):
    """Another alert has this identifier."""

    status = HTTPStatus.CONFLICT
    ar = "هذا المعرّف مستخدم لإنذار آخر."
