// Streams over a UNIX socket: one dials, the other is accepted.

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/base/io/address.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_handle.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

struct Owner final : StreamOwner {
  void connected(Stream&) override { ++connects; }
  std::size_t max_line(const Stream&) const override { return 100; }
  bool line_received(Stream&, const herd::Line& line) override {
    lines += std::string(line.text) + ";";
    return true;
  }
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream& stream) override {
    ++ends;
    if (!farewell.empty()) stream.write(farewell, "\n");
    stream.finish(false);
  }
  void closed(Stream&, StreamEnd how, int code) override {
    end = how;
    error = code;
  }

  std::string lines, farewell;
  int connects = 0, ends = 0, error = 0;
  std::optional<StreamEnd> end;  // none: it is open
};

class StreamUnixTest : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  void listen() {
    uv_pipe_init(loop_.uv(), listener_.get(), 0);
    ASSERT_EQ(uv_pipe_bind(listener_.get(), path_.c_str()), 0);
    ASSERT_EQ(uv_listen(reinterpret_cast<uv_stream_t*>(listener_.get()), 8,
                        [](uv_stream_t* listener, int) {
                          auto& self = *static_cast<StreamUnixTest*>(listener->data);
                          self.accepted_ = Stream::create(self.loop_, self.accepter_, 1,
                                                          Stream::socket_of(listener));
                          EXPECT_EQ(self.accepted_->accept(listener), 0);
                        }),
              0);
  }
  void dial(const std::string& path) {
    const auto address = unix_address(path);
    ASSERT_TRUE(address);
    ASSERT_EQ(Stream::socket_of(*address), Stream::Socket::kUnix);
    dialled_ = Stream::create(loop_, dialler_, 2, Stream::Socket::kUnix);
    ASSERT_EQ(dialled_->connect(reinterpret_cast<const sockaddr*>(&*address)), 0);
  }
  bool until(const std::function<bool()>& holds) {
    return holds_at_last([&] {
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      return holds();
    });
  }

  ScratchFolder folder_;
  std::string path_ = folder_.file("socket");
  IoLoop loop_;
  UvHandle<uv_pipe_t> listener_{this};
  Owner dialler_, accepter_;
  Stream *dialled_ = nullptr, *accepted_ = nullptr;
};

TEST_F(StreamUnixTest, LinesPassBothWaysAndBothSidesEndInOrder) {
  listen();
  accepter_.farewell = "bye";
  dial(path_);
  dialled_->write("before it stands", "\n");
  dialled_->finish(false);
  ASSERT_TRUE(until([&] { return dialler_.end && accepter_.end; }));
  EXPECT_EQ(dialler_.connects, 1);
  EXPECT_EQ(accepter_.lines, "before it stands;");
  EXPECT_EQ(dialler_.lines, "bye;");
  EXPECT_EQ(accepter_.end, StreamEnd::kOrderly);
  EXPECT_EQ(dialler_.end, StreamEnd::kOrderly);
}

TEST_F(StreamUnixTest, MoreThanTheSocketHoldsArrives) {
  listen();
  dial(path_);
  ASSERT_TRUE(until([&] { return accepted_ != nullptr; }));
  std::string all;
  for (int i = 0; i < 100'000; ++i) {
    const std::string line = "line " + std::to_string(i);
    dialled_->write(line, "\n");
    all += line + ";";
  }
  ASSERT_TRUE(until([&] { return accepter_.lines.size() == all.size(); }));
  EXPECT_EQ(accepter_.lines, all);
  EXPECT_EQ(dialled_->bytes_sent(), all.size());
}

TEST_F(StreamUnixTest, ADialToNoSocketFails) {
  uv_pipe_init(loop_.uv(), listener_.get(), 0);
  dial(folder_.file("nothing"));
  ASSERT_TRUE(until([&] { return dialler_.end.has_value(); }));
  EXPECT_EQ(dialler_.end, StreamEnd::kFailed);
  EXPECT_EQ(dialler_.error, UV_ENOENT);
}

TEST_F(StreamUnixTest, AResetIsSeenAsAnEnd) {
  listen();
  dial(path_);
  ASSERT_TRUE(until([&] { return accepted_ != nullptr && dialler_.connects == 1; }));
  EXPECT_EQ(dialled_->peer(), "local");
  accepted_->reset();
  ASSERT_TRUE(until([&] { return dialler_.ends == 1; }));
}

TEST_F(StreamUnixTest, EveryDescriptorIsClosed) {
  listen();
  const std::size_t before = count_open_descriptors();
  dial(path_);
  ASSERT_TRUE(until([&] { return accepted_ != nullptr && dialler_.connects == 1; }));
  EXPECT_EQ(count_open_descriptors(), before + 2);
  dialled_->abandon();
  accepted_->abandon();
  // One that is still dialling, too.
  dial(path_);
  dialled_->abandon();
  ASSERT_TRUE(until([&] { return count_open_descriptors() <= before + 1; }));
  accepted_->abandon();
  EXPECT_TRUE(until([&] { return count_open_descriptors() == before; }));
}

}  // namespace
}  // namespace sim
