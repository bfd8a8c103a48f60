// One end of a connection on a Unix socket, as bytes come. The loop's thread only.
#pragma once

#include <uv.h>

#include <functional>
#include <string>
#include <string_view>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

class BytePipe {
 public:
  // From the loop, never from within a call to the pipe. Neither may destroy the pipe.
  struct Callbacks {
    std::function<void(std::string_view)> on_bytes;
    // The other side has ended, the connection broke, or it could not be made. Once.
    std::function<void()> on_end;
  };

  BytePipe(IoLoop& loop, Callbacks callbacks);
  // Closes now; what is unsent is lost.
  ~BytePipe();
  BytePipe(const BytePipe&) = delete;
  BytePipe& operator=(const BytePipe&) = delete;

  // Takes a connection that waits at the listener. Returns libuv's error; 0 is none.
  [[nodiscard]] int accept(uv_stream_t* listener);
  void connect(const std::string& path);
  // What is written before the connection stands goes out then.
  void write(std::string_view bytes);

 private:
  struct Connecting;
  [[nodiscard]] int read();  // libuv's error; 0 is none
  void end();

  Callbacks callbacks_;
  UvHandle<uv_pipe_t> handle_;
  Connecting* connecting_ = nullptr;  // libuv's until it has told of it
  bool ended_ = false;
};

}  // namespace sim
