"""Numbers an operator acts on."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_ROWS = Gauge("tansiq_outbox_rows", "Events waiting to be published", ["service", "shard"])
OUTBOX_AGE = Gauge("tansiq_outbox_oldest_seconds", "Age of the oldest event waiting", ["service", "shard"])
PUBLISHED = Counter("tansiq_events_published_total", "Events put on a topic", ["service", "topic"])
RELAY_FENCED = Counter("tansiq_relay_fenced_total", "Times a relay lost its shard to another", ["service", "shard"])

LAG = Gauge("tansiq_consumer_lag", "Offsets between a consumer and the end", ["consumer", "topic", "partition"])
CONSUMED = Counter("tansiq_events_consumed_total", "Events read, by what became of them", ["consumer", "topic", "fate"])
OPEN_DEAD_LETTERS = Gauge("tansiq_dead_letters_open", "Dead letters nobody has resolved", ["consumer"])
BATCH_SECONDS = Histogram("tansiq_consumer_batch_seconds", "Transaction of one batch", ["consumer", "topic"])
RETRIES = Counter("tansiq_consumer_retries_total", "Batches tried again after a passing failure", ["consumer"])
FOLLOWED = Counter("tansiq_events_followed_total", "Events read into memory", ["topic", "fate"])
