// Tests of a foreign world against servers with habits that real servers have.
#include "sim/engines/foreign/foreign_client_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/engines/fake_server.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

using Peer = FakeServer::Peer;

constexpr Duration kLong = 50s;  // never waited for
constexpr Duration kShort = 30ms;

// Writes down what happens to connections, and may react to it.
struct Heard final : ClientWorldHandler {
  void time_reached() override { ++wakes; }
  void connected(ClientConnection id) override { note(id, "connected"); }
  void line_received(ClientConnection id, std::string_view) override { note(id, "line!"); }
  void reply_received(ClientConnection id, const ForeignReply& reply) override {
    constexpr const char* kCuts[] = {"[", "cut [", "broken ["};
    note(id, kCuts[static_cast<int>(reply.cut)] + std::string(reply.text) + "]");
    ++outcomes;
    if (on_outcome) on_outcome(id);
  }
  void reply_missing(ClientConnection id, NoReply why, std::string_view so_far) override {
    unfinished += so_far;
    note(id, why == NoReply::kClosed ? "closed" : "silence");
    ++outcomes;
    if (on_outcome) on_outcome(id);
  }
  void disconnected(ClientConnection id, bool orderly, std::string_view why) override {
    note(id, orderly ? "over" : "lost: " + std::string(why));
    ++gone;
  }
  void note(ClientConnection id, const std::string& what) {
    text.push_back((id.value == 0 ? "" : std::to_string(id.value) + " ") + what);
  }

  std::vector<std::string> text;
  std::string unfinished;
  int outcomes = 0, gone = 0, wakes = 0;
  std::function<void(ClientConnection)> on_outcome;
};

class ForeignWorld : public testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    dialect_.reply_within = kLong;
  }

  void start(FakeServer::Habit habit, std::unique_ptr<AccessLink> link = nullptr) {
    server_ = std::make_unique<FakeServer>(std::move(habit));
    std::vector<std::unique_ptr<AccessLink>> links;
    links.push_back(std::move(link));
    world_ = std::make_unique<ForeignClientWorld>(
        loop_, clock_, std::vector{test::address_of(server_->port())}, std::move(links), dialect_);
    world_->set_handler(heard_);
  }
  ClientConnection dial() { return world_->connect(0, 0); }
  bool run_until(const std::function<bool()>& done) {
    return test::run_with(loop_, *server_, done);
  }
  bool run_until_outcomes(int count) {
    return run_until([&] { return heard_.outcomes >= count; });
  }
  void turn_often() {
    ASSERT_TRUE(run_until([n = 0]() mutable { return n++ == 50; }));
  }
  void one_command() { dialect_.connection = ConnectionUse::kOneCommand; }

  IoLoop loop_;
  RunClock clock_;
  Dialect dialect_;
  Heard heard_;
  std::unique_ptr<FakeServer> server_;
  std::unique_ptr<ForeignClientWorld> world_;
};

// Answers each line with a line.
void echo(Peer& peer) {
  for (std::string line = peer.line(); !line.empty(); line = peer.line()) {
    peer.say("? " + line + "\n");
  }
}

TEST_F(ForeignWorld, NoLineEndingOnAConnectionThatStaysOpenByItsSilence) {
  dialect_.reply_end = ReplyIdle{kShort};
  start([](Peer& peer) { peer.say("AT of " + peer.line()); });
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until_outcomes(2));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[AT of one]", "[AT of two]"));
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(ForeignWorld, NoLineEndingOnAConnectionThatStaysOpenByAPattern) {
  dialect_.reply_end = ReplyMatch{R"(\d\.\d{3}|^\?)"};
  bool half_said = false;
  start([&](Peer& peer) {
    const std::string line = peer.line();
    if (line == "bad") peer.say("? bad");
    if (line != "good") return;
    peer.say("AT A kiwi 12.");
    half_said = true;
  });
  const auto id = dial();
  world_->send(id, "bad");
  world_->send(id, "good");
  ASSERT_TRUE(run_until([&] { return half_said; }));
  turn_often();
  EXPECT_EQ(heard_.outcomes, 1) << "half a reply is none";
  server_->peers().front().say("345");
  ASSERT_TRUE(run_until_outcomes(2));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[? bad]", "[AT A kiwi 12.345]"));
}

TEST_F(ForeignWorld, OneReadIsOneCommand) {
  // Many servers on asyncio do this: they take the bytes of one read as the command.
  std::vector<std::string> reads;
  start([&](Peer& peer) {
    if (peer.unread.empty()) return;
    reads.push_back(peer.all());
    peer.say("? " + reads.back());
  });
  const auto id = dial();
  std::vector<std::string> sent;
  for (int i = 0; i < 20; ++i) {
    sent.push_back("line " + std::to_string(i) + "\n");
    world_->send(id, "line " + std::to_string(i));
  }
  ASSERT_TRUE(run_until_outcomes(20));
  EXPECT_EQ(reads, sent);
}

TEST_F(ForeignWorld, PipelinedRepliesComeInOrder) {
  dialect_.pipelining = true;
  // The server waits for all commands: without pipelining there would be no second one.
  start([](Peer& peer) {
    if (peer.unread == "one\nWHATSAT kiwi 1 1\nthree\n") {
      peer.all();
      peer.say("? one\nAT A kiwi\n{\"status\": \"}\"}\n\n? three\n");
    }
  });
  const auto id = dial();
  for (const char* line : {"one", "WHATSAT kiwi 1 1", "three"}) world_->send(id, line);
  ASSERT_TRUE(run_until_outcomes(3));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[? one\n]",
                                       "[AT A kiwi\n{\"status\": \"}\"}\n\n]", "[? three\n]"));
}

TEST_F(ForeignWorld, SilenceMeetsAllThatIsUnderWayWherePipelined) {
  dialect_.pipelining = true;
  dialect_.reply_within = kShort;
  start([](Peer&) {});
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until_outcomes(2));
  ASSERT_TRUE(run_until([&] { return server_->connections() == 2; }));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "silence", "silence"));
}

TEST_F(ForeignWorld, LinesEndAsTheDialectSays) {
  const std::pair<LineEnding, std::string> rows[] = {
      {LineEnding::kLf, "one\n"}, {LineEnding::kCrLf, "one\r\n"}, {LineEnding::kNone, "one"}};
  for (const auto& row : rows) {
    const std::string& want = row.second;
    dialect_.line_ending = row.first;
    std::string came;
    start([&](Peer& peer) {
      came += peer.all();
      if (came.size() == want.size()) peer.say("? one\r\n");
    });
    world_->send(dial(), "one");
    heard_ = {};
    ASSERT_TRUE(run_until_outcomes(1));
    EXPECT_EQ(came, want);
    world_.reset();
  }
}

TEST_F(ForeignWorld, ServerThatAnswersWhenTheClientHasEnded) {
  one_command();
  dialect_.half_close = true;
  dialect_.reply_end = ReplyEof{};
  start([](Peer& peer) {
    if (peer.ended) peer.say("AT of " + peer.all());
  });
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until_outcomes(2));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[AT of one\n]", "[AT of two\n]"));
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(ForeignWorld, ReplyThatIsWholeOnlyWithItsEnd) {
  one_command();
  dialect_.reply_end = ReplyEof{};
  start([](Peer& peer) {
    const std::string line = peer.line();
    if (line.empty()) return;
    peer.say("AT\nof ");
    peer.say(line + (line == "two" ? "" : "\n"));
    peer.close();
  });
  const auto id = dial();
  for (const char* line : {"one", "two", "three"}) world_->send(id, line);
  ASSERT_TRUE(run_until_outcomes(3));
  // A reply without a line's end may have been cut short: nothing else would tell.
  EXPECT_THAT(heard_.text,
              ElementsAre("connected", "[AT\nof one\n]", "cut [AT\nof two]", "[AT\nof three\n]"));
  EXPECT_EQ(server_->connections(), 3) << "a connection for each command";
  EXPECT_EQ(heard_.gone, 0) << "a server's closing loses no connection";
}

TEST_F(ForeignWorld, OneCommandIsConnectedWithoutADial) {
  one_command();
  start(echo);
  const auto id = dial();
  ASSERT_TRUE(run_until([&] { return !heard_.text.empty(); }));
  EXPECT_EQ(server_->connections(), 0);
  world_->send(id, "one");
  ASSERT_TRUE(run_until_outcomes(1));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[? one\n]"));
  ASSERT_TRUE(run_until([&] { return server_->open() == 0; })) << "it is left";
}

TEST_F(ForeignWorld, OneCommandThatCannotBeDialledNeverWentOut) {
  one_command();
  start(echo);
  server_->stop_listening();
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
  EXPECT_THAT(heard_.text, ElementsAre("lost: connection refused"));
}

TEST_F(ForeignWorld, NoMoreThanTwoConnectionsOfAClientStandWhateverTheServerDoes) {
  one_command();
  start(echo);
  server_->stays_when_told_goodbye = true;
  const auto id = dial();
  std::size_t most = 0;
  // To the server, connections that the client has closed show as reset or ended.
  heard_.on_outcome = [&](ClientConnection) {
    server_->step();
    std::size_t standing = 0;
    for (Peer& peer : server_->peers()) {
      if (!peer.ended) ++standing;
    }
    most = std::max(most, standing);
  };
  for (int i = 0; i < 50; ++i) world_->send(id, "x");
  ASSERT_TRUE(run_until_outcomes(50));
  EXPECT_LE(most, 2U);
  EXPECT_EQ(server_->connections(), 50);
}

TEST_F(ForeignWorld, SilenceToBadInputAndALateReplyThatFindsNobody) {
  dialect_.reply_within = 2s;  // enough for the others
  bool late_said = false;
  start([](Peer& peer) {
    const std::string line = peer.line();
    if (line == "two" || line == "three") peer.say("AT of " + line + "\n");
  });
  server_->stays_when_told_goodbye = true;
  const auto id = dial();
  for (const char* line : {"bad", "two", "three"}) world_->send(id, line);
  heard_.on_outcome = [&](ClientConnection) {
    if (std::exchange(late_said, true)) return;
    // The server answers on the connection on which it was asked.
    server_->peers().front().socket.send_some("AT of bad, late\n");
  };
  ASSERT_TRUE(run_until_outcomes(3));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "silence", "[AT of two\n]", "[AT of three\n]"));
  EXPECT_EQ(server_->connections(), 2) << "dialled anew after the silence, and once";
}

TEST_F(ForeignWorld, ServerThatIsGoneAfterASilenceIsALostConnection) {
  dialect_.reply_within = kShort;
  start([](Peer&) {});
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until([&] { return server_->connections() == 1; }));
  server_->stop_listening();
  ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "silence", "lost: connection refused"));
}

TEST_F(ForeignWorld, ReplyThatNeverEndsIsSilenceInTime) {
  dialect_.reply_within = kShort;
  start([](Peer&) {});
  const auto id = dial();
  world_->send(id, "one");
  ASSERT_TRUE(run_until([&] {
    for (Peer& peer : server_->peers()) peer.socket.send_some("x");
    return heard_.outcomes > 0;
  }));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "silence"));
}

TEST_F(ForeignWorld, ReplyOfManyBytesIsGivenUpWhateverItsEnd) {
  const ReplyEnd ends[] = {ReplyLine{}, ReplyEof{}, ReplyMatch{"never"}, ReplyIdle{kLong}};
  for (const ReplyEnd& end : ends) {
    dialect_.reply_end = end;
    heard_ = {};
    start([](Peer&) {});
    world_->send(dial(), "one");
    const std::string many(std::size_t{1} << 16, 'x');
    ASSERT_TRUE(run_until([&] {
      if (!server_->peers().empty()) server_->peers().front().socket.send_some(many);
      return heard_.outcomes > 0;
    }));
    EXPECT_THAT(heard_.text, ElementsAre("connected", "silence"));
    world_.reset();
  }
}

TEST_F(ForeignWorld, ReplyThatNeverEndsIsHeldBackByASlowAccessLink) {
  dialect_.reply_within = 500ms;
  start([](Peer&) {}, std::make_unique<AccessLink>(AccessLink{
                          LinkModel(1, "up", {}), LinkModel(1, "down", {20ms, {}, 1e5, 0})}));
  world_->send(dial(), "one");
  const std::string many(std::size_t{1} << 20, 'x');
  std::size_t taken = 0;
  ASSERT_TRUE(run_until([&] {
    if (!server_->peers().empty()) taken += server_->peers().front().socket.send_some(many);
    return heard_.outcomes > 0;
  }));
  EXPECT_THAT(heard_.text, Contains("silence"));
  // The bound covers bytes in flight and what the sockets of both sides may hold.
  EXPECT_LT(taken, std::size_t{24} << 20);
}

TEST_F(ForeignWorld, ServerThatClosesAtOnce) {
  start([](Peer&) {});
  server_->on_caller = [](Peer& peer) { peer.close(); };
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
  EXPECT_EQ(heard_.text.front(), "connected");
  EXPECT_EQ(heard_.text.at(1), "closed");
  EXPECT_THAT(heard_.text.at(2), StartsWith("lost: ")) << "the second one never went out";
  EXPECT_THAT(heard_.text, SizeIs(3));
}

TEST_F(ForeignWorld, ServerThatClosesAtOnceClosesEachCommand) {
  one_command();
  start([](Peer&) {});
  server_->on_caller = [](Peer& peer) { peer.close(); };
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until_outcomes(2));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "closed", "closed"));
}

TEST_F(ForeignWorld, CrashInMidReply) {
  start([](Peer& peer) {
    if (peer.line().empty()) return;
    peer.say("AT Alf");
    peer.close();
  });
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "cut [AT Alf]", "lost: closed by the server"));
}

struct Places {
  const char* name;
  const char* said;
  bool closes;
  const char* want;
};

TEST_F(ForeignWorld, PlacesAnswersEndInManyWays) {
  const Places rows[] = {
      {"as it should be", "AT A kiwi\n{\"a\": [1, \"}\"]}\n\n", false,
       "[AT A kiwi\n{\"a\": [1, \"}\"]}\n\n]"},
      {"no empty line", "AT A kiwi\n{\"a\": []}\n", false, "[AT A kiwi\n{\"a\": []}\n]"},
      {"no ending", "AT A kiwi\n{\"a\": []}", false, "[AT A kiwi\n{\"a\": []}]"},
      {"closed", "AT A kiwi\n{\"a\": []}", true, "[AT A kiwi\n{\"a\": []}]"},
      {"empty lines in it", "AT A kiwi\n{\"a\":\n\n\n[]}\n\n", false,
       "[AT A kiwi\n{\"a\":\n\n\n[]}\n\n]"},
      {"refused", "? WHATSAT\n", false, "[? WHATSAT\n]"},
      {"no JSON", "AT A kiwi\nsorry\n\n", false, "[AT A kiwi\nsorry\n\n]"},
      {"nothing", "AT A kiwi\n\n", false, "[AT A kiwi\n\n]"},
      {"no AT", "{\"a\": []}\n\n", false, "[{\"a\": []}\n\n]"},
      {"crashed", "AT A kiwi\n{\"a\": [", true, "cut [AT A kiwi\n{\"a\": []"},
  };
  for (const Places& row : rows) {
    heard_ = {};
    start([&](Peer& peer) {
      if (peer.line().empty()) return;
      peer.say(row.said);
      if (row.closes) peer.close();
    });
    world_->send(dial(), "WHATSAT kiwi 10 5");
    ASSERT_TRUE(run_until_outcomes(1)) << row.name;
    EXPECT_EQ(heard_.text.at(1), row.want) << row.name;
    world_.reset();
  }
}

TEST_F(ForeignWorld, EmptyLinesTooManyAreNoReplies) {
  start([](Peer& peer) {
    const std::string line = peer.line();
    if (!line.empty()) peer.say("? " + line + "\r\n\r\n\r\n");
  });
  const auto id = dial();
  for (const char* line : {"one", "two", "three"}) world_->send(id, line);
  ASSERT_TRUE(run_until_outcomes(3));
  EXPECT_EQ(heard_.text.at(1), "[? one\r\n]");
  EXPECT_TRUE(heard_.text.at(2).ends_with("? two\r\n]"));
  EXPECT_TRUE(heard_.text.at(3).ends_with("? three\r\n]"));
}

TEST_F(ForeignWorld, WhatNobodyAskedForIsThrownAway) {
  start(echo);
  server_->on_caller = [](Peer& peer) { peer.say("welcome\n"); };
  const auto id = dial();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 1 && !heard_.text.empty(); }));
  turn_often();
  world_->send(id, "one");
  ASSERT_TRUE(run_until_outcomes(1));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[? one\n]"));
}

TEST_F(ForeignWorld, ThePatternPicksTheReply) {
  dialect_.reply_end = ReplyMatch{R"(\n> $)"};
  dialect_.reply_pattern = R"((?m)^answer: (.*)$)";
  start([](Peer& peer) {
    const std::string line = peer.line();
    if (line.empty()) return;
    peer.say(line == "two" ? "who?\n> " : "hello\nanswer: AT of " + line + "\n> ");
  });
  const auto id = dial();
  world_->send(id, "one");
  world_->send(id, "two");
  ASSERT_TRUE(run_until_outcomes(2));
  EXPECT_THAT(heard_.text, ElementsAre("connected", "[AT of one]", "[who?\n> ]"));
}

TEST_F(ForeignWorld, FinishingWaitsForEveryOutcome) {
  for (const ConnectionUse use : {ConnectionUse::kPersistent, ConnectionUse::kOneCommand}) {
    dialect_.connection = use;
    heard_ = {};
    start(echo);
    const auto id = dial();
    world_->send(id, "one");
    world_->send(id, "two");
    world_->finish(id);
    ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
    EXPECT_THAT(heard_.text, ElementsAre("connected", "[? one\n]", "[? two\n]", "over"));
    ASSERT_TRUE(run_until([&] { return server_->open() == 0; }));
    // The connection's number is used again.
    EXPECT_EQ(dial(), id);
    world_.reset();
  }
}

TEST_F(ForeignWorld, EverythingCrossesTheAccessLink) {
  const LinkConditions slow{2ms, {JitterShape::kUniform, 1ms}, 1e7, 0.01};
  for (const bool one : {false, true}) {
    dialect_.connection = one ? ConnectionUse::kOneCommand : ConnectionUse::kPersistent;
    dialect_.half_close = one;
    heard_ = {};
    start(echo, std::make_unique<AccessLink>(
                    AccessLink{LinkModel(1, "up", slow), LinkModel(1, "down", slow)}));
    const auto id = dial();
    std::vector<std::string> want;
    for (int i = 0; i < 20; ++i) {
      world_->send(id, std::to_string(i));
      want.push_back("[? " + std::to_string(i) + "\n]");
    }
    world_->finish(id);
    ASSERT_TRUE(run_until([&] { return heard_.gone > 0; }));
    ASSERT_THAT(heard_.text, SizeIs(22));
    EXPECT_EQ(std::vector(heard_.text.begin() + 1, heard_.text.end() - 1), want);
    EXPECT_EQ(heard_.text.back(), "over");
    world_.reset();
  }
}

TEST_F(ForeignWorld, WakesWhoAskedToBe) {
  start(echo);
  world_->set_zero(clock_.now());
  world_->wake_at(world_->now());
  ASSERT_TRUE(run_until([&] { return heard_.wakes == 1; }));
}

}  // namespace
}  // namespace sim
