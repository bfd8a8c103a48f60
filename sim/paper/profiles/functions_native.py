"""The functions of the native engine, its bare relay and their libraries, by kind of work.

The compiler keeps no frame pointers, so most stacks have one function that counts.
"""

from profiles.kinds import (FLOODING, FORMATTING, LINES, LOOP, MEMORY, PARSING, RECORDS, SOCKETS, Table)

TABLE = Table((
    (r"clock_gettime|_clock::now|herd::.*append_|herd::.*format|to_chars|LiveServer::(now|clock)", FORMATTING),
    (r"herd::.*(parse_|scan_|is_skew|is_name|is_alive|take_field|next_field)"
     r"|herd::Server::(link_line|line_received|handle|iamat|client_line|foreign_server)", PARSING),
    (r"herd::(Record|KeptReport|LineMemo|\w*Store)|memcmp|basic_string_view.*compare", RECORDS),
    (r"herd::Server::|herd::.*Flood|herd::\w*Observer|LiveServer::send_|herd::\w*Scheme", FLOODING),
    (r"herd::.*take_line|memmove|memcpy|memchr|Relay::|sim::Stream::consume|LineBuffer|line_received", LINES),
    (r"malloc|_int_free|cfree|unlink_chunk|operator (new|delete)|tcache", MEMORY),
    (r"sim::(\w*Stream|\w*Socket|TcpLink)|libuv|\buv_|\buv__|errno"
     r"|^(__GI___|__)?(libc_)?(read|write|writev|readv|sendmsg|recvmsg|send|recv|epoll_\w+)$", SOCKETS),
    (r"^sim::|^herd::|^std::|^main$", LOOP),
))
