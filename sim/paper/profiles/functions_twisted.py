"""The functions of the Twisted engine, its bare relay and Twisted, by kind of work."""

from profiles.kinds import FLOODING, FORMATTING, LINES, LOOP, PARSING, RECORDS, SOCKETS, Table

TABLE = Table((
    (r"^(read_\w+|_nanoseconds) lines\.py$", PARSING),
    (r"^write_\w+ lines\.py$", FORMATTING),
    (r"^TwistedHerdServer\.(iamat|news|_wins_tie) |^tie_order ", RECORDS),
    (r"^TwistedHerdServer\.flood ", FLOODING),
    (r" (herd_server|relay)\.py$", LINES),
    (r"^untilConcludes | (tcp|abstract|_newtls|epollreactor|compat)\.py$", SOCKETS),
    (r" (base|posixbase|context|log|_filter|_logger|_observer|_levels|task|main|defer)\.py$", LOOP),
))
