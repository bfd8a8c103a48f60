// Errors that say that the process or the machine has no descriptor left.
#pragma once

#include <uv.h>

namespace sim {

// `error` is libuv's.
inline bool is_out_of_descriptors(int error) {
  return error == UV_EMFILE || error == UV_ENFILE || error == UV_ENOBUFS || error == UV_ENOMEM;
}

}  // namespace sim
