"""Commands of the services as mutations: which there are, how each is carried out, and what answers it.

What a command takes is told by its service (`commands.json`, written by `make generate`); who may, what is refused and
why, is the service's to say: its route is called with the caller's own token. A route that says in both languages what
it does needs no line here: its mutation is called as its function.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

import orjson
from contracts.catalogue import LISTS
from runtime.idempotency import checked_key
from strawberry.utils.str_converters import to_camel_case

from gateway.graph import sources
from gateway.graph.field_sources import MemoryEntries, NodeBatch, ServiceRows
from gateway.graph.roots import Arguments, GraphReader, NeededColumns, ServiceOne
from gateway.proxy.paths import service_path
from gateway.upstream.questions import ServiceRefusal

TAKEN_FILE: Final = Path(__file__).parent / "commands.json"
PLACE: Final = re.compile(r"\{\w+\}")
ROWS: Final = "rows"
"""Argument of a command that takes rows together."""


@dataclass(frozen=True)
class Command:
    """A route of a service that changes something."""

    service: str
    method: str
    path: str
    en: str
    ar: str
    row: ServiceOne | None = None
    """The row it leaves, asked for as its reader may see it; without one the service's own answer is told."""
    shape: Literal["one"] = "one"
    takes_rows: bool = False
    """Many together, each of which is accepted or rejected by itself."""

    async def found(self, reader: GraphReader, arguments: Arguments, needed: NeededColumns) -> NodeBatch:
        path = self.path_of(str(arguments.get("id", "")))
        headers = {**reader.headers, "idempotency-key": checked_key(arguments["idempotency_key"], "idempotency_key")}
        if "version" in arguments:
            headers["if-match"] = f'"v{arguments["version"]}"'
        body = arguments.get(ROWS if self.takes_rows else "input")
        try:
            said = await reader.commands.carry_out((self.service, self.method, path), body, headers)
        except ServiceRefusal as refused:
            raise self._in_argument_names(refused) from refused
        if self.takes_rows:
            return MemoryEntries([_outcome(said)])
        if self.row:
            return await self.row.found(reader, {"id": said["id"]}, needed)
        id, version = said.get("id", said.get("client_id")), said.get("version")
        return ServiceRows({"id": [id], "version": [version], "answer": [said or None]})

    def path_of(self, id: str) -> str:
        """Raises `UnsafePath` where an id is none, but a way to somewhere else."""
        path = PLACE.sub(lambda _: quote(id, safe=""), self.path)
        return service_path(f"/api/{self.service}{path}".encode()).decode()

    def _in_argument_names(self, refused: ServiceRefusal) -> ServiceRefusal:
        """What is refused, told of the arguments as they are called here."""
        named = {"If-Match": "version", "Idempotency-Key": "idempotency_key", "idempotency-key": "idempotency_key"}
        for error in refused.errors or ():
            field = error.get("field")
            if isinstance(field, str) and field not in named:
                named[field.partition(".")[0]] = f"input.{field.partition('.')[0]}"
        return refused.about(named)


def _outcome(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    results = [{**each, "errors": [_fault(error) for error in each["errors"]]} for each in answer["results"]]
    rejected = sum(bool(each["errors"]) for each in results)
    return {"accepted": len(results) - rejected, "rejected": rejected, "results": results}


def _fault(error: Mapping[str, Any]) -> Mapping[str, Any]:
    field = error.get("field")
    return {**error, "field": to_camel_case(field) if isinstance(field, str) else None}


BY_HAND: Final[Mapping[str, Command]] = {
    "register_organisation": Command(
        "registry", "POST", "/v1/organisations", "Apply for an organisation.", "تقديم طلب انضمام منظمة."
    ),
    "change_organisation": Command(
        "registry",
        "PATCH",
        "/v1/organisations/{organisation_id}",
        "Change an organisation's profile: only the fields that are given.",
        "تعديل بيانات منظمة: الحقول المذكورة وحدها.",
    ),
    "verify_organisation": Command(
        "registry",
        "POST",
        "/v1/organisations/{organisation_id}/verify",
        "Verify an organisation.",
        "التحقق من منظمة.",
    ),
    "suspend_organisation": Command(
        "registry", "POST", "/v1/organisations/{organisation_id}/suspend", "Suspend an organisation.", "تعليق منظمة."
    ),
    "identify_organisations": Command(
        "registry",
        "POST",
        "/v1/organisations/identifiers",
        "Give organisations other spellings, codes of clusters, ids elsewhere, each row by itself.",
        "إضافة أسماء أخرى للمنظمات ورموز لدى المجموعات القطاعية ومعرّفات في أنظمة أخرى، كل صف على حدة.",
        takes_rows=True,
    ),
    "set_country": Command(
        "registry",
        "PUT",
        "/v1/countries/{country}",
        "Set a country's levels and patterns of P-codes.",
        "تحديد مستويات بلد وأنماط رموزه.",
    ),
    "create_client": Command(
        "registry",
        "POST",
        "/v1/clients",
        "Create a machine client; its secret is in this answer and nowhere else.",
        "إنشاء نظام متصل، وسرّه في هذا الجواب وحده.",
    ),
    "revoke_client": Command("registry", "DELETE", "/v1/clients/{client_id}", "Revoke a client.", "إلغاء نظام متصل."),
    "invite_person": Command("registry", "POST", "/v1/people/invitations", "Invite somebody.", "دعوة شخص."),
    "withdraw_invitation": Command(
        "registry", "DELETE", "/v1/people/invitations/{invitation_id}", "Withdraw an invitation.", "سحب دعوة."
    ),
    "change_person": Command(
        "registry", "PATCH", "/v1/people/{person_id}", "Change a person's name and rights.", "تعديل اسم شخص وصلاحياته."
    ),
    "deactivate_person": Command(
        "registry", "POST", "/v1/people/{person_id}/deactivate", "Deactivate a person.", "تعطيل حساب شخص."
    ),
    "reset_person": Command(
        "registry",
        "POST",
        "/v1/people/{person_id}/reset",
        "Make a link by which a person chooses a new password.",
        "إنشاء رابط يختار به شخص كلمة مرور جديدة.",
    ),
    "erase_person": Command(
        "registry", "POST", "/v1/people/{person_id}/erase", "Erase a person's data.", "محو بيانات شخص."
    ),
    "submit_reports": Command(
        "activities",
        "POST",
        "/v1/reports",
        "Submit activity reports, each accepted or rejected by itself. For thousands send NDJSON by REST.",
        "إرسال تقارير أنشطة، يُقبل كل منها أو يُرفض على حدة. وللآلاف أرسل NDJSON عبر REST.",
        takes_rows=True,
    ),
    "resubmit_report": Command(
        "activities",
        "POST",
        "/v1/reports/{id}/submit",
        "Submit a returned report again.",
        "إعادة إرسال تقرير أُعيد.",
        sources.REPORT,
    ),
    "set_report_sensitivity": Command(
        "activities",
        "POST",
        "/v1/reports/{id}/sensitivity",
        "Set a report's level of sensitivity.",
        "تحديد مستوى حساسية تقرير.",
        sources.REPORT,
    ),
    "contest_implementer": Command(
        "activities",
        "POST",
        "/v1/reports/{id}/contest",
        "Contest being named as a report's implementer.",
        "الاعتراض على الذكر جهةً منفذة في تقرير.",
        sources.REPORT,
    ),
    "settle_contest": Command(
        "activities",
        "POST",
        "/v1/reports/{id}/contest/settle",
        "Decide what an implementer contests.",
        "البت في اعتراض جهة منفذة.",
        sources.REPORT,
    ),
    "withdraw_report": Command(
        "activities", "POST", "/v1/reports/{id}/withdraw", "Withdraw a report.", "سحب تقرير.", sources.REPORT
    ),
    "restore_report": Command(
        "activities",
        "POST",
        "/v1/reports/{id}/restore",
        "Bring a withdrawn report back.",
        "استعادة تقرير مسحوب.",
        sources.REPORT,
    ),
    "review_reports": Command(
        "activities",
        "POST",
        "/v1/reviews",
        "Approve or return reports, each by itself.",
        "اعتماد تقارير أو إعادتها، كل منها على حدة.",
        takes_rows=True,
    ),
    "withdraw_upload": Command(
        "activities",
        "POST",
        "/v1/uploads/{id}/withdraw",
        "Withdraw what came in a file.",
        "سحب ما ورد في ملف.",
    ),
    "restore_upload": Command(
        "activities",
        "POST",
        "/v1/uploads/{id}/restore",
        "Bring back what was withdrawn with a file.",
        "استعادة ما سُحب مع ملف.",
    ),
    "replace_upload": Command(
        "activities",
        "POST",
        "/v1/uploads/{id}/replace",
        "Declare a file the whole of what it holds, and withdraw what it lacks.",
        "اعتبار الملف كل ما يشمله، وسحب ما ليس فيه.",
    ),
    "set_targets": Command(
        "plans",
        "POST",
        "/v1/targets",
        "Set targets, each accepted or rejected by itself.",
        "تحديد أهداف، يُقبل كل منها أو يُرفض على حدة.",
        takes_rows=True,
    ),
    "withdraw_target": Command("plans", "DELETE", "/v1/targets/{id}", "Withdraw a target.", "سحب هدف.", sources.TARGET),
    "issue_alert": Command("alerts", "POST", "/v1/alerts", "Issue an alert.", "إصدار إنذار.", sources.ALERT),
    "create_subscription": Command(
        "alerts",
        "POST",
        "/v1/subscriptions",
        "Subscribe an address to alerts; its secret is in this answer and nowhere else.",
        "اشتراك عنوان في الإنذارات، وسرّه في هذا الجواب وحده.",
    ),
    "change_subscription": Command(
        "alerts", "PATCH", "/v1/subscriptions/{subscription_id}", "Change a subscription.", "تعديل اشتراك."
    ),
    "delete_subscription": Command(
        "alerts", "DELETE", "/v1/subscriptions/{subscription_id}", "End a subscription.", "إنهاء اشتراك."
    ),
    "rotate_subscription_secret": Command(
        "alerts",
        "POST",
        "/v1/subscriptions/{subscription_id}/rotate",
        "Give a subscription a new secret.",
        "إعطاء الاشتراك سراً جديداً.",
    ),
    "test_subscription": Command(
        "alerts",
        "POST",
        "/v1/subscriptions/{subscription_id}/test",
        "Send a test message to a subscription's address.",
        "إرسال رسالة تجريبية إلى عنوان الاشتراك.",
    ),
}


def declared(commands: Mapping[str, Any]) -> Iterator[tuple[str, Command]]:
    """Those that say themselves what they do."""
    for name, taken in commands.items():
        if said := taken.get("declared"):
            row = sources.one_of(LISTS[said["noun"]]) if said["noun"] else None
            yield name, Command(said["service"], said["method"], said["path"], said["en"], said["ar"], row)


COMMANDS: Final[Mapping[str, Command]] = {**BY_HAND, **dict(declared(orjson.loads(TAKEN_FILE.read_bytes())))}
