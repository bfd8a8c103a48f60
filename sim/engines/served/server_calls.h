// Calls each server of a herd until it accepts a connection, and ends the connection at once. For
// servers that other processes serve, perhaps on other hosts, so that dialling is the only way to
// find out whether they listen.
//
// The loop's thread only.
#pragma once

#include <sys/socket.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

class ServerCalls final : private StreamOwner {
 public:
  // `on_accepted` is called, never from within a call to this, when a server has accepted a
  // connection. The loop must outlive the calls.
  ServerCalls(IoLoop& loop, std::vector<sockaddr_storage> servers,
              std::function<void()> on_accepted);
  ~ServerCalls() override;
  ServerCalls(const ServerCalls&) = delete;
  ServerCalls& operator=(const ServerCalls&) = delete;

  // Begins to call. A server that does not accept is called again after a tenth of a second.
  void begin();
  // Stops calling.
  void stop();

  bool all_accepted() const { return left_ == 0; }
  bool has_accepted(std::uint32_t server) const { return calls_[server].accepted; }
  // Returns why the last call that failed did so, in words; if none has failed, what the first one
  // waits for.
  std::string why_not(std::uint32_t server) const;

 private:
  struct Call {
    Stream* stream = nullptr;  // null: none waits for an answer
    bool accepted = false;
    int error = 0;  // libuv's, of the last call that failed
  };

  void call_all();
  void call(std::uint32_t server);

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream&) const override { return 1; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream&) override {}
  void closed(Stream& stream, StreamEnd end, int error) override;

  IoLoop& loop_;
  const std::vector<sockaddr_storage> servers_;
  std::function<void()> on_accepted_;
  std::vector<Call> calls_;  // by server
  std::size_t left_;         // servers that have not accepted a connection yet
  UvHandle<uv_timer_t> again_;
};

}  // namespace sim
