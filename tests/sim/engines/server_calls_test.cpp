#include "sim/engines/served/server_calls.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "sim/base/io/address.h"
#include "sim/base/io/listening_port.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

// Two servers, of which the test decides when they listen.
class ServerCallsTest : public testing::Test {
 protected:
  ServerCallsTest() {
    for (std::uint32_t s = 0; s < 2; ++s) {
      ports_.push_back(std::make_unique<ListeningPort>(loop_, [this, s](uv_stream_t* listener) {
        // Takes the connection as a server does, so that nobody waits.
        auto taken = std::make_unique<UvHandle<uv_tcp_t>>(nullptr);
        uv_tcp_init(loop_.uv(), taken->get());
        EXPECT_EQ(uv_accept(listener, reinterpret_cast<uv_stream_t*>(taken->get())), 0);
        ++taken_[s];
      }));
      EXPECT_FALSE(ports_[s]->reserve("127.0.0.1", 0));
    }
    calls_ =
        std::make_unique<ServerCalls>(loop_,
                                      std::vector{*numeric_address("127.0.0.1", ports_[0]->port()),
                                                  *numeric_address("127.0.0.1", ports_[1]->port())},
                                      [this] { ++told_; });
  }
  template <class Holds>
  void run_until(Holds holds) {
    const std::uint64_t end_ns = uv_hrtime() + kDeadlineNs;
    while (!holds()) {
      ASSERT_LT(uv_hrtime(), end_ns) << "hangs";
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      uv_sleep(1);
    }
  }

  IoLoop loop_;
  std::vector<std::unique_ptr<ListeningPort>> ports_;
  std::vector<int> taken_ = {0, 0};
  int told_ = 0;
  std::unique_ptr<ServerCalls> calls_;
};

TEST_F(ServerCallsTest, CallsUntilEachServerHasAccepted) {
  EXPECT_EQ(calls_->why_not(0), "not called yet");
  ASSERT_FALSE(ports_[1]->reopen());
  calls_->begin();
  run_until([&] { return calls_->has_accepted(1) && calls_->why_not(0) == "connection refused"; });
  EXPECT_FALSE(calls_->all_accepted());
  EXPECT_FALSE(calls_->has_accepted(0));
  EXPECT_EQ(told_, 1);
  ASSERT_FALSE(ports_[0]->reopen());
  run_until([&] { return calls_->all_accepted(); });
  EXPECT_EQ(told_, 2);
  run_until([&] { return taken_[0] == 1 && taken_[1] == 1; });
}

TEST_F(ServerCallsTest, CallsNoMoreOnceStopped) {
  calls_->begin();
  run_until([&] { return calls_->why_not(0) == "connection refused"; });
  calls_->stop();
  ASSERT_FALSE(ports_[0]->reopen());
  for (int i = 0; i < 300; ++i) {  // longer than the pause between two calls
    uv_run(loop_.uv(), UV_RUN_NOWAIT);
    uv_sleep(1);
  }
  EXPECT_EQ(taken_[0], 0);
  EXPECT_EQ(told_, 0);
}

}  // namespace
}  // namespace sim
