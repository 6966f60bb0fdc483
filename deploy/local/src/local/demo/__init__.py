"""Sample data for a platform that is up: partners, a year of their reports, and the coverage they make."""
