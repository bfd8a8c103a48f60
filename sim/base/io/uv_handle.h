// Owns a libuv handle: closes it when its owner goes, and frees it when libuv has let go of it.
#pragma once

#include <uv.h>

namespace sim {

template <class Handle>
class UvHandle {
 public:
  // `owner` becomes the handle's data.
  explicit UvHandle(void* owner) : handle_(new Handle{}) { handle_->data = owner; }
  ~UvHandle() {
    // libuv knows nothing of a handle whose initialization failed.
    if (handle_->type == UV_UNKNOWN_HANDLE) {
      delete handle_;
      return;
    }
    uv_close(reinterpret_cast<uv_handle_t*>(handle_),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
  UvHandle(const UvHandle&) = delete;
  UvHandle& operator=(const UvHandle&) = delete;

  Handle* get() { return handle_; }
  const Handle* get() const { return handle_; }

 private:
  Handle* handle_;
};

}  // namespace sim
