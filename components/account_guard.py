"""The wrong-account guard. Source: facts 4.4, "STS: GetCallerIdentity", which needs no permission."""

import pulumi
import pulumi_alicloud as alicloud


def require_account(expected: str) -> None:
    """End the run unless the credentials in use belong to the account that the stack names.

    Args:
        expected: the stack's account id, 16 digits.

    Raises:
        pulumi.RunError: they belong to another one; nothing has been declared.
    """
    found = alicloud.get_caller_identity()
    if found.account_id != expected:
        raise pulumi.RunError(
            f"wrong account: stack `{pulumi.get_stack()}` is for account `{expected}` "
            f"(`crossaccount:account`), the credentials belong to `{found.account_id}` (`{found.arn}`): "
            f"nothing was changed; use credentials of `{expected}` or the stack of `{found.account_id}`"
        )
