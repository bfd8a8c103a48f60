// Tests a fleet, a foreign world and a server with habits of its own together: the whole script
// comes to its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/engines/foreign/foreign_client_world.h"
#include "sim/run/clients/fleet.h"
#include "tests/sim/engines/fake_server.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using testing::IsEmpty;

using Caller = FakeServer::Peer;

// Returns the answer of a naive server, which prints floats as its language does.
std::string naive_answer(const std::string& line) {
  std::istringstream in(line);
  std::string command, client, location, time;
  in >> command >> client >> location >> time;
  if (command == "WHATSAT")
    return "AT Naive 0.5 " + client + " +1+1 5\n{\"results\": [], \"status\": \"OK\"}";
  if (command != "IAMAT" || time.empty()) return "?";
  return "AT Naive 0.25 " + client + " " + location + " " + time.substr(0, time.size() - 3);
}

class ForeignFleet : public testing::Test {
 protected:
  static constexpr std::uint64_t kClients = 4, kRounds = 6;

  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    dialect_.reply_within = 50s;
  }

  void play(FakeServer::Habit habit, const std::function<void(FakeServer&)>& prepare = nullptr) {
    HandPlan plan;
    for (std::uint32_t c = 0; c < kClients; ++c) plan.client("c" + std::to_string(c));
    for (std::uint32_t i = 0; i < kRounds; ++i) {
      for (std::uint32_t c = 0; c < kClients; ++c) plan.update(c, at_us(1000 * (i + 1) + c));
    }
    for (std::uint32_t c = 0; c < kClients; ++c) plan.line(c, at_ms(20), "bad");
    for (std::uint32_t c = 0; c < kClients; ++c) plan.query(c, at_ms(20), "WHATSAT c0 10 5");
    plan_ = plan;
    server_ = std::make_unique<FakeServer>(std::move(habit));
    if (prepare) prepare(*server_);
    world_ = std::make_unique<ForeignClientWorld>(
        loop_, clock_, std::vector{test::address_of(server_->port())},
        std::vector<std::unique_ptr<AccessLink>>(kClients), dialect_);
    fleet_ = std::make_unique<Fleet>(plan_, std::vector<std::string>{"A"}, *world_,
                                     ReplyRules::kLenient);
    world_->set_handler(*fleet_);
    std::vector<std::optional<std::string>> ready;
    fleet_->connect([&](const std::optional<std::string>& error) { ready.push_back(error); });
    ASSERT_TRUE(run_until([&] { return !ready.empty(); }));
    ASSERT_EQ(ready.front(), std::nullopt);
    world_->set_zero(clock_.now());
    fleet_->begin(ToyHerd::kBase);
    ASSERT_TRUE(run_until([&] { return fleet_->progress().idle; })) << "it came to its end";
    fleet_->stop();
    for (const ReplyCounts& each : fleet_->log().reply_counts) {
      sum_.replies += each.replies;
      sum_.refusals += each.refusals;
      sum_.closings += each.closings;
      sum_.silences += each.silences;
      sum_.odd_replies += each.odd_replies;
    }
    EXPECT_EQ(sum_.replies + sum_.refusals + sum_.closings + sum_.silences,
              plan_.updates.size() + plan_.lines.size());
    EXPECT_THAT(fleet_->log().violations, IsEmpty());
  }
  bool run_until(const std::function<bool()>& done) {
    return test::run_with(loop_, *server_, done);
  }
  std::size_t answered() const {
    return static_cast<std::size_t>(
        std::count_if(fleet_->log().answered.begin(), fleet_->log().answered.end(),
                      [](const auto& when) { return when.has_value(); }));
  }
  std::uint32_t lost() const {
    std::uint32_t sum = 0;
    for (const std::uint32_t each : fleet_->log().connections_lost) sum += each;
    return sum;
  }
  void expect_all_answered() {
    EXPECT_EQ(answered(), plan_.updates.size());
    EXPECT_EQ(sum_.replies, plan_.updates.size() + kClients);
    EXPECT_EQ(sum_.refusals, kClients);
    EXPECT_EQ(sum_.odd_replies, plan_.updates.size() + 2 * kClients);
    for (const QueryLog& query : fleet_->log().queries) EXPECT_EQ(query.status, "OK");
    EXPECT_EQ(lost(), 0U);
  }

  IoLoop loop_;
  RunClock clock_;
  Dialect dialect_;
  Plan plan_;
  std::unique_ptr<FakeServer> server_;
  std::unique_ptr<ForeignClientWorld> world_;
  std::unique_ptr<Fleet> fleet_;
  ReplyCounts sum_;
};

TEST_F(ForeignFleet, OneReadOneCommandNoEnding) {
  dialect_.line_ending = LineEnding::kNone;
  dialect_.reply_end = ReplyIdle{20ms};
  play([](Caller& peer) {
    if (!peer.unread.empty()) peer.say(naive_answer(peer.all()));
  });
  expect_all_answered();
  EXPECT_EQ(server_->connections(), static_cast<int>(kClients));
}

TEST_F(ForeignFleet, OneCommandAConnectionHalfClosed) {
  dialect_.connection = ConnectionUse::kOneCommand;
  dialect_.half_close = true;
  dialect_.reply_end = ReplyEof{};
  play([](Caller& peer) {
    if (peer.ended) peer.say(naive_answer(peer.all()));
  });
  expect_all_answered();
  EXPECT_EQ(server_->connections(), static_cast<int>(kClients * (kRounds + 2)));
}

TEST_F(ForeignFleet, LinesAndPipelining) {
  dialect_.pipelining = true;
  play([](Caller& peer) {
    for (std::string line = peer.line(); !line.empty(); line = peer.line()) {
      peer.say(naive_answer(line) + "\n\n");
    }
  });
  expect_all_answered();
}

TEST_F(ForeignFleet, SilenceForBadAndStaleInput) {
  dialect_.reply_within = 2s;  // enough for the other commands
  std::map<std::string, int> heard;
  play([&](Caller& peer) {
    const std::string line = peer.line();
    if (line.empty() || line == "bad") return;
    // This server takes every second report for stale.
    const bool report = line.starts_with("IAMAT");
    if (report && line.starts_with("IAMAT c0") && ++heard["c0"] == 2) return;
    peer.say(naive_answer(line) + "\n\n");
  });
  EXPECT_EQ(sum_.silences, kClients + 1);
  EXPECT_EQ(sum_.refusals, 0U);
  EXPECT_EQ(answered(), plan_.updates.size() - 1);
  EXPECT_EQ(lost(), 0U) << "dialling anew after a silence loses nothing";
}

TEST_F(ForeignFleet, CrashInMidReplyAndBack) {
  int commands = 0;
  play([&](Caller& peer) {
    const std::string line = peer.line();
    if (line.empty()) return;
    if (++commands == 3) {
      peer.say("AT Nai");
      return peer.close();
    }
    peer.say(naive_answer(line) + "\n\n");
  });
  EXPECT_EQ(sum_.closings, 1U);
  EXPECT_EQ(sum_.silences, 0U);
  EXPECT_EQ(lost(), 1U);
  EXPECT_EQ(answered(), plan_.updates.size() - 1);
}

TEST_F(ForeignFleet, ServerThatClosesAtOnce) {
  dialect_.connection = ConnectionUse::kOneCommand;
  play([](Caller&) {},
       [](FakeServer& server) { server.on_caller = [](Caller& peer) { peer.close(); }; });
  EXPECT_EQ(sum_.closings, plan_.updates.size() + plan_.lines.size());
  EXPECT_EQ(lost(), 0U);
}

TEST_F(ForeignFleet, RepliesThatNeverEnd) {
  dialect_.reply_within = 30ms;
  // Sends one more word each time it is looked at, and never ends the reply.
  play([](Caller& peer) { peer.say("x"); });
  EXPECT_EQ(sum_.silences, plan_.updates.size() + plan_.lines.size());
  EXPECT_EQ(answered(), 0U);
}

}  // namespace
}  // namespace sim
