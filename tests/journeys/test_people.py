"""A person's way through the whole platform: invited, in, at work in a browser, shut out; and known to no log."""

from uuid import uuid4

import httpx2
from contracts.identities import Grant
from testkit.journeys import PlatformClients
from testkit.platform import Platform

PASSWORD = "Olive-harvest 1931 zx81"
NAME = "Canary Journeyperson"
COVERAGE = '{ coverage(filter: {country: "SY", level: 1}, first: 1) { nodes { areaCode } } sectors { code } }'


async def test_coordinator_is_invited_works_in_a_browser_and_is_shut_out(
    platform: Platform, clients: PlatformClients
) -> None:
    email = f"canary-{uuid4().hex[:8]}@people.example"
    grants = [Grant(role="coordinator", sectors=("WSH",), areas=("SY07",)), Grant(role="hub", areas=("SY07",))]
    invitation = await clients.secretariat.people.invite(email, NAME, grants, language="en")
    token = invitation.link.partition("token=")[2]
    own = {"Origin": platform.url}
    async with httpx2.AsyncClient(base_url=platform.url, timeout=60) as browser:
        form = {"token": token, "password": PASSWORD, "password_again": PASSWORD}
        entered = await browser.post("/invitation", data=form, headers=own)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        asked = await browser.post("/graphql", json={"query": COVERAGE}, headers=own)
        assert asked.json()["data"]["sectors"] != []
        assert (await browser.post("/graphql", json={"query": COVERAGE})).json()["code"] == "cross_site"
        who = (await browser.get("/api/registry/v1/session")).json()
        assert (who["person"]["name"], who["acting"]["role"]) == (NAME, "coordinator")
        await browser.post("/act-as", data={"grant_id": who["grants"][1]["id"]}, headers=own)
        refused = await browser.post("/api/activities/v1/reports", json={}, headers=own)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
        await clients.secretariat.people.deactivate(invitation.person_id)
        secret = browser.cookies["tansiq"]
        left = await browser.post("/sign-in", data={"email": email, "password": PASSWORD}, headers=own)
        assert left.headers["location"] == "/?refused=sign_in_refused"
        await browser.post("/sign-out", headers=own)
        assert (await browser.get("/api/registry/v1/session")).status_code == 401
    logs = b"".join(log.read_bytes() for log in platform.logs())
    for word in (email, NAME, PASSWORD, token, secret):
        assert word.encode() not in logs
