#include "sim/engines/central/byte_pipe.h"

#include <array>
#include <cstddef>
#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

// libuv's until it is written.
struct Writing {
  uv_write_t request{};
  std::string bytes;
};

uv_stream_t* stream_of(UvHandle<uv_pipe_t>& handle) {
  return reinterpret_cast<uv_stream_t*>(handle.get());
}

}  // namespace

struct BytePipe::Connecting {
  uv_connect_t request{};
  BytePipe* pipe = nullptr;  // null: it is gone
};

BytePipe::BytePipe(IoLoop& loop, Callbacks callbacks)
    : callbacks_(std::move(callbacks)), handle_(this) {
  require(uv_pipe_init(loop.uv(), handle_.get(), 0), "a connection to the database");
}

BytePipe::~BytePipe() {
  if (connecting_ != nullptr) connecting_->pipe = nullptr;
}

int BytePipe::accept(uv_stream_t* listener) {
  const int error = uv_accept(listener, stream_of(handle_));
  return error == 0 ? read() : error;
}

void BytePipe::connect(const std::string& path) {
  connecting_ = new Connecting;
  connecting_->pipe = this;
  connecting_->request.data = connecting_;
  uv_pipe_connect(&connecting_->request, handle_.get(), path.c_str(),
                  [](uv_connect_t* request, int status) {
                    auto* const connecting = static_cast<Connecting*>(request->data);
                    if (BytePipe* const pipe = connecting->pipe) {
                      pipe->connecting_ = nullptr;
                      if (status == 0) status = pipe->read();
                      if (status != 0) pipe->end();
                    }
                    delete connecting;
                  });
}

int BytePipe::read() {
  // One buffer for all: it is handed on before anybody else reads.
  return uv_read_start(
      stream_of(handle_),
      [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
        static thread_local std::array<char, std::size_t{64} * 1024> memory;
        *buffer = uv_buf_init(memory.data(), memory.size());
      },
      [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
        auto& self = *static_cast<BytePipe*>(stream->data);
        if (size > 0) {
          self.callbacks_.on_bytes(std::string_view(buffer->base, static_cast<std::size_t>(size)));
        } else if (size < 0) {
          self.end();
        }
      });
}

void BytePipe::end() {
  if (std::exchange(ended_, true)) return;
  uv_read_stop(stream_of(handle_));
  callbacks_.on_end();
}

void BytePipe::write(std::string_view bytes) {
  if (ended_ || bytes.empty()) return;
  // libuv does not write to what it is told is constant.
  uv_buf_t buffer =
      uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
  const int sent = connecting_ == nullptr ? uv_try_write(stream_of(handle_), &buffer, 1) : 0;
  // That the other side is gone is heard by reading.
  if (sent < 0 && sent != UV_EAGAIN) return;
  const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (done == bytes.size()) return;
  auto* const writing = new Writing;
  writing->bytes = bytes.substr(done);
  writing->request.data = writing;
  buffer = uv_buf_init(writing->bytes.data(), static_cast<unsigned>(writing->bytes.size()));
  const int error =
      uv_write(&writing->request, stream_of(handle_), &buffer, 1,
               [](uv_write_t* request, int) { delete static_cast<Writing*>(request->data); });
  if (error != 0) delete writing;
}

}  // namespace sim
