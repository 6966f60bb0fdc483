"""Numbers an operator acts on."""

from prometheus_client import Counter, Gauge, Histogram

DUE = Gauge("tansiq_jobs_due", "Jobs that are due and that nobody does yet", ["queue"])
OLDEST = Gauge("tansiq_jobs_oldest_seconds", "How long the oldest of them is due", ["queue"])
DEAD = Gauge("tansiq_jobs_dead", "Jobs that were given up and wait for an operator", ["queue"])
ENDED = Counter("tansiq_jobs_total", "Attempts, by what became of them", ["queue", "fate"])
SECONDS = Histogram(
    "tansiq_job_seconds", "How long an attempt took", ["queue"], buckets=(0.01, 0.1, 0.5, 1, 5, 20, 60, 300, 1800)
)
