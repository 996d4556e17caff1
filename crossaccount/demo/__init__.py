"""The whole story on one machine: two accounts, two stacks, one delegation, from nothing to revoked."""
