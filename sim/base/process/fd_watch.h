// Calls back on a loop's thread while a descriptor has something to read, or has come to its end.
// The descriptor stays its owner's, who reads as much of it in a turn as he likes.
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

  // Once, for one descriptor, which may be closed only after close().
  [[nodiscard]] std::optional<Error> open(IoLoop& loop, int fd);
  // From now on calls `readable(owner)`, which may destroy the watch.
  void start(void* owner, void (*readable)(void* owner));
  // No further call. Again and again.
  void close();

 private:
  uv_poll_t* handle_ = nullptr;
  void* owner_ = nullptr;
  void (*readable_)(void*) = nullptr;
};

}  // namespace sim
