"""What each process needs to start: settings, telemetry, trust, problem details, health, HTTP client."""
