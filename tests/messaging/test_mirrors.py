"""A mirror holds the newest state of each aggregate, whatever the order and however often it is told."""

from datetime import date
from typing import Any

from contracts.codes import ScopeChanged
from contracts.event import Event, newest
from contracts.identities import Grant, IdentityChanged
from contracts.organisations import OrganisationChanged
from contracts.values import Names
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messaging import Mirror, Projection

from tests.messaging.messaging_stage import NAMESPACE, Stage, applying, sector

ODD = ["", "a,b", "{c}", '"\\', "ü\x1f", "NULL"]
SCOPES = Mirror(
    ScopeChanged,
    "mirrored_scope",
    key=("code",),
    columns=("country", "areas", "active_from", "names"),
    derived={"spellings": lambda scope: [scope.names.en, *ODD], "size": lambda scope: len(scope.areas)},
)
TABLES = """
create table if not exists mirrored_scope (
    country text not null, code text primary key, version bigint not null, areas text [] not null, active_from date,
    names jsonb not null, spellings text [] not null, size smallint not null
)
"""
HEARD = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)))


def scope(code: str, version: int, **more: Any) -> ScopeChanged:
    said = {"names": Names(en=f"{code}{version}"), "areas": ("SY07",) * min(version, 9), "active_from": None}
    return ScopeChanged(country="SY", code=code, version=version, **(said | more))


async def kept(stage: Stage, *batches: list[ScopeChanged]) -> list[tuple[Any, ...]]:
    await stage.rows(TABLES)
    await stage.rows("truncate mirrored_scope")
    for batch in batches:
        async with stage.database.transaction() as tx:
            await SCOPES.keep(tx, batch)
    return await stage.rows("select * from mirrored_scope order by code")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEARD, st.integers(0, 12))
async def test_it_holds_the_newest_whatever_came_before(stage: Stage, heard: list[tuple[str, int]], cut: int) -> None:
    events = [scope(*each) for each in heard]
    expected = {event.code: event for event in sorted(events, key=lambda event: event.version)}
    assert await kept(stage, events[:cut], events[cut:]) == [
        (
            "SY",
            code,
            event.version,
            list(event.areas),
            None,
            {"en": event.names.en},
            [event.names.en, *ODD],
            len(event.areas),
        )
        for code, event in sorted(expected.items())
    ]


async def test_values_arrive_as_they_were_said(stage: Stage) -> None:
    names = Names(ar="إدلب", en='He said "x"\\', tr="İdlib\x1f")
    said = scope("a", 2**53 + 1, areas=("SY07", "SY02"), active_from=date(2026, 1, 31), names=names)
    assert await kept(stage, [said]) == [
        (
            "SY",
            "a",
            2**53 + 1,
            list(said.areas),
            date(2026, 1, 31),
            names.model_dump(exclude_none=True),
            [names.en, *ODD],
            2,
        )
    ]


async def test_a_state_told_again_at_its_version_is_written_again(stage: Stage) -> None:
    wrong, right = scope("a", 2, areas=("SY01",)), scope("a", 2, areas=("SY02",))
    for batches in ([wrong], [right]), ([wrong, right],):
        [row] = await kept(stage, *batches)
        assert row[3] == ["SY02"]


def test_newest_takes_the_later_of_two_at_one_version() -> None:
    first, second = sector("WSH", 1), sector("WSH", 1)
    assert newest([first, second])[0] is second


async def test_lists_of_values_are_kept_as_json(stage: Stage) -> None:
    identities = Mirror(
        IdentityChanged,
        "mirrored_identity",
        key=("subject",),
        derived={"grants": lambda identity: [grant.model_dump(mode="json") for grant in identity.grants]},
    )
    await stage.rows("create table mirrored_identity (subject text primary key, version bigint, grants jsonb)")
    grants = (Grant(role="member", organisation_id=NAMESPACE), Grant(role="hub", areas=("SY07", "SY02")))
    said = [
        IdentityChanged(version=1, subject=subject, kind="client", grants=given)
        for subject, given in (("a", grants), ("b", ()))
    ]
    async with stage.database.transaction() as tx:
        await identities.keep(tx, said)
    found = dict(await stage.rows("select subject, grants from mirrored_identity"))
    assert found == {"a": [grant.model_dump(mode="json") for grant in grants], "b": []}


def test_a_projection_knows_its_handlers_topics_and_tables() -> None:
    organisations = Mirror(OrganisationChanged, "organisation", key=("id",))
    by_hand: dict[type[Event], Any] = {ScopeChanged: applying("x")}
    projection = Projection(mirrors=(organisations, SCOPES), events=by_hand, tables=("cell",))
    assert list(projection.handlers) == [OrganisationChanged, ScopeChanged]
    assert projection.handlers[ScopeChanged] is by_hand[ScopeChanged]
    assert projection.all_tables == ("organisation", "mirrored_scope", "cell")
    assert [topic.noun for topic in projection.topics] == ["registry.organisations", "registry.scopes"]
