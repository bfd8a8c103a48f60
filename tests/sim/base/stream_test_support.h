// A stream in tests: its owner, which notes what it is told, and the socket at the other endpoint.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/io/owned_fd.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_handle.h"
#include "tests/sim/base/run_loop.h"

namespace sim {

inline constexpr std::size_t kMiB = std::size_t{1} << 20;

// The other endpoint: a plain socket, which blocks unless a call says otherwise.
class StreamPeer {
 public:
  explicit StreamPeer(int fd = -1) : fd_(fd) {}

  void close() { fd_.reset(); }
  int fd() const { return fd_.get(); }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0) << std::strerror(errno);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end() const { ASSERT_EQ(shutdown(fd_.get(), SHUT_WR), 0) << std::strerror(errno); }
  // Receives available bytes, at most `limit`. Returns true after the end of the input.
  bool take(std::size_t limit = kMiB, int flags = MSG_DONTWAIT) {
    std::string buffer(std::min<std::size_t>(limit, 64 * 1024), '\0');
    while (limit > 0) {
      const ssize_t size = recv(fd_.get(), buffer.data(), std::min(limit, buffer.size()), flags);
      if (size == 0) return true;
      if (size < 0) return failed_ = errno != EAGAIN;
      received_.append(buffer, 0, static_cast<std::size_t>(size));
      limit -= static_cast<std::size_t>(size);
    }
    return false;
  }
  const std::string& received() const { return received_; }
  bool failed() const { return failed_; }

 private:
  OwnedFd fd_;
  std::string received_;
  bool failed_ = false;
};

struct StreamTestOwner final : StreamOwner {
  void connected(Stream&) override { ++connects; }
  std::size_t max_line(const Stream&) const override {
    ++looks;
    return longest;
  }
  bool line_received(Stream& stream, const herd::Line& line) override {
    EXPECT_FALSE(held) << "a line while held back";
    lines.emplace_back(line.text);
    endings.emplace_back(line.ending);
    const bool go_on = !on_line || on_line(stream, lines.back());
    held = !go_on;
    return go_on;
  }
  std::size_t lines_offered(Stream& stream, std::string_view some) override {
    return on_offer ? on_offer(stream, some) : 0;
  }
  void bytes_received(Stream&, std::string_view some) override {
    bytes += some;
    if (on_bytes) on_bytes();
  }
  void overlong_line(Stream& stream, std::string_view first_bytes) override {
    overlong.emplace_back(first_bytes);
    if (on_overlong) on_overlong(stream);
  }
  void input_ended(Stream& stream) override {
    ++ends;
    if (on_end) on_end(stream);
  }
  void output_drained(Stream& stream) override {
    ++drains;
    if (on_drained) on_drained(stream);
  }
  void closed(Stream& stream, StreamEnd how, int code) override {
    ++closes;
    end = how;
    error = code;
    bytes_sent = stream.bytes_sent();
    unsent = stream.unsent();
  }
  void resume(Stream& stream) {
    held = false;
    stream.resume_reading();
  }

  std::size_t longest = 8192;
  std::function<bool(Stream&, const std::string&)> on_line;
  std::function<std::size_t(Stream&, std::string_view)> on_offer;
  std::function<void()> on_bytes;
  std::function<void(Stream&)> on_overlong, on_end, on_drained;

  mutable int looks = 0;  // queries for the longest line, at least one per read
  int connects = 0, ends = 0, drains = 0, closes = 0;
  bool held = false;
  std::vector<std::string> lines, endings, overlong;
  std::string bytes;
  StreamEnd end = StreamEnd::kOrderly;
  int error = 0;
  std::uint64_t bytes_sent = 0;
  std::size_t unsent = 0;
};

// A stream, and the socket at its other endpoint.
class StreamTest : public testing::Test {
 protected:
  enum class Side { kDials, kAccepts };

  // `peer_buffer` is the size of the peer's receive buffer; a small one fills soon.
  void open(Side side = Side::kDials, int peer_buffer = 0) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    const StreamPeer own(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (peer_buffer > 0) {
      setsockopt(own.fd(), SOL_SOCKET, SO_RCVBUF, &peer_buffer, sizeof peer_buffer);
    }
    ASSERT_EQ(bind(own.fd(), name, size), 0);
    if (side == Side::kAccepts) {
      UvHandle<uv_tcp_t> listener(this);
      uv_tcp_init(loop_->uv(), listener.get());
      ASSERT_EQ(uv_tcp_bind(listener.get(), reinterpret_cast<sockaddr*>(&address), 0), 0);
      ASSERT_EQ(uv_listen(reinterpret_cast<uv_stream_t*>(listener.get()), 8,
                          [](uv_stream_t* l, int) {
                            auto& self = *static_cast<StreamTest*>(l->data);
                            self.stream_ = Stream::create(*self.loop_, self.owner_, 7);
                            EXPECT_EQ(self.stream_->accept(l), 0);
                          }),
                0);
      int length = sizeof address;
      uv_tcp_getsockname(listener.get(), name, &length);
      peer_ = StreamPeer(dup(own.fd()));
      ASSERT_EQ(::connect(peer_.fd(), name, size), 0) << std::strerror(errno);
      ASSERT_TRUE(run_until(*loop_, [&] { return stream_ != nullptr; }));
      return;
    }
    ASSERT_EQ(listen(own.fd(), 8), 0);
    getsockname(own.fd(), name, &size);
    stream_ = Stream::create(*loop_, owner_, 7);
    ASSERT_EQ(stream_->connect(name), 0);
    peer_ = StreamPeer(accept4(own.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    ASSERT_GE(peer_.fd(), 0);
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.connects == 1; }));
  }

  // Returns the stream's own socket.
  int stream_fd() {
    int found = -1;
    uv_walk(
        loop_->uv(),
        [](uv_handle_t* handle, void* out) {
          if (handle->type == UV_TCP && uv_is_closing(handle) == 0) {
            uv_fileno(handle, static_cast<int*>(out));
          }
        },
        &found);
    return found;
  }
  // Returns the number of sent segments with data (tcpi_data_segs_out of TCP_INFO); nullopt if the
  // kernel does not report it.
  std::optional<std::uint32_t> data_segments() {
    constexpr std::size_t kAt = 156;
    std::array<char, kAt + 4> info{};
    socklen_t size = info.size();
    if (getsockopt(stream_fd(), IPPROTO_TCP, TCP_INFO, info.data(), &size) != 0) return {};
    if (size < info.size()) return {};
    std::uint32_t count = 0;
    std::memcpy(&count, info.data() + kAt, sizeof count);
    return count;
  }
  void small_send_buffer() {
    const int size = 4096;
    ASSERT_EQ(setsockopt(stream_fd(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
  }

  bool run_until_lines(std::size_t count) {
    return run_until(*loop_, [&] { return owner_.lines.size() >= count; });
  }
  bool run_until_closed() {
    return run_until(*loop_, [&] { return owner_.closes > 0; });
  }
  // Runs the loop while the peer receives. Returns true once the peer has seen the end.
  bool run_until_peer_has_all() {
    return run_until(*loop_, [&] { return peer_.take(); });
  }

  // As in the program: a write to a closed connection is only an error.
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  StreamTestOwner owner_;
  std::unique_ptr<IoLoop> loop_ = std::make_unique<IoLoop>();
  Stream* stream_ = nullptr;
  StreamPeer peer_;
};

}  // namespace sim
