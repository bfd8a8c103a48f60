"""The paper's claims, one module each.

Each module has these names:

- ID: the claim's short name; SECTION: the paper's sections that make the claim;
- CLAIM: the claim in this project's words; TOPIC: what it is about, in a few words;
- MEASURED: what the runs do; RULE: how the figures decide the verdict;
- CONTROL: the question whose answer must be no; NOT_SHOWN: what the figures do not say;
- cells(context): the runs; judge(view), control(view): the rule and the control over the figures;
- tables(view): the tables for the page;
- panels(view, tables): the parts of the claim's chart, which show figures of these tables.

Every number in RULE is the constant that `judge` uses.
"""

from claims import (brevity, deferred, echo, events, herd_or_central, memory, node, scale, skew, small,
                    threads, type_checks)

ALL = (type_checks, brevity, memory, threads, events, deferred, skew, echo, small, node, scale,
       herd_or_central)
