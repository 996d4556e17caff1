"""Alibaba Cloud made local: RAM, STS and Function Compute for any number of accounts in one process."""
