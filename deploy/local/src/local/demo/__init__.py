"""Sample data for a platform that is up: partners, six months of their reports, and the coverage they make."""
