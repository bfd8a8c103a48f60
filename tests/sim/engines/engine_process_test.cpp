#include "sim/engines/external/engine_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

class EngineProcessTest : public testing::Test {
 protected:
  EngineProcess& make(const std::string& script) {
    EngineProcess::Setup setup;
    setup.program = &program_;
    setup.words.command = shell(script);
    setup.keeper = HERDSIM_BINARY;
    setup.ports = ports_;
    setup.on_line = [this](std::string_view line) { lines_.emplace_back(line); };
    setup.on_ended = [this](const ProcessEnd& end, bool asked) {
      ends_.push_back(end.words() + (asked ? ", as asked" : ""));
    };
    process_.emplace(loop_, std::move(setup));
    return *process_;
  }
  void run_until(const std::function<bool()>& holds) {
    const std::uint64_t end_ns = uv_hrtime() + kDeadlineNs;
    while (!holds()) {
      ASSERT_LT(uv_hrtime(), end_ns) << "hangs";
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      if (process_) process_->look(sockets_);
      uv_sleep(1);
    }
  }
  void run_until_ready() {
    run_until([this] { return process_->ready() || !ends_.empty(); });
  }
  void run_until_ended() {
    run_until([this] { return !ends_.empty(); });
  }

  IoLoop loop_;
  ProgramSpec program_;
  std::vector<std::pair<std::string, std::uint16_t>> ports_ = {{"127.0.0.1", 4001}};
  ListeningSockets sockets_;
  std::optional<EngineProcess> process_;
  std::vector<std::string> lines_, ends_;
};

TEST_F(EngineProcessTest, ReadyByItsOutput) {
  program_.ready = ReadyByOutput{"^up [0-9]+"};
  EngineProcess& process = make("echo not up 1; read x < /dev/null; echo up 2; sleep 1000");
  EXPECT_EQ(process.missing(), R"(has written no line that matches "^up [0-9]+")");
  ASSERT_FALSE(process.start());
  run_until_ready();
  EXPECT_TRUE(process.ready());
  EXPECT_EQ(process.missing(), "");
  EXPECT_THAT(lines_, ElementsAre("not up 1", "up 2"));
  EXPECT_EQ(process.last_line(), "up 2");
}

TEST_F(EngineProcessTest, SaysWhatItWroteInsteadOfItsSign) {
  program_.ready = ReadyByOutput{"up"};
  EngineProcess& process = make("echo cannot bind; exit 3");
  ASSERT_FALSE(process.start());
  run_until_ended();
  EXPECT_FALSE(process.ready());
  EXPECT_THAT(process.missing(), EndsWith(R"(, its last is "cannot bind")"));
  EXPECT_THAT(ends_, ElementsAre("exit status 3"));
}

TEST_F(EngineProcessTest, ReadyWhenAllItsPortsAreListenedOn) {
  ports_.emplace_back("127.0.0.1", 4002);
  EngineProcess& process = make("echo hello; sleep 1000");
  ASSERT_FALSE(process.start());
  const std::string first =
      "   0: 0100007F:0FA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n";
  const std::string second =
      "   1: 0100007F:0FA2 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n";
  sockets_ = ListeningSockets::parse("  sl\n" + first, "");
  run_until([&] { return !lines_.empty(); });
  EXPECT_FALSE(process.ready());
  EXPECT_EQ(process.missing(), "does not listen on 127.0.0.1:4001, 127.0.0.1:4002");
  sockets_ = ListeningSockets::parse("  sl\n" + first + second, "");
  run_until_ready();
  EXPECT_TRUE(process.ready());
}

TEST_F(EngineProcessTest, ReadyAfterAWhile) {
  program_.ready = ReadyAfter{std::chrono::milliseconds(1)};
  EngineProcess& process = make("sleep 1000");
  process.look(sockets_);
  EXPECT_FALSE(process.ready()) << "it does not even run";
  ASSERT_FALSE(process.start());
  run_until_ready();
  EXPECT_TRUE(process.ready());
}

TEST_F(EngineProcessTest, StopsAsItsEngineSays) {
  program_.ready = ReadyByOutput{"up"};
  program_.stop_signal = SIGINT;
  program_.stop_within = std::chrono::hours(1);
  EngineProcess& process =
      make("trap 'echo bye; exit 0' INT; echo up; while :; do sleep 0.01; done");
  ASSERT_FALSE(process.start());
  run_until_ready();
  process.stop();
  run_until_ended();
  EXPECT_THAT(ends_, ElementsAre("exit status 0, as asked"));
  EXPECT_THAT(lines_, ElementsAre("up", "bye"));
  EXPECT_FALSE(process.ready());
}

TEST_F(EngineProcessTest, WhatDoesNotStopIsKilled) {
  program_.ready = ReadyByOutput{"up"};
  program_.stop_within = std::chrono::milliseconds(1);
  EngineProcess& process = make("trap '' TERM; echo up; while :; do sleep 0.01; done");
  ASSERT_FALSE(process.start());
  run_until_ready();
  process.stop();
  run_until_ended();
  EXPECT_THAT(ends_, ElementsAre("killed by SIGKILL, as asked"));
}

TEST_F(EngineProcessTest, IsStartedAgainWhenItHasEnded) {
  program_.ready = ReadyByOutput{"up"};
  EngineProcess& process = make("echo up; sleep 1000");
  ASSERT_FALSE(process.start());
  run_until_ready();
  process.kill();
  ASSERT_FALSE(process.start_again()) << "while it still ends";
  run_until([&] { return lines_.size() == 2; });
  EXPECT_TRUE(process.ready() && process.running());
  EXPECT_THAT(ends_, ElementsAre()) << "nobody is told of an end that was only a restart's";
  process.kill();
  run_until_ended();
  EXPECT_THAT(ends_, ElementsAre("killed by SIGKILL, as asked"));
  ASSERT_FALSE(process.start_again()) << "once it has ended";
  run_until([&] { return lines_.size() == 3; });
}

TEST_F(EngineProcessTest, EndsByItselfUnasked) {
  EngineProcess& process = make("kill -SEGV $$");
  ASSERT_FALSE(process.start());
  run_until_ended();
  EXPECT_THAT(ends_, ElementsAre("killed by SIGSEGV"));
  EXPECT_FALSE(process.running());
}

TEST_F(EngineProcessTest, KeepsTheTimeOfThoseThatEnded) {
  EngineProcess& process = make("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  EXPECT_EQ(process.usage(ProcessTable::read()).cpu_s, 0);
  ASSERT_FALSE(process.start());
  run_until_ended();
  EXPECT_GT(process.usage(ProcessTable::read()).cpu_s, 0);
}

}  // namespace
}  // namespace sim
