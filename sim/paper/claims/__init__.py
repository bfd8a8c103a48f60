"""The paper's claims, one module each.

A claim has an ID and a SECTION of the paper; CLAIM says it in this project's words, MEASURED what is
done, RULE how the verdict comes from the figures, CONTROL what must fail, NOT_SHOWN what the figures
do not say. `cells` are its runs, `judge` and `control` the rule and the control over a View,
`tables` its figures. Every number in RULE is the constant that `judge` uses.
"""

from claims import (brevity, deferred, echo, events, herd_or_central, memory, node, scale, skew, small,
                    threads, type_checks)

ALL = (type_checks, brevity, memory, threads, events, deferred, skew, echo, small, node, scale,
       herd_or_central)
