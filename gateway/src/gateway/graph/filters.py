"""What subscriptions are asked by."""

from typing import Any

import strawberry
from contracts.alerts import AlertSeverity, AlertStatus

from gateway.graph.fields import told


def given(en: str, ar: str) -> Any:
    """A condition that may be left out."""
    return strawberry.field(description=told(en, ar), default=strawberry.UNSET)


@strawberry.input(description=told("Which alerts to be told of.", "أي الإنذارات تُبلَّغ بها."))
class AlertWish:
    country: str | None = given("P-code of the country.", "رمز البلد.")
    areas: list[str] | None = given(
        "Each with all below it, and what is above it.", "كل منطقة مع ما دونها، وما يخص ما فوقها."
    )
    sectors: list[str] | None = given("Exact codes.", "رموز القطاعات تماماً.")
    severities: list[AlertSeverity] | None = given("CAP severities.", "درجات الشدة.")
    statuses: list[AlertStatus] | None = given(
        "Actual alone, where nothing is said.", "الفعلية (Actual) وحدها إن لم يُذكر شيء."
    )
