"""The functions of the Node.js engine, its bare relay and its runtime, by kind of work.

V8 compiles functions into their callers. `line neighbor.js` may contain all that happens to a line of a link, but
the time of searches, regular expressions and hash tables is in functions of V8, which have names of their own.
"""

from profiles.kinds import (FLOODING, FORMATTING, LINES, LOOP, MEMORY, PARSING, RECORDS, SOCKETS, Table)

TABLE = Table((
    (r"Scaveng|Heap::|Mark-?Compact|Marking|Sweep|Evacuat|SemiSpace|NewSpace|::GC|GarbageCollect|RecordWrite"
     r"|::compiler::|::baseline::|::interpreter::|::parsing::|Compil|Deoptimiz|GCTracer|LocalHeap|TieringManager"
     r"|malloc$|calloc$|^cfree|_int_free|unlink_chunk",
     MEMORY),
    (r"^(formatSkew|#report) |NumberToString|clock_gettime|^now | clock\.js$", FORMATTING),
    (r"^RegExp:|Builtins_RegExp|StringToNumber|StringPrototypeMatch|FindOrderedHashSetEntry| grammar\.js$", PARSING),
    (r"FindOrderedHashMapEntry|StringPrototypeIncludes|MapPrototype| record_store\.js$", RECORDS),
    (r"WriteOneByte|StringBytes::Write|StringIndexOf|StringPrototypeIndexOf|Builtins_StringSubstring"
     r"|StringPrototypeSlice|StringSplit", LINES),
    (r"node::(LibuvStreamWrap|StreamBase|StreamReq|StreamResource|WriteWrap|StreamListener|EmitToJSStream"
     r"|StringDecoder|NodeArrayBufferAllocator|uv)|DecodeData|uv__(read|write|try_write|stream|io_poll)"
     r"|^(__GI___|__)?(libc_)?(read|write|writev|readv|epoll_\w+)$"
     r"| (stream_base_commons|readable|writable|duplex|destroy|node:net|node:string_decoder|node:events)$", SOCKETS),
    (r" (line_connection|turn)\.js$| relay\.js$", LINES),
    (r"^(send|get dials) neighbor\.js$| herd_server\.js$", FLOODING),
    (r" (neighbor|client_session)\.js$", PARSING),
    (r"\buv_|\buv__|node::|Builtins_JSEntry|Builtins_RunMicrotasks|^\[unknown\] \[vdso\]"
     r"| (timers|node:timers|task_queues|promises|async_hooks|linkedlist|fixed_queue)$|libc_start", LOOP),
))
