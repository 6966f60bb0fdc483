"""Why another name of an organisation is rejected."""

from runtime.problems import Refusal


class CodeTaken(Refusal):
    """{holder} has this code of the cluster {issuer}: a code belongs to one organisation."""

    ar = "هذا الرمز من رموز مجموعة {issuer} يخص {holder}، والرمز لمنظمة واحدة."


class IdentifierIncomplete(Refusal):
    """A row gives the organisation (its id or a name) and another name, a code with its issuer, or an id with its
    scheme."""

    ar = "يذكر الصف المنظمة (معرّفها أو اسمها) مع اسم آخر، أو رمز مع جهته المانحة، أو معرّف مع نظامه."


class TooManyIdentifiers(Refusal):
    """An organisation has {limit} other names and codes at most."""

    ar = "الحد الأقصى لأسماء المنظمة الأخرى ورموزها ({limit})."
