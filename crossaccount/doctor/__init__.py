"""Why a delegation does not work: what was observed, the checks a call passes in order, and the diagnosis.

`examine` is pure: observations in, checks out. What observes is apart: `reach` (the network and the clock),
`calls` (STS and RAM), `regions` (Function Compute) and `gates` (states and live accounts).
"""

from crossaccount.doctor.check import Check, Status, verdict
from crossaccount.doctor.diagnosis import Diagnosis
from crossaccount.doctor.examine import examine
from crossaccount.doctor.observations import Answer, Handed, Observations, Reach, Trouble

__all__ = [
    "Answer",
    "Check",
    "Diagnosis",
    "Handed",
    "Observations",
    "Reach",
    "Status",
    "Trouble",
    "examine",
    "verdict",
]
