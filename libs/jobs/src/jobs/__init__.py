"""Jobs: work put in the caller's transaction, done by a worker once, by a schedule or when it is due."""

from pathlib import Path

from jobs import dead
from jobs.attempt import Attempt
from jobs.ladder import Ladder
from jobs.loop import keep_taking, passing
from jobs.queue import Queue
from jobs.schedule import AtStart, Cron, Every
from jobs.store import Job, JobLeaseLost
from jobs.work import Work
from jobs.worker import JobWorker

MIGRATIONS = Path(__file__).with_name("migrations")

__all__ = [
    "MIGRATIONS",
    "AtStart",
    "Attempt",
    "Cron",
    "Every",
    "Job",
    "JobLeaseLost",
    "JobWorker",
    "Ladder",
    "Queue",
    "Work",
    "dead",
    "keep_taking",
    "passing",
]
