"""Numbers of deliveries and streams that an operator acts on."""

from prometheus_client import Counter, Gauge, Histogram

DELIVERED = Histogram(
    "tansiq_alert_delivery_seconds",
    "From issued to delivered",
    ["channel"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1, 2.5, 5, 15, 60, 600, 3600, 86400, 259200),
)
FAILED = Counter("tansiq_alert_delivery_failures_total", "Attempts that did not arrive", ["channel", "cause"])
DUE = Gauge("tansiq_alert_deliveries_due", "Deliveries that wait to be sent, of active subscriptions")
ENDED = Counter("tansiq_alert_subscriptions_stopped_total", "Subscriptions that were stopped", ["reason"])
STREAMS = Gauge("tansiq_alert_streams", "Open streams of alerts")
STREAMS_DROPPED = Counter("tansiq_alert_streams_dropped_total", "Streams closed by us, by cause", ["cause"])
