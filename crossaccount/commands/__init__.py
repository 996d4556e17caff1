"""The subcommands of `crossaccount`: options in, exit codes and tables out.

What they do lives in the packages they call.
"""
