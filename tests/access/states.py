"""States and previews made by hand, a resource at a time."""

from __future__ import annotations

import json

OWNER, PARTNER, OTHER = "1234567890120000", "1345678901230000", "1456789012340000"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x:y"}
FUNCTIONS = f"acs:fc:cn-hangzhou:{OWNER}:functions/*"
RAM = "alicloud:ram/"


def allow(action, resource="*", effect="Allow", **condition):
    """A statement of an identity policy."""
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def trust(*names, effect="Allow", **condition):
    """A statement of a trust policy that names RAM principals."""
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": list(names)}}
    return statement | ({"Condition": condition} if condition else {})


def document(*statements):
    """A policy document."""
    return json.dumps({"Version": "1", "Statement": list(statements)})


def root(account):
    """The ARN of an account."""
    return f"acs:ram::{account}:root"


class StackState:
    """A stack's state that grows by one resource at each call; every call gives the resource's URN."""

    def __init__(self, name, account=None, project="trial"):
        self.name, self.project, self.account = name, project, account
        self.resources = []
        outputs = {"account": account} if account else {}
        self.add("pulumi:pulumi:Stack", f"{project}-{name}", {}, outputs, custom=False)

    def urn(self, type_, name):
        return f"urn:pulumi:{self.name}::{self.project}::{type_}::{name}"

    def add(self, type_, name, inputs, outputs=None, **fields):
        urn = self.urn(type_, name)
        resource = {"urn": urn, "custom": True, "type": type_, "inputs": inputs, "outputs": outputs or {}}
        position = {"sourcePosition": f"project:///__main__.py#{10 + len(self.resources)}"}
        self.resources.append({**resource, **position, **fields})
        return urn

    def role(self, name, *statements, text=None, **fields):
        trusting = document(*statements) if text is None else text
        inputs = {"roleName": name, "assumeRolePolicyDocument": trusting}
        outputs = {**inputs, **fields.pop("outputs", {})}
        if self.account:
            outputs["arn"] = f"acs:ram::{self.account}:role/{name.lower()}"
        return self.add(f"{RAM}role:Role", fields.pop("label", name), inputs, outputs, **fields)

    def policy(self, name, *statements, text=None, **fields):
        inputs = {"policyName": name, "policyDocument": document(*statements) if text is None else text}
        return self.add(f"{RAM}policy:Policy", fields.pop("label", name), inputs, dict(inputs), **fields)

    def user(self, name, **fields):
        return self.add(f"{RAM}user:User", name, {"name": name}, {"name": name}, **fields)

    def group(self, name, **fields):
        return self.add(f"{RAM}group:Group", name, {"groupName": name}, {"groupName": name}, **fields)

    def attach(self, kind, holder, policy, type_="Custom", **fields):
        inputs = {f"{kind}Name": holder, "policyName": policy, "policyType": type_}
        token = f"{RAM}{kind}PolicyAttachment:{kind.capitalize()}PolicyAttachment"
        return self.add(token, f"{kind}-{holder}-{policy}", inputs, dict(inputs), **fields)

    def join(self, user, group):
        inputs = {"userName": user, "groupName": group}
        return self.add(f"{RAM}userGroupAttachment:UserGroupAttachment", f"{group}-{user}", inputs, inputs)

    def export(self, version=3, **fields):
        """What `pulumi stack export` writes."""
        deployment = {"manifest": {}, "resources": self.resources, "metadata": {}, **fields}
        return {"version": version, "deployment": deployment}

    def write(self, folder):
        """The same as a file."""
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(self.export()))
        return path

    def preview(self, *steps, config=None, diagnostics=()):
        """What `pulumi preview --json` writes: steps of `step`."""
        return {"config": config or {}, "steps": list(steps), "diagnostics": list(diagnostics)}

    def created(self):
        """A preview in which all of this is new: computed outputs are not there yet."""
        steps = [
            {
                "op": "create",
                "urn": each["urn"],
                "newState": {k: v for k, v in each.items() if k != "outputs"},
            }
            for each in self.resources
        ]
        return self.preview(*steps)

    def step(self, op, urn, **inputs):
        """A step on one resource: `inputs` are those that change."""
        old = next((each for each in self.resources if each["urn"] == urn), None)
        step = {"op": op, "urn": urn}
        if old is not None:
            step["oldState"] = old
        if not op.startswith(("delete", "discard")):
            before = old or {"urn": urn, "custom": True, "type": urn.split("::")[2], "inputs": {}}
            new = {**before, "inputs": {**before["inputs"], **inputs}}
            step["newState"] = {key: value for key, value in new.items() if key != "outputs"}
        return step


def delegation():
    """Two stacks: A's role `fc-reader` trusts B, B's user `dev` may assume it; as their states."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("fc-reader", trust(root(PARTNER)))
    owner.attach("role", "fc-reader", "AliyunFCReadOnlyAccess", "System")
    partner.user("dev")
    partner.policy("assume", allow("sts:AssumeRole", f"acs:ram::{OWNER}:role/fc-reader"))
    partner.attach("user", "dev", "assume")
    return owner, partner
