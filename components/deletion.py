"""How long a deletion that RAM refuses is tried again. Source: facts 7.3, 7.4, "RAM: DeleteRole".

A role, policy or user that something outside the stack is attached to cannot be deleted. The provider asks
again in case that ends by itself, a role for 5 minutes and a policy for 26; what was done by hand never does.
"""

import pulumi

PATIENCE = pulumi.CustomTimeouts(delete="1m")
"""For everything that RAM refuses to delete while something else holds it."""
