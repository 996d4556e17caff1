"""What the session commands are tested with: the delegation and the terminal of the session tests."""

from __future__ import annotations

from tests.session.conftest import clean_environment, key, served, terminal

__all__ = ["clean_environment", "key", "served", "terminal"]
