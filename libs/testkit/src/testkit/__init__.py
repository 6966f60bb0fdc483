"""Real PostgreSQL and Kafka for tests, and sample data in one sentence."""
