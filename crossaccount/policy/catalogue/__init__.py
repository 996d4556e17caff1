"""The known actions of Function Compute, RAM, STS and IMS."""

from crossaccount.policy.catalogue.action import AccessClass, Action
from crossaccount.policy.catalogue.lookup import CATALOGUE, expand, known_action

__all__ = ["CATALOGUE", "AccessClass", "Action", "expand", "known_action"]
