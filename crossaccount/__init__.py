"""The tool: what the stacks mean, a local Alibaba Cloud to try them on, and an engine to run them here."""
