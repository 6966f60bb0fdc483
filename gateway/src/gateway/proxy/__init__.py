"""REST passed through: each service's own `/v1/…` under `/api/{service}/v1/…`, streamed both ways."""
