"""How much of everything one account may hold (facts 1.8: the current figures)."""

from __future__ import annotations

from types import MappingProxyType

USERS = 1000
ROLES = 1000
GROUPS = 50
CUSTOM_POLICIES = 1500
VERSIONS_PER_POLICY = 5
KEYS_PER_USER = 2
GROUPS_PER_USER = 5
TAGS_PER_RESOURCE = 20

SYSTEM_POLICIES_ATTACHED = 20
CUSTOM_POLICIES_ATTACHED = MappingProxyType({"User": 10, "Group": 5, "Role": 5})

DESCRIPTION_CHARS = 1024
COMMENTS_CHARS = 128
TAG_KEY_CHARS = 128
TAG_VALUE_CHARS = 256

SESSION_SECONDS = (3600, 43200)
PAGE_ITEMS = (1, 1000)
PAGE_ITEMS_DEFAULT = 100
