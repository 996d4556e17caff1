"""Filling a cloud from a seed: accounts, policies, groups, users, roles, functions, identity providers.

A seed is a YAML document (or the mapping it stands for), checked as a whole before anything is done, then
planted through the same operations that answer real calls, so that nothing comes in that a call could not
have made. `docs/local-cloud.md` describes the form.
"""

from __future__ import annotations

from crossaccount.localcloud.seeding.document import Seed, SeedError, read_seed
from crossaccount.localcloud.seeding.planting import plant

__all__ = ["Seed", "SeedError", "plant", "read_seed"]
