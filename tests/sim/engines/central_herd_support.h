// A central herd over a real PostgreSQL. The test plays its clients over plain sockets. These tests
// need the Debian package postgresql.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/engines/central/central_herd.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/script/plan/plan.h"
#include "tests/sim/base/run_loop.h"
#include "tests/sim/measure/results_support.h"
#include "tests/sim/worlds/live_herd_support.h"

namespace sim::test {

inline HerdSpec central_spec(const std::vector<std::string>& servers,
                             const TwoWayConditions& link = {}) {
  std::vector<LinkSpec> links;
  for (std::uint32_t i = 1; i < servers.size(); ++i) links.push_back({0, i});
  HerdSpec spec = make_spec(servers, links);
  spec.central.emplace();
  // Tests do not depend on how long a disk takes.
  spec.central->durable = false;
  spec.link = link;
  return spec;
}

inline TwoWayConditions latency(Duration forward, Duration backward) {
  TwoWayConditions out;
  out.forward.latency = forward;
  out.backward.latency = backward;
  return out;
}

class CentralHerdTest : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  // Starts a herd: Alford has the database; Ball and Welsh have links 0 and 1 to it.
  void start(const TwoWayConditions& link = {}, LiveLimits limits = {}) {
    spec_ = central_spec({"Alford", "Ball", "Welsh"}, link);
    recorder_ = std::make_unique<Recorder>(spec_, plan_, RecordLevel::kDeliveries);
    CentralHerd::Setup setup;
    setup.spec = &spec_;
    setup.limits = limits;
    setup.keeper = HERDSIM_BINARY;
    setup.log_file = (folder_.path() / "postgresql.out").string();
    setup.on_failure = [this](const Error& error) { failure_ = error.message; };
    herd_ = std::make_unique<CentralHerd>(loop_, clock_, *recorder_, std::move(setup));
    const auto error = herd_->listen(ServerLogs::to_files(folder_.path(), spdlog::level::debug));
    ASSERT_FALSE(error) << error->message;
    herd_->start();
    ASSERT_TRUE(run_until([this] { return herd_->ready() || failure_; })) << herd_->missing();
    ASSERT_FALSE(failure_) << *failure_;
  }
  // Stops the herd: its database is read, and then removed.
  void stop() {
    bool gone = false;
    herd_->stop([&gone] { gone = true; });
    ASSERT_TRUE(run_until([&gone] { return gone; }));
    EXPECT_FALSE(failure_) << *failure_;
  }

  bool run_until(const std::function<bool()>& done) { return sim::run_until(loop_, done); }
  // Runs the loop for `time`. No test may depend on how long that is.
  void run_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    run_until([end] { return std::chrono::steady_clock::now() >= end; });
  }
  Socket client(std::uint32_t server) { return Socket::dial(herd_->front_end(server).port()); }
  // Returns what has come once it has `count` lines or the connection has ended.
  std::string lines(Socket& socket, std::size_t count) {
    EXPECT_TRUE(run_until([&] { return socket.take() || socket.lines() >= count; }));
    std::string text = socket.text();
    socket.forget();
    return text;
  }
  // Returns the answer, of one line, to one command.
  std::string ask(Socket& socket, const std::string& command) {
    socket.send(command);
    return lines(socket, 1);
  }
  std::string ask(std::uint32_t server, const std::string& command) {
    Socket socket = client(server);
    return ask(socket, command);
  }
  bool ended(Socket& socket) {
    return run_until([&] { return socket.take(); });
  }

  TempFolder folder_;
  RunClock clock_;
  HerdSpec spec_;
  Plan plan_;
  IoLoop loop_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<CentralHerd> herd_;
  std::optional<std::string> failure_;
};

}  // namespace sim::test
