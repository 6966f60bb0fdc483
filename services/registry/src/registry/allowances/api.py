"""Allowances by HTTP, for the replicas of the gateway alone."""

from fastapi import APIRouter, Response
from runtime.access import EVERYONE, Rule
from runtime.answers import json_answer
from runtime.idempotency import NOT_KEPT
from runtime.routing import TransactionalRoute, Tx

from registry.allowances import store
from registry.allowances.schemas import SentSpending, Spending

router = APIRouter(route_class=TransactionalRoute, prefix="/internal/allowances", tags=["allowances"])


@router.post("", response_model=Spending)
@Rule(EVERYONE, own_credentials=True)
async def allowance_exchange(tx: Tx, sent: SentSpending) -> Response:
    """Tell what was spent here, and learn what was spent everywhere."""
    return json_answer({"spent": await store.exchange(tx, sent)}, headers=NOT_KEPT)
