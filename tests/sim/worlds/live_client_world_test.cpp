// Clients on real sockets, behind access links that are slow.
#include "sim/worlds/live/live_client_world.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/worlds/live/live_limits.h"
#include "tests/sim/worlds/live_herd_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::iamat;
using test::make_spec;
using test::Socket;

sockaddr_storage address_of(std::uint16_t port) {
  const sockaddr_in address = test::loopback(port);
  sockaddr_storage out{};
  std::memcpy(&out, &address, sizeof address);
  return out;
}

// The calls that one client receives, in order.
struct Told final : ClientWorldHandler {
  void time_reached() override {}
  void connected(ClientConnection) override { stands = true; }
  void line_received(ClientConnection, std::string_view line) override {
    EXPECT_FALSE(gone) << "nothing is said behind the end";
    text += std::string(line) + '\n';
    ++lines;
  }
  void disconnected(ClientConnection, bool is_orderly, std::string_view reason) override {
    EXPECT_FALSE(gone) << "it ends once";
    gone = true;
    orderly = is_orderly;
    why = reason;
  }

  bool stands = false, gone = false, orderly = false;
  std::string text, why;
  int lines = 0;
};

class LiveClientWorldTest : public test::LiveHerdTest {
 protected:
  void make_world(std::uint16_t port, LinkConditions up, LinkConditions down) {
    std::vector<std::unique_ptr<AccessLink>> links;
    links.push_back(std::make_unique<AccessLink>(
        AccessLink{LinkModel(1, "client/up", up), LinkModel(1, "client/down", down)}));
    world_ = std::make_unique<LiveClientWorld>(*loop_, clock_, std::vector{address_of(port)},
                                               std::move(links));
    world_->set_handler(told_);
  }
  void TearDown() override { world_.reset(); }

  Told told_;
  std::unique_ptr<LiveClientWorld> world_;
};

TEST_F(LiveClientWorldTest, EveryLineAndAnswerCrossesTheAccessLinkInOrder) {
  start(make_spec({"Alford"}, {}));
  make_world(herd_->port(0), {10ms, {JitterShape::kUniform, 5ms}, 1e7, 0.01}, {20ms, {}, 0, 0});
  const herd::Instant begun = clock_.now();
  const ClientConnection via = world_->connect(0, 0);
  std::string answers;
  for (int i = 0; i < 200; ++i) {
    world_->send(via, "line " + std::to_string(i));
    answers += "? line " + std::to_string(i) + '\n';
  }
  ASSERT_TRUE(run_until([&] { return told_.stands; }));
  EXPECT_GE(clock_.now() - begun, 25ms) << "a round trip";
  EXPECT_EQ(told_.lines, 0);
  ASSERT_TRUE(run_until([&] { return told_.lines > 0; }));
  EXPECT_GE(clock_.now() - begun, 50ms) << "and another";
  ASSERT_TRUE(run_until([&] { return told_.lines == 200 || told_.gone; }));
  EXPECT_EQ(told_.text, answers);
  EXPECT_FALSE(told_.gone);
  const herd::Instant ending = clock_.now();
  world_->finish(via);
  ASSERT_TRUE(run_until([&] { return told_.gone; }));
  EXPECT_TRUE(told_.orderly) << told_.why;
  EXPECT_GE(clock_.now() - ending, 25ms) << "the end crosses too";
}

// A server that never answers is told from an answer that is still on its way.
TEST_F(LiveClientWorldTest, IsAtRestOnceNothingHasMovedForAWhile) {
  start(make_spec({"Alford"}, {}));
  make_world(herd_->port(0), {10ms, {}, 0, 0}, {10ms, {}, 0, 0});
  const ClientConnection via = world_->connect(0, 0);
  EXPECT_FALSE(world_->at_rest(via)) << "it does not stand yet";
  ASSERT_TRUE(run_until([&] { return told_.stands; }));
  herd_->apply(PauseServer{0});
  const herd::Instant said = clock_.now();
  world_->send(via, "hello?");
  EXPECT_FALSE(world_->at_rest(via)) << "the line is on its way";
  ASSERT_TRUE(run_until([&] { return world_->at_rest(via); }));
  EXPECT_GE(clock_.now() - said, kAnswerTime);
  herd_->apply(ResumeServer{0});
  ASSERT_TRUE(run_until([&] { return told_.lines == 1; }));
  EXPECT_FALSE(world_->at_rest(via)) << "the answer has just come";
}

// The machine may give the clients no time to hear what has come.
TEST_F(LiveClientWorldTest, IsNotAtRestWhileAnAnswerWaitsToBeHeard) {
  if (loop_ == nullptr) loop_ = std::make_unique<IoLoop>();
  const Socket listener = Socket::listening();
  make_world(listener.port(), {1ms, {}, 0, 0}, {1ms, {}, 0, 0});
  const ClientConnection via = world_->connect(0, 0);
  std::optional<Socket> server;
  ASSERT_TRUE(run_until([&] {
    if (!server) server = listener.take_caller();
    return server && told_.stands;
  }));
  world_->send(via, "hello?");
  ASSERT_TRUE(run_until([&] { return world_->at_rest(via); }));
  server->send("? hello?\n");
  EXPECT_FALSE(world_->at_rest(via));
  ASSERT_TRUE(run_until([&] { return told_.lines == 1; }));
}

// … and a server no time to come to what was said to it.
TEST_F(LiveClientWorldTest, ServerOwesTheAnswersToWhatItHasNotRead) {
  start(make_spec({"Alford"}, {}));
  EXPECT_FALSE(server(0).has_waiting_answers());
  Socket asking = client(0);
  asking.send("one\n");
  EXPECT_TRUE(server(0).has_waiting_answers()) << "it has not accepted the connection";
  ASSERT_TRUE(run_until_lines(asking, 1));
  EXPECT_FALSE(server(0).has_waiting_answers());
  asking.send("two\n");
  EXPECT_TRUE(server(0).has_waiting_answers()) << "it has not read the line";
  ASSERT_TRUE(run_until_lines(asking, 2));
  EXPECT_FALSE(server(0).has_waiting_answers());
}

TEST_F(LiveClientWorldTest, FinishingWaitsForLinesUnderWay) {
  start(make_spec({"Alford"}, {}));
  make_world(herd_->port(0), {10ms, {}, 0, 0}, {10ms, {}, 0, 0});
  const ClientConnection via = world_->connect(0, 0);
  std::string answers;
  for (int i = 0; i < 100; ++i) {
    world_->send(via, std::to_string(i));
    answers += "? " + std::to_string(i) + '\n';
  }
  world_->finish(via);  // it does not even stand yet
  ASSERT_TRUE(run_until([&] { return told_.gone; }));
  EXPECT_TRUE(told_.orderly) << told_.why;
  EXPECT_EQ(told_.text, answers);
}

TEST_F(LiveClientWorldTest, ServerThatRefusesIsKnownAfterARoundTrip) {
  start(make_spec({"Alford"}, {}));
  const std::uint16_t port = herd_->port(0);
  herd_->apply(StopServer{0});
  make_world(port, {10ms, {}, 0, 0}, {20ms, {}, 0, 0});
  const herd::Instant begun = clock_.now();
  world_->send(world_->connect(0, 0), "hello?");
  ASSERT_TRUE(run_until([&] { return told_.gone; }));
  EXPECT_GE(clock_.now() - begun, 30ms);
  EXPECT_FALSE(told_.orderly);
  EXPECT_EQ(told_.why, "connection refused");
  EXPECT_FALSE(told_.stands);
  // The connection's number is free for the next try.
  herd_->apply(StartServer{0});
  told_ = {};
  world_->send(world_->connect(0, 0), "hello?");
  ASSERT_TRUE(run_until([&] { return told_.lines == 1; }));
  EXPECT_EQ(told_.text, "? hello?\n");
}

TEST_F(LiveClientWorldTest, ServerThatDiesIsAnEndBehindTheAnswersUnderWay) {
  start(make_spec({"Alford"}, {}));
  make_world(herd_->port(0), {5ms, {}, 0, 0}, {300ms, {}, 0, 0});
  const ClientConnection via = world_->connect(0, 0);
  world_->send(via, iamat("kiwi", 1).substr(0, iamat("kiwi", 1).size() - 1));
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 1; }));
  Socket other = client(0);  // by whose last answer ours has long left the server
  for (std::size_t i = 1; i <= 50; ++i) {
    other.send("well?\n");
    ASSERT_TRUE(run_until_lines(other, i));
  }
  herd_->apply(StopServer{0});
  ASSERT_TRUE(run_until([&] { return told_.gone; }));
  EXPECT_FALSE(told_.orderly);
  EXPECT_NE(told_.why, "");
  EXPECT_EQ(told_.lines, 1) << told_.text;
}

// The client learns of the answer and of the death at once.
TEST_F(LiveClientWorldTest, ServerThatDiesRightBehindAnAnswerDoesNotEndInGoodOrder) {
  start(make_spec({"Alford"}, {}));
  make_world(herd_->port(0), {5ms, {}, 0, 0}, {5ms, {}, 0, 0});
  const ClientConnection via = world_->connect(0, 0);
  world_->send(via, iamat("kiwi", 1).substr(0, iamat("kiwi", 1).size() - 1));
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 1; }));
  herd_->apply(StopServer{0});
  ASSERT_TRUE(run_until([&] { return told_.gone; }));
  EXPECT_FALSE(told_.orderly);
}

}  // namespace
}  // namespace sim
