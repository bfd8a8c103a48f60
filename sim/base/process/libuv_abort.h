// How to tell that libuv, and not a mistake of the program, called abort(). libuv does so if the
// kernel refuses what a loop cannot do without: to watch a descriptor (epoll_ctl), to read the
// loop's own counters and pipes, or to make the first pipe.
#pragma once

namespace sim {

// Loads what libuv_called_abort() needs, because a handler of a signal may load nothing. To be
// called once, before any loop.
void prepare_for_libuv_abort();

// To be called in a handler of SIGABRT. Returns whether libuv's code called abort(). False for a
// failed assertion, and if libuv cannot be told from the program.
bool libuv_called_abort();

}  // namespace sim
