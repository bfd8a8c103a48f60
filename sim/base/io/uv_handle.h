// Owns a libuv handle. The destructor closes it, and libuv frees it afterwards.
#pragma once

#include <uv.h>

namespace sim {

template <class Handle>
class UvHandle {
 public:
  // `owner` becomes the handle's data.
  explicit UvHandle(void* owner) : handle_(new Handle{}) { handle_->data = owner; }
  // Precondition: the handle was initialised.
  ~UvHandle() {
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
