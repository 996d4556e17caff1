"""Programs made from a seed, each with an edit: graphs of the handled types, as users write them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PRELUDE = """\
import json

import pulumi
import pulumi_alicloud as alicloud

ram, Opts = alicloud.ram, pulumi.ResourceOptions
made = {}


def document(*actions):
    allowed = {"Effect": "Allow", "Action": list(actions), "Resource": ["*"]}
    return json.dumps({"Version": "1", "Statement": [allowed]})


def trust(service):
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": [service]}}
    return json.dumps({"Version": "1", "Statement": [allowed]})


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("generated:index:Group", name, None, opts)


"""
_ACTIONS = ("fc:GetFunction", "fc:ListFunctions", "fc:InvokeFunction", "ram:GetRole")
_SERVICES = ("fc.aliyuncs.com", "ecs.aliyuncs.com", "log.aliyuncs.com")


@dataclass(slots=True)
class Program:
    """A program as values, so that it can be edited.

    Attributes:
        holders: roles, users and groups, by name: what of them may change.
        policies: custom policies by name: their actions.
        attached: which policy is attached to which holder.
        parents: the holders that are in a component.
    """

    holders: dict[str, dict[str, str]] = field(default_factory=dict)
    policies: dict[str, list[str]] = field(default_factory=dict)
    attached: list[tuple[str, str]] = field(default_factory=list)
    parents: set[str] = field(default_factory=set)

    def text(self) -> str:
        """The program."""
        lines = [PRELUDE, 'home = Group("home")']
        lines += [self._holder(name, facts) for name, facts in self.holders.items()]
        lines += [
            f"made[{name!r}] = ram.Policy({name!r}, policy_name={name!r}, "
            f"policy_document=document(*{actions!r}), rotate_strategy=ROTATE)"
            for name, actions in self.policies.items()
        ]
        lines += [self._attachment(policy, holder) for policy, holder in self.attached]
        lines += [f"pulumi.export({name!r}, made[{name!r}].id)" for name in self.holders]
        return "\n".join(lines).replace("ROTATE", '"DeleteOldestNonDefaultVersionWhenLimitExceeded"') + "\n"

    def _holder(self, name: str, facts: dict[str, str]) -> str:
        options = ", opts=Opts(parent=home)" if name in self.parents else ""
        kind, named, text = facts["kind"], repr(facts["name"]), repr(facts["text"])
        if kind == "role":
            trusted = f"trust({facts['service']!r})"
            inputs = f"role_name={named}, description={text}, assume_role_policy_document={trusted}"
        elif kind == "user":
            inputs = f"name={named}, comments=pulumi.Output.secret({text})"
        else:
            inputs = f"group_name={named}, comments={text}"
        return f"made[{name!r}] = ram.{kind.capitalize()}({name!r}, {inputs}{options})"

    def _attachment(self, policy: str, holder: str) -> str:
        kind = self.holders[holder]["kind"]
        of = {"role": "role_name", "user": "name", "group": "group_name"}[kind]
        return (
            f"ram.{kind.capitalize()}PolicyAttachment('{policy}-{holder}', policy_type='Custom', "
            f"policy_name=made[{policy!r}].policy_name, {kind}_name=made[{holder!r}].{of})"
        )


def generated(seed: int) -> tuple[str, str]:
    """A program and its edit.

    Args:
        seed: the same seed makes the same program.
    """
    chance = random.Random(seed)
    program = Program()
    for number in range(chance.randint(3, 6)):
        kind = chance.choice(("role", "role", "user", "group"))
        name = f"{kind}-{number}"
        facts = {"kind": kind, "name": name, "text": "first", "service": chance.choice(_SERVICES)}
        program.holders[name] = facts
    for number in range(chance.randint(1, 3)):
        program.policies[f"policy-{number}"] = chance.sample(_ACTIONS, chance.randint(1, 3))
    pairs = [(policy, holder) for policy in program.policies for holder in program.holders]
    program.attached = chance.sample(pairs, chance.randint(1, len(pairs)))
    program.parents = set(chance.sample(list(program.holders), 2))
    first = program.text()
    _edit(program, chance)
    return first, program.text()


def _edit(program: Program, chance: random.Random) -> None:
    """Change texts, rename what is replaced by it, drop a holder, add one, swap attachments."""
    for name, facts in program.holders.items():
        if chance.random() < 0.5:
            facts["text"] = "second"
        if facts["kind"] != "user" and chance.random() < 0.3:
            facts["name"] = f"{name}-renamed"
    for actions in program.policies.values():
        if chance.random() < 0.5:
            actions[:] = chance.sample(_ACTIONS, 2)
    dropped = chance.choice(list(program.holders))
    del program.holders[dropped]
    program.parents.discard(dropped)
    program.holders["group-new"] = {"kind": "group", "name": "group-new", "text": "new"}
    kept = [pair for pair in program.attached if pair[1] != dropped and chance.random() < 0.7]
    program.attached = [*kept, (chance.choice(list(program.policies)), "group-new")]
