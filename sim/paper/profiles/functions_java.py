"""The functions of the Java engine, its bare relay and the JDK, by kind of work.

The JVM collects garbage and compiles on threads of its own, which processor_time.py knows.
"""

from profiles.kinds import FLOODING, FORMATTING, LINES, LOOP, PARSING, RECORDS, SOCKETS, Table

TABLE = Table((
    (r"^Report\.(heard|skew)$|^Server\.clockNs$", FORMATTING),
    (r"^Records\.|^Report\.(isNewerThan|repeats|fields)$", RECORDS),
    (r"^Fields|^Report|^Session\.(linkLine|clientLine|iamat|lambda\$)", PARSING),
    (r"^(Server|Links|Neighbor)\.|^Session\.sendOn$", FLOODING),
    (r"^(LineSplitter|Outbox|Answers|Connection|Session)\.|^ChannelConnection\.(outputBegins|send)$", LINES),
    (r"^NioRelay\.(run|main)$", LOOP),
    (r"^(NioRelay|RelayOptions)", LINES),
    (r"^sun\.nio\.ch\.|^java\.nio\.channels\.|^ChannelConnection\.", SOCKETS),
    (r"^(EventLoop|EventNetwork|Log)\b|^java\.lang\.Thread\.|^jdk\.jfr\.", LOOP),
))
