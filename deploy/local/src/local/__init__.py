"""The whole platform on one machine: PostgreSQL, Apache Kafka, services and gateway."""
