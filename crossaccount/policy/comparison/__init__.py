"""The exact comparison of two permission sets: what is gained, what is lost, and what cannot be told."""

from crossaccount.policy.comparison.compare import compare
from crossaccount.policy.comparison.report import CannotTell, Change, Comparison, Limit, Row, Term

__all__ = ["CannotTell", "Change", "Comparison", "Limit", "Row", "Term", "compare"]
