"""The real engine on a local cloud: a project run by the Pulumi CLI and the alicloud provider.

It goes through Pulumi's Automation API, on a throw-away copy of the project with a throw-away backend, and
is for the demo and for tests. `stack.Stack` has the methods of the embedded engine's that the demo needs, so
that it can take either; `installed.missing` says whether this machine has what a run needs.
"""
