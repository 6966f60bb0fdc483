"""Event log, outbox relay, consumer loop and dead letters: the only room that speaks Kafka."""
