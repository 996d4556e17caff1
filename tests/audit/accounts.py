"""Live accounts for tests: a cloud with two of them, changed by hand, and the command that audits them."""

from __future__ import annotations

import json

from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Target
from crossaccount.engine.ram_api import RamApi
from crossaccount.localcloud import Cloud
from tests.access.states import OWNER, PARTNER, document

PREFIXES = {OWNER: "A_", PARTNER: "B_"}


class Accounts:
    """Two accounts of a local cloud, and the states of the stacks that made them.

    Attributes:
        cloud: the cloud.
        api: the RAM API of each account.
        endpoint: where it is served; stays when it is stopped.
    """

    def __init__(self, cloud, monkeypatch):
        self.cloud = cloud
        self.endpoint = cloud.endpoint
        self.api = {}
        for account, prefix in PREFIXES.items():
            key = cloud.accounts[account].root_key
            monkeypatch.setenv(f"{prefix}ALIBABA_CLOUD_ACCESS_KEY_ID", key.key_id)
            monkeypatch.setenv(f"{prefix}ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.secret)
            self.api[account] = RamApi(Target(cloud.endpoint, key.key_id, key.secret), pause=lambda _: None)

    def close(self):
        """Close the connections."""
        for each in self.api.values():
            each.close()

    def make(self, stack):
        """Make in the account what a stack's state declares."""
        api = self.api[stack.account]
        for each in stack.resources:
            made = each["inputs"]
            kind = each["type"].rpartition(":")[2]
            if kind == "Role":
                text, seconds = made["assumeRolePolicyDocument"], each["outputs"].get("maxSessionDuration")
                api.call("CreateRole", role_name=made["roleName"], assume_role_policy_document=text,
                         max_session_duration=seconds)  # fmt: skip
            elif kind == "Policy":
                self.policy(stack.account, made["policyName"], made["policyDocument"])
            elif kind == "User":
                api.call("CreateUser", user_name=made["name"])
            elif kind == "Group":
                api.call("CreateGroup", group_name=made["groupName"])
            elif kind == "UserGroupAttachment":
                api.call("AddUserToGroup", user_name=made["userName"], group_name=made["groupName"])
            elif kind.endswith("PolicyAttachment"):
                holder = kind.removesuffix("PolicyAttachment").lower()
                self.attach(
                    stack.account, holder, made[f"{holder}Name"], made["policyName"], made["policyType"]
                )

    def policy(self, account, name, text):
        """Make a custom policy."""
        self.api[account].call("CreatePolicy", policy_name=name, policy_document=text)

    def attach(self, account, kind, holder, policy, type_="Custom", verb="Attach"):
        """Attach a policy to somebody, or detach it."""
        way = "To" if verb == "Attach" else "From"
        self.api[account].call(
            f"{verb}Policy{way}{kind.capitalize()}",
            policy_type=type_, policy_name=policy, **{f"{kind}_name": holder},
        )  # fmt: skip

    def trust(self, account, role, *statements, seconds=None):
        """Change a role's trust policy."""
        self.api[account].call(
            "UpdateRole", role_name=role, new_assume_role_policy_document=document(*statements),
            new_max_session_duration=seconds,
        )  # fmt: skip

    def audit(self, *arguments, accounts=(OWNER, PARTNER)):
        """The command's result, with the accounts read live."""
        prefixes = [option for each in accounts for option in ("--credentials", PREFIXES[each])]
        live = ("--endpoint", self.endpoint, *prefixes)
        return CliRunner().invoke(main, ["audit", *map(str, arguments), *live])

    def report(self, *arguments, **options):
        """The report as plain values."""
        done = self.audit(*arguments, "--json", "-", **options)
        return json.loads(done.stdout)


def opened(monkeypatch):
    """A fixture's body: the accounts, closed at the end."""
    with Cloud([OWNER, PARTNER]) as cloud:
        accounts = Accounts(cloud, monkeypatch)
        yield accounts
        accounts.close()
