"""The life of a report after it was sent: decisions on it, sending it again, and every version it had."""
