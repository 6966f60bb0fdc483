"""Secrets handed out once: made by chance, and kept as their hash."""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> bytes:
    """SHA-256: enough for 256 random bits, which nobody can guess however fast they try."""
    return hashlib.sha256(secret.encode()).digest()
