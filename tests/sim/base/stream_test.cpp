#include "sim/base/io/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
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
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/io/uv_handle.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr auto kDeadline = std::chrono::seconds(60);

// Runs the loop until `done` returns true. Returns false at the deadline.
bool run_until(IoLoop& loop, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    uv_run(loop.uv(), UV_RUN_NOWAIT);
    pollfd ready{uv_backend_fd(loop.uv()), POLLIN, 0};
    poll(&ready, 1, 1);
  }
  return true;
}

// The other endpoint: a plain socket, which blocks unless a call says otherwise.
class Peer {
 public:
  explicit Peer(int fd = -1) : fd_(fd) {}
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  Peer(Peer&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  Peer& operator=(Peer&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(received_, other.received_);
    return *this;
  }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int fd() const { return fd_; }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0) << std::strerror(errno);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end() const { ASSERT_EQ(shutdown(fd_, SHUT_WR), 0) << std::strerror(errno); }
  // Receives available bytes, at most `limit`. Returns true after the end of the input.
  bool take(std::size_t limit = kMiB, int flags = MSG_DONTWAIT) {
    std::string buffer(std::min<std::size_t>(limit, 64 * 1024), '\0');
    while (limit > 0) {
      const ssize_t size = recv(fd_, buffer.data(), std::min(limit, buffer.size()), flags);
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
  int fd_;
  std::string received_;
  bool failed_ = false;
};

struct TestOwner final : StreamOwner {
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
    const Peer own(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
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
      peer_ = Peer(dup(own.fd()));
      ASSERT_EQ(::connect(peer_.fd(), name, size), 0) << std::strerror(errno);
      ASSERT_TRUE(run_until(*loop_, [&] { return stream_ != nullptr; }));
      return;
    }
    ASSERT_EQ(listen(own.fd(), 8), 0);
    getsockname(own.fd(), name, &size);
    stream_ = Stream::create(*loop_, owner_, 7);
    ASSERT_EQ(stream_->connect(name), 0);
    peer_ = Peer(accept4(own.fd(), nullptr, nullptr, SOCK_CLOEXEC));
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

  TestOwner owner_;
  std::unique_ptr<IoLoop> loop_ = std::make_unique<IoLoop>();
  Stream* stream_ = nullptr;
  Peer peer_;
};

// In one turn of the loop: while it handles one socket, more arrives at the next.
TEST_F(StreamTest, NoLineIsTimedBeforeItWasSent) {
  open();
  const Stream* const first = stream_;
  const Peer first_peer = std::move(peer_);
  open();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.connects == 2; }));
  std::uint64_t sent = 0, timed = 0;
  owner_.on_line = [&](Stream& stream, const std::string& line) {
    const std::uint64_t now = loop_->recent_ns();
    if (line == "two") timed = now;
    if (line == "one" && sent == 0) {
      sent = uv_hrtime();
      (&stream == first ? peer_ : first_peer).send("two\n");
    }
    return true;
  };
  first_peer.send("one\n");
  peer_.send("one\n");
  ASSERT_TRUE(run_until_lines(3));
  EXPECT_GE(timed, sent);
}

TEST_F(StreamTest, LinesSplitAtAnyByte) {
  open();
  const std::string text = "one\r\ntwo\n\nthree four\r\n\r\n five\r \n";
  for (std::size_t split = 1; split < text.size(); ++split) {
    SCOPED_TRACE(split);
    owner_.lines.clear();
    owner_.endings.clear();
    const int looks = owner_.looks;
    peer_.send(text.substr(0, split));
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > looks; }));
    peer_.send(text.substr(split));
    ASSERT_TRUE(run_until_lines(6));
    EXPECT_THAT(owner_.lines, ElementsAre("one", "two", "", "three four", "", " five\r "));
    EXPECT_THAT(owner_.endings, ElementsAre("\r\n", "\n", "\n", "\r\n", "\r\n", "\n"));
  }
}

TEST_F(StreamTest, LinesOfOneByteReads) {
  open(Side::kAccepts);
  for (const char byte : std::string("ab\r\n\nc\n")) {
    const int looks = owner_.looks;
    peer_.send({&byte, 1});
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > looks; }));
  }
  EXPECT_THAT(owner_.lines, ElementsAre("ab", "", "c"));
}

TEST_F(StreamTest, ManyLinesInOneReadAndAcrossReads) {
  open(Side::kAccepts);
  std::string text;
  std::vector<std::string> sent;
  for (int i = 0; i < 20'000; ++i) {
    sent.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), 'x'));
    text += sent.back() + '\n';
  }
  std::thread sender([&] { peer_.send(text); });
  EXPECT_TRUE(run_until_lines(sent.size()));
  sender.join();
  EXPECT_EQ(owner_.lines, sent);
}

TEST_F(StreamTest, LongestLineIsTakenAndOneByteMoreIsNot) {
  owner_.longest = 10;
  open();
  peer_.send("0123456789\n0123456789\r\n01234567890\nmore\n");
  ASSERT_TRUE(run_until(*loop_, [&] { return !owner_.overlong.empty(); }));
  EXPECT_THAT(owner_.lines, ElementsAre("0123456789", "0123456789"));
  ASSERT_EQ(owner_.overlong.size(), 1U);
  EXPECT_TRUE(owner_.overlong[0].starts_with("01234567890")) << owner_.overlong[0];
  // Later lines are dropped; the end of the input is still reported.
  peer_.send("again\nand again 0123456789 0123456789\n");
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_EQ(owner_.lines.size(), 2U);
  EXPECT_EQ(owner_.overlong.size(), 1U);
}

TEST_F(StreamTest, OverlongLineNeedsNoEnding) {
  owner_.longest = 8192;
  owner_.on_overlong = [](Stream& stream) {
    stream.write("? too long", "\n");
    stream.finish(true);
  };
  open();
  const std::string head = "the head of it ";
  peer_.send(head + std::string(8192 - head.size(), 'x') + '\r');
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > 0; }));
  EXPECT_THAT(owner_.overlong, IsEmpty()) << "a CR may be half of an ending";
  peer_.send("y");
  ASSERT_TRUE(run_until(*loop_, [&] { return !owner_.overlong.empty(); }));
  EXPECT_EQ(owner_.overlong[0], head + std::string(64 - head.size(), 'x'));
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "? too long\n");
  peer_.close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

TEST_F(StreamTest, PeerEndsFirstAndStillGetsItsAnswers) {
  owner_.on_end = [](Stream& stream) {
    stream.write("answer", "\r\n");
    stream.finish(true);
  };
  open(Side::kAccepts);
  peer_.send("whole\nwithout ending");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, ElementsAre("whole"));
  EXPECT_EQ(owner_.ends, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_EQ(owner_.bytes_sent, 8U);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "answer\r\n");
  EXPECT_FALSE(peer_.failed());
}

TEST_F(StreamTest, FinishHandsInLinesUntilThePeerEnds) {
  open();
  stream_->write("goodbye", "\n");
  stream_->finish(false);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "goodbye\n");
  peer_.send("late\nlater\ndropped");
  ASSERT_TRUE(run_until_lines(2));
  EXPECT_EQ(owner_.closes, 0);
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, ElementsAre("late", "later"));
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_EQ(owner_.ends, 0) << "both had ended, and closed() says so";
}

TEST_F(StreamTest, FinishMayThrowAwayWhatStillComes) {
  open();
  stream_->finish(true);
  EXPECT_TRUE(run_until_peer_has_all());
  peer_.send("late\nlater\n");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, IsEmpty());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

// The answer to an over-long line must arrive even if the client has not read it yet and still
// sends. Closing with unread input would reset the connection and lose the answer.
TEST_F(StreamTest, FarewellArrivesWhileThePeerStillSendsMegabytes) {
  owner_.on_line = [](Stream& stream, const std::string&) {
    stream.write("farewell", "\n");
    stream.finish(true);
    return true;
  };
  open(Side::kAccepts);
  std::thread talker([&] {
    peer_.send("first\n");
    const std::string junk(kMiB, 'j');
    for (int i = 0; i < 16; ++i) peer_.send(junk);
    peer_.end();
    while (!peer_.take(kMiB, 0)) {
    }
  });
  EXPECT_TRUE(run_until_closed());
  talker.join();
  EXPECT_EQ(peer_.received(), "farewell\n");
  EXPECT_FALSE(peer_.failed());
  EXPECT_THAT(owner_.lines, ElementsAre("first"));
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

// The peer is paused for longer than any timeout.
TEST_F(StreamTest, WhoWaitsForAnswersOfAPeerThatNeverEndsHasNoOrderlyEnd) {
  open(Side::kAccepts);
  stream_->finish(false);
  EXPECT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
}

TEST_F(StreamTest, HeldBackStreamFinishesAndDeliversItsFarewell) {
  owner_.on_line = [](Stream&, const std::string&) { return false; };
  open(Side::kAccepts);
  std::thread talker([&] {
    const std::string junk(kMiB, '\n');
    for (int i = 0; i < 16; ++i) peer_.send(junk);
    peer_.end();
    while (!peer_.take(kMiB, 0)) {
    }
  });
  EXPECT_TRUE(run_until_lines(1));
  stream_->write("farewell", "\n");
  stream_->finish(true);
  EXPECT_TRUE(run_until_closed());
  talker.join();
  EXPECT_EQ(peer_.received(), "farewell\n");
  EXPECT_EQ(owner_.lines.size(), 1U);
}

TEST_F(StreamTest, HeldBackAndResumedNeitherLosesNorReorders) {
  owner_.on_line = [&](Stream& stream, const std::string& line) {
    const std::size_t n = std::stoul(line);
    if (n % 7 != 0) return true;
    // Resumes at the end of this turn, or in a later one.
    loop_->defer([this, &stream, n] {
      if (n % 2 == 0) owner_.resume(stream);
    });
    return false;
  };
  owner_.on_end = [](Stream& stream) { stream.finish(true); };
  open(Side::kAccepts);
  std::string text;
  std::vector<std::string> sent;
  for (int i = 0; i < 5000; ++i) {
    sent.push_back(std::to_string(i) + ' ' + std::string(static_cast<std::size_t>(i % 211), 'x'));
    text += sent.back() + "\r\n";
  }
  std::thread sender([&] {
    peer_.send(text + "dropped");
    peer_.end();
  });
  std::size_t held_at = 0;
  EXPECT_TRUE(run_until(*loop_, [&] {
    if (owner_.closes > 0) return true;
    // Resumes one turn after the stream was held.
    if (owner_.held && std::exchange(held_at, owner_.lines.size()) == owner_.lines.size()) {
      owner_.resume(*stream_);
    }
    return false;
  }));
  sender.join();
  EXPECT_EQ(owner_.lines, sent);
  EXPECT_EQ(owner_.ends, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

TEST_F(StreamTest, NothingIsReadFromAStreamThatIsHeldBack) {
  owner_.on_line = [](Stream&, const std::string&) { return false; };
  open();
  peer_.send("one\n");
  ASSERT_TRUE(run_until_lines(1));
  peer_.send("two\nthree\n");
  peer_.end();
  int waiting = 0;
  ASSERT_TRUE(run_until(
      *loop_, [&] { return ioctl(stream_fd(), FIONREAD, &waiting) == 0 && waiting == 10; }));
  for (int turn = 0; turn < 20; ++turn) uv_run(loop_->uv(), UV_RUN_NOWAIT);
  ASSERT_EQ(ioctl(stream_fd(), FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 10);
  EXPECT_EQ(owner_.ends, 0);
  EXPECT_THAT(owner_.lines, ElementsAre("one"));
  for (std::size_t n = 2; n <= 3; ++n) {
    owner_.resume(*stream_);
    ASSERT_TRUE(run_until_lines(n));
  }
  owner_.resume(*stream_);
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_THAT(owner_.lines, ElementsAre("one", "two", "three"));
}

TEST_F(StreamTest, HeldBackStreamIsToldWhenItsOutputHasGone) {
  constexpr std::size_t kLimit = 64 * 1024;
  const std::string answer(10'000, 'a');
  owner_.on_line = [&](Stream& stream, const std::string&) {
    stream.write(answer, "\n");
    return stream.unsent() <= kLimit;
  };
  owner_.on_drained = [&](Stream& stream) {
    if (stream.unsent() <= kLimit) owner_.resume(stream);
  };
  open(Side::kAccepts, 4096);
  small_send_buffer();
  constexpr std::size_t kLines = 500;
  std::string asked;
  for (std::size_t i = 0; i < kLines; ++i) asked += "ask\n";
  peer_.send(asked);
  // It stops before all lines are answered, and continues when the peer reads.
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.held && stream_->unsent() > 0; }));
  EXPECT_LT(owner_.lines.size(), kLines);
  EXPECT_TRUE(run_until(*loop_, [&] {
    EXPECT_LE(stream_->unsent(), kLimit + answer.size() + 1);
    peer_.take();
    return peer_.received().size() == kLines * (answer.size() + 1);
  }));
  EXPECT_EQ(owner_.lines.size(), kLines);
  EXPECT_GT(owner_.drains, 0);
  EXPECT_TRUE(run_until(*loop_, [&] { return stream_->unsent() == 0; }));
  EXPECT_EQ(stream_->bytes_sent(), kLines * (answer.size() + 1));
}

TEST_F(StreamTest, PeerThatTakesNothingIsDropped) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({1'000'000, 0});
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kStalled);
  EXPECT_GT(owner_.unsent, 0U);
  // Exactly the bytes that the network had taken arrive.
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), owner_.bytes_sent);
}

// A link may have unsent bytes for any time, but not once it is to end.
TEST_F(StreamTest, PeerThatTakesNothingDoesNotHoldUpAnEndForEver) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({0, 0});
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  stream_->finish(true);
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_GT(owner_.unsent, 0U);
}

TEST_F(StreamTest, SilentPeerWithNothingUnsentIsNotDropped) {
  open();
  stream_->set_limits({1, 1});
  int sweeps = 0;
  UvHandle<uv_timer_t> timer(&sweeps);
  uv_timer_init(loop_->uv(), timer.get());
  uv_timer_start(
      timer.get(), [](uv_timer_t* t) { ++*static_cast<int*>(t->data); }, 300, 300);
  ASSERT_TRUE(run_until(*loop_, [&] { return sweeps == 2; }));
  EXPECT_EQ(owner_.closes, 0);
  peer_.send("alive\n");
  EXPECT_TRUE(run_until_lines(1));
}

TEST_F(StreamTest, TooMuchUnsentIsDropped) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({0, kMiB});
  const std::string half(kMiB / 2, 'x');
  stream_->write(half, "\n");
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  EXPECT_EQ(owner_.closes, 0);
  for (int i = 0; i < 3; ++i) stream_->write(half, "\n");
  EXPECT_EQ(owner_.closes, 0) << "only at the end of the turn";
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  ASSERT_EQ(owner_.closes, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOverflow);
  EXPECT_GT(owner_.unsent, kMiB);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), owner_.bytes_sent);
}

TEST_F(StreamTest, BytesSentIsWhatArrives) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  std::string all;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string text((i * 7919) % 20'011, static_cast<char>('a' + i % 26));
    stream_->write(text, i % 2 == 0 ? "\n" : "\r\n");
    all += text + (i % 2 == 0 ? "\n" : "\r\n");
    uv_run(loop_->uv(), UV_RUN_NOWAIT);
    peer_.take(1000 + i * 31);
  }
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return stream_->unsent() == 0;
  }));
  EXPECT_EQ(stream_->bytes_sent(), all.size());
  stream_->finish(true);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), all);
}

TEST_F(StreamTest, BytesSentOfAnAbandonedStreamIsWhatArrives) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take(10'000);
    return peer_.received().size() > kMiB;
  }));
  Stream& gone = *stream_;
  gone.abandon();
  const std::uint64_t sent = gone.bytes_sent();
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), sent);
  EXPECT_EQ(owner_.closes, 0);
}

TEST_F(StreamTest, BytesThatAFailedWriteLeftUnsentAreNotCounted) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  peer_.close();  // with unread input: a reset
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_NE(owner_.error, 0);
  EXPECT_LT(owner_.bytes_sent, kMiB);
}

TEST_F(StreamTest, WritesOfOneTurnAreOneSend) {
  open();
  stream_->write("warm up", "\n");
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return !peer_.received().empty();
  }));
  const auto before = data_segments();
  if (!before || *before == 0) GTEST_SKIP() << "the kernel counts no segments";
  constexpr int kTurns = 5, kWrites = 200;
  for (int turn = 0; turn < kTurns; ++turn) {
    for (int i = 0; i < kWrites; ++i) stream_->write("AT Alford +0.1 kiwi +1-1 2", "\n");
    loop_->defer([this] { stream_->write("deferred", "\n"); });
    uv_run(loop_->uv(), UV_RUN_NOWAIT);
  }
  EXPECT_EQ(*data_segments() - *before, static_cast<std::uint32_t>(kTurns));
  constexpr std::size_t kBytes = 8 + kTurns * (kWrites * 27 + 9);
  EXPECT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return peer_.received().size() == kBytes;
  }));
  EXPECT_EQ(stream_->bytes_sent(), kBytes);
}

TEST_F(StreamTest, WhatIsWrittenBeforeTheConnectionStandsGoesOutOnIt) {
  const Peer listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(listen(listener.fd(), 8), 0);  // binds to a free port
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  stream_ = Stream::create(*loop_, owner_, 7);
  EXPECT_EQ(stream_->tag(), 7U);
  stream_->set_tag(9);
  EXPECT_EQ(stream_->tag(), 9U);
  ASSERT_EQ(stream_->connect(reinterpret_cast<const sockaddr*>(&address)), 0);
  stream_->write("early", "\n");
  stream_->finish(true);
  peer_ = Peer(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "early\n");
  EXPECT_EQ(stream_->peer(), "127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
}

TEST_F(StreamTest, DialThatNobodyTakesFails) {
  sockaddr_in address{};
  {
    const Peer taken(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(taken.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    getsockname(taken.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    stream_ = Stream::create(*loop_, owner_, 7);  // no socket listens on it
    ASSERT_EQ(stream_->connect(reinterpret_cast<const sockaddr*>(&address)), 0);
    ASSERT_TRUE(run_until_closed());
  }
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ECONNREFUSED);
  EXPECT_EQ(owner_.connects, 0);
}

TEST_F(StreamTest, AbandonedStreamTellsNothing) {
  open();
  stream_->write("lost", "\n");
  stream_->abandon();
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "");
  EXPECT_EQ(owner_.closes, 0);
}

TEST_F(StreamTest, RawBytesComeAsTheyAre) {
  open();
  stream_->set_raw();
  owner_.longest = 4;
  peer_.send("no ending");
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.bytes == "no ending"; }));
  peer_.send("\r\n\nx");
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_EQ(owner_.bytes, "no ending\r\n\nx");
  EXPECT_THAT(owner_.lines, IsEmpty());
  EXPECT_THAT(owner_.overlong, IsEmpty());
}

TEST_F(StreamTest, RawBytesThatComeWhileTheLoopStopsAreForTheNextRun) {
  open();
  stream_->set_raw();
  peer_.send("before");
  owner_.on_bytes = [&] { loop_->stop(); };
  loop_->run();
  EXPECT_EQ(owner_.bytes, "before");
  peer_.send("after");
  loop_->run();
  EXPECT_EQ(owner_.bytes, "beforeafter");
}

TEST_F(StreamTest, FinishingMayComeToDiscardLater) {
  open();
  stream_->finish(false);
  ASSERT_TRUE(run_until_peer_has_all());
  peer_.send("heard\n");
  ASSERT_TRUE(run_until_lines(1));
  stream_->finish(true);
  peer_.send("thrown away\n");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_THAT(owner_.lines, ElementsAre("heard"));
}

TEST_F(StreamTest, TimeoutAfterTheFarewellIsALimit) {
  open();
  stream_->set_limits({0, 0, 1});
  stream_->finish(false);
  ASSERT_TRUE(run_until_closed()) << "though the peer never ends";
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ETIMEDOUT);
}

TEST_F(StreamTest, ResetIsAFailure) {
  open();
  const linger at_once{1, 0};
  setsockopt(peer_.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  peer_.close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ECONNRESET);
  EXPECT_EQ(owner_.ends, 0);
}

}  // namespace
}  // namespace sim
