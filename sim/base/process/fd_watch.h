// Calls back on a loop's thread while a descriptor has input or is at its end. The descriptor
// belongs to its owner, who decides how much to read per turn.
#pragma once

#include <uv.h>

#include <optional>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_error.h"

namespace sim {

class FdWatch {
 public:
  FdWatch() = default;
  ~FdWatch() { close(); }
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  // Called once, for one descriptor. The descriptor may be closed only after close().
  [[nodiscard]] std::optional<Error> open(IoLoop& loop, int fd);
  // From now on, calls `readable(owner)`, which may destroy the watch.
  void start(void* owner, void (*readable)(void* owner));
  // Stops the calls. May be called several times.
  void close();

 private:
  uv_poll_t* handle_ = nullptr;
  void* owner_ = nullptr;
  void (*readable_)(void*) = nullptr;
};

}  // namespace sim
