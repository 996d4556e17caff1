"""One side of a cross-account delegation, as its stack's configuration says: the owner's or the partner's."""

from pathlib import Path

import pulumi

from components import account_guard, owner_side, partner_side, settings

stack = settings.of_stack(Path(__file__).parent)
account_guard.require_account(stack.account)
if isinstance(stack, settings.OwnerSettings):
    outputs = owner_side.declare(stack)
else:
    outputs = partner_side.declare(stack)
for name, value in outputs.items():
    pulumi.export(name, value)
