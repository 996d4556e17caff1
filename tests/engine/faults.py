"""An API that fails once at a chosen call, and what the account and the state hold, to be compared."""

from __future__ import annotations

import shutil
import threading

from crossaccount.engine.api_errors import ApiCallError, LostAnswerError
from crossaccount.engine.ram_api import RamApi

KINDS = ("refused", "lost once", "lost for good", "cut", "killed before", "killed after")


class Killed(KeyboardInterrupt):
    """The process ended here."""


class Fault:
    """One failure at call number `at` of a run, counted from 1; at no call when `at` is 0.

    `refused`: RAM says no. `lost once`: it was done, and the first answer is a 5xx. `lost for good`: it was
    done, and every answer is one. `cut`: no attempt reaches RAM. `killed before`, `killed after`: the process
    ends around the call; the state on disk is kept as it was at that moment.
    """

    def __init__(self, kind, at, state_directory):
        self.kind, self.at = kind, at
        self.calls = 0
        self.dead = False
        self._directory = state_directory
        self._frozen = state_directory.with_name("frozen")
        self._lock = threading.Lock()

    def next_call(self):
        with self._lock:
            if self.dead:
                raise Killed
            self.calls += 1
            return self.calls == self.at

    def kill(self):
        with self._lock:
            self.dead = True
            shutil.rmtree(self._frozen, ignore_errors=True)
            if self._directory.exists():
                shutil.copytree(self._directory, self._frozen)
        raise Killed

    def bury(self):
        """Put the state back to what it was when the process ended: nothing was written after that."""
        if self.dead:
            shutil.rmtree(self._directory, ignore_errors=True)
            if self._frozen.exists():
                self._frozen.rename(self._directory)


class FaultyApi(RamApi):
    """RAM, but for one fault."""

    def __init__(self, target, fault):
        super().__init__(target, pause=lambda _: None)
        self._fault = fault
        self._here = threading.local()

    def call(self, action, **parameters):
        self._here.attempts = 0 if self._fault.next_call() else None
        try:
            return super().call(action, **parameters)
        finally:
            self._here.attempts = None

    def _attempt(self, action, parameters):
        if self._here.attempts is None:
            return super()._attempt(action, parameters)
        self._here.attempts += 1
        kind, first = self._fault.kind, self._here.attempts == 1
        if kind == "killed before":
            self._fault.kill()
        if kind == "refused":
            return ApiCallError(action, "NoPermission", 403, "not allowed", request_id="1")
        if kind == "lost once" and not first:
            return super()._attempt(action, parameters)
        if kind != "cut" and first:
            super()._attempt(action, parameters)
        if kind == "killed after":
            self._fault.kill()
        return LostAnswerError(action, "", 500 if kind != "cut" else 0, "no answer")


def account_content(ram):
    """Everything in an account that the engine can make, as (kind, id) pairs; a user by its name."""
    found = {("role", role.name) for role in ram.roles.values()}
    found |= {("policy", name) for name in ram.policies}
    for kind, holders in (("Role", ram.roles), ("User", ram.users), ("Group", ram.groups)):
        for holder in holders.values():
            found |= {(kind, f"{type_}:{name}:{holder.name}") for type_, name in holder.attachments}
    for user in ram.users.values():
        found |= {("user", user.name)} | {("key", key) for key in user.access_keys}
        found |= {("member", f"{group.name}:{user.name}") for group in user.groups}
        if user.login_profile is not None:
            found.add(("login", user.name))
    return found | {("group", name) for name in ram.groups}


def state_content(resources):
    """The same of a state's resources; what waits for its replacement is in no account."""
    return {
        content_of(each)
        for each in resources
        if each["custom"] and not each.get("external") and not each.get("pendingReplacement")
    } - {None}


def content_of(resource):
    """The (kind, id) pair that a resource of a state, or one that is being made, stands for."""
    kind = resource["type"].rpartition(":")[2]
    inputs = resource.get("inputs", {})
    if kind.endswith("PolicyAttachment"):
        holder = kind.removesuffix("PolicyAttachment")
        name = inputs[f"{holder.lower()}Name"]
        return holder, f"{inputs['policyType']}:{inputs['policyName']}:{name}"
    names = {
        "Role": ("role", "roleName"),
        "Policy": ("policy", "policyName"),
        "Group": ("group", "groupName"),
        "User": ("user", "name"),
        "LoginProfile": ("login", "userName"),
    }
    if kind in names:
        return names[kind][0], inputs[names[kind][1]]
    if kind == "UserGroupAttachment":
        return "member", f"{inputs['groupName']}:{inputs['userName']}"
    return ("key", resource["id"]) if kind == "AccessKey" and resource.get("id") else None
