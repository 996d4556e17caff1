"""Speed, as ratios against a peer or a floor in one run. `make bench` runs them all.

Machines are noisy: each pair is measured in turn, A B A B, and the ratio of the medians is what is shown
and judged.
"""
