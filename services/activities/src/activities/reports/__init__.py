"""Activity reports: who did what, where, when and for whom."""
