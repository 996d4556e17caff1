"""Function Compute through a role: listed, called and read; a refusal names the closed gate."""
