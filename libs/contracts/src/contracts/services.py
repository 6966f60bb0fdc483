"""The services of the platform. This list is the only one: who needs all of them takes it from here."""

from typing import Literal, get_args

ServiceName = Literal["registry", "activities", "alerts", "reporting", "plans"]
SERVICES: tuple[str, ...] = get_args(ServiceName)
"""A new one stands last: the ports of a machine are counted along this list."""
