#include "sim/base/process/fd_watch.h"

#include <memory>
#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {

std::optional<Error> FdWatch::open(IoLoop& loop, int fd) {
  auto handle = std::make_unique<uv_poll_t>();
  // If the initialisation fails, libuv does not own the handle, and it must not be closed.
  const int error = uv_poll_init(loop.uv(), handle.get(), fd);
  if (error != 0) return uv_failure("cannot watch a pipe", error);
  handle_ = handle.release();
  handle_->data = this;
  return std::nullopt;
}

void FdWatch::start(void* owner, void (*readable)(void*)) {
  owner_ = owner;
  readable_ = readable;
  // The reader meets an error when it reads, as it meets the end.
  const auto on_event = [](uv_poll_t* handle, int, int) {
    const FdWatch& self = *static_cast<FdWatch*>(handle->data);
    self.readable_(self.owner_);
  };
  require(uv_poll_start(handle_, UV_READABLE, on_event), "a watch for a pipe");
}

void FdWatch::close() {
  if (handle_ == nullptr) return;
  uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(handle_, nullptr)),
           [](uv_handle_t* closed) { delete reinterpret_cast<uv_poll_t*>(closed); });
}

}  // namespace sim
