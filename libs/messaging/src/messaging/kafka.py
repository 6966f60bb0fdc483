"""Where Kafka is, and what things are called there."""

from dataclasses import dataclass

from contracts.event import Topic


@dataclass(frozen=True)
class Kafka:
    """The Kafka of one installation. `prefix` keeps installations apart that share a cluster."""

    bootstrap: str
    prefix: str = "tansiq"
    replication: int = 1

    def name(self, topic: Topic) -> str:
        """Name of a topic on the broker, such as `tansiq.activities.reports`."""
        return f"{self.prefix}.{topic.noun}"

    def group(self, consumer: str) -> str:
        """The consumer group's id; it says the same as the consumer's name in the tables."""
        return f"{self.prefix}.{consumer}"

    def transactional_id(self, service: str, shard: int) -> str:
        """One for each shard, so that a new holder of the shard fences the old one."""
        return f"{self.prefix}.{service}.relay.{shard}"
