// Tests of a relay between two endpoints that the test plays over real sockets.
#include "sim/engines/relay/link_relay.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "sim/base/io/address.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;

class Tap final : public LinkTap {
 public:
  std::uint32_t line_said(std::uint32_t direction, std::string_view line) override {
    if (!line.starts_with("AT")) return kNoMessage;
    said.emplace_back(std::to_string(direction) + " " + std::string(line));
    return static_cast<std::uint32_t>(said.size() - 1);
  }
  void message_arrived(std::uint32_t, std::uint32_t message) override {
    arrived.push_back(message);
  }
  void message_lost(std::uint32_t, std::uint32_t message) override { lost.push_back(message); }
  void link_stands(std::uint32_t) override { ++stood; }
  void link_ended(std::uint32_t) override { ++ended; }

  std::vector<std::string> said;
  std::vector<std::uint32_t> arrived, lost;
  int stood = 0, ended = 0;
};

// An endpoint: a server that listens, and the connections that it dialled or accepted.
class End final : public StreamOwner {
 public:
  End(IoLoop& loop) : loop_(loop), port_(loop, [this](uv_stream_t* l) { accept(l); }) {
    EXPECT_FALSE(port_.open("127.0.0.1", 0));
  }
  ~End() override {
    for (Stream* stream : open_) stream->abandon();
  }
  sockaddr_storage address() const { return *numeric_address("127.0.0.1", port_.port()); }
  Stream& dial(std::uint16_t port) {
    Stream* const stream = Stream::create(loop_, *this, 0);
    stream->set_raw();
    const auto address = *numeric_address("127.0.0.1", port);
    EXPECT_EQ(stream->connect(reinterpret_cast<const sockaddr*>(&address)), 0);
    open_.push_back(stream);
    return *stream;
  }
  void stop_listening() { port_.close(); }
  void accept(uv_stream_t* listener) {
    Stream* const stream = Stream::create(loop_, *this, 0);
    stream->set_raw();
    EXPECT_EQ(stream->accept(listener), 0);
    open_.push_back(stream);
    newest = stream;
  }
  std::size_t max_line(const Stream&) const override { return 0; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void bytes_received(Stream&, std::string_view bytes) override { heard += bytes; }
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream& stream) override {
    ++half_closed;
    if (answer_at_end.empty()) return;
    stream.write(answer_at_end, "");
    stream.finish(false);
  }
  void closed(Stream& stream, StreamEnd end, int) override {
    end == StreamEnd::kOrderly ? ++closed_in_order : ++broken;
    std::erase(open_, &stream);
  }

  Stream* newest = nullptr;
  std::string heard, answer_at_end;
  int half_closed = 0, closed_in_order = 0, broken = 0;

 private:
  IoLoop& loop_;
  ListeningPort port_;
  std::vector<Stream*> open_;
};

class LinkRelayTest : public testing::Test {
 protected:
  void make(LinkUse use = LinkUse::kPersistent, Duration latency = Duration(0)) {
    LinkConditions conditions;
    conditions.latency = latency;
    relay_ = std::make_unique<LinkRelay>(
        alarms_, clock_, tap_,
        LinkRelay::Setup{0,
                         use,
                         {LinkModel(1, "a", conditions), LinkModel(1, "b", conditions)},
                         [](const Error& error) { ADD_FAILURE() << error.message; }});
    ASSERT_FALSE(relay_->open());
    relay_->set_server(0, a_.address());
    relay_->set_server(1, b_.address());
    for (const std::size_t endpoint : {0U, 1U}) relay_->set_listening(endpoint, true);
  }
  // Runs the loop until `holds` returns true, for a bounded time.
  ::testing::AssertionResult until(const std::function<bool()>& holds) {
    const std::uint64_t end = uv_hrtime() + kDeadlineNs;
    PreciseTimer timer(loop_, [this] { loop_.stop(); });
    while (!holds()) {
      if (uv_hrtime() > end) return ::testing::AssertionFailure() << "never";
      timer.arm(uv_hrtime() + 1'000'000);
      loop_.run();
    }
    return ::testing::AssertionSuccess();
  }

  IoLoop loop_;
  RunClock clock_;
  AlarmClock alarms_{loop_};
  Tap tap_;
  End a_{loop_}, b_{loop_};
  std::unique_ptr<LinkRelay> relay_;
};

TEST_F(LinkRelayTest, PassesBytesBothWaysUnchanged) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  stream.write("AT one\r\nhello\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT one\r\nhello\n"; }));
  b_.newest->write("AT back\n", "");
  ASSERT_TRUE(until([&] { return a_.heard == "AT back\n"; }));
  EXPECT_THAT(tap_.said, ElementsAre("0 AT one", "1 AT back"));
  EXPECT_THAT(tap_.arrived, ElementsAre(0, 1));
  EXPECT_EQ(relay_->bytes_handed(0), 14u);
  EXPECT_EQ(relay_->bytes_handed(1), 8u);
  EXPECT_EQ(tap_.stood, 1);
}

TEST_F(LinkRelayTest, EitherEndMayDial) {
  make();
  b_.dial(relay_->port_for(1)).write("AT two\n", "");
  ASSERT_TRUE(until([&] { return a_.heard == "AT two\n"; }));
  EXPECT_THAT(tap_.said, ElementsAre("1 AT two"));
}

TEST_F(LinkRelayTest, ALineWithoutAnEndingIsPassedOnAndCounted) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  stream.write("AT one", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT one"; }));
  stream.write("AT two", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT oneAT two"; }));
  EXPECT_THAT(tap_.said, ElementsAre("0 AT one", "0 AT two"));
}

TEST_F(LinkRelayTest, AMessageAConnectionEach) {
  make(LinkUse::kPerMessage);
  EXPECT_TRUE(relay_->stands());
  b_.answer_at_end = "bye";
  a_.dial(relay_->port_for(0)).write("AT one", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT one"; }));
  Stream& second = a_.dial(relay_->port_for(0));
  second.write("AT two", "");
  second.finish(false);
  ASSERT_TRUE(until([&] { return a_.heard == "bye" && a_.closed_in_order == 1; }));
  EXPECT_THAT(tap_.said, ElementsAre("0 AT one", "0 AT two"));
  EXPECT_EQ(b_.half_closed, 1);
  EXPECT_EQ(tap_.ended, 0) << "connections come and go";
}

// Many programs never close a connection that somebody else has opened.
TEST_F(LinkRelayTest, AConnectionThatIsNeverClosedIsLetGo) {
  make(LinkUse::kPerMessage);
  constexpr int kMessages = 60;
  for (int i = 0; i < kMessages; ++i) {
    Stream& stream = a_.dial(relay_->port_for(0));
    stream.write("AT " + std::to_string(i) + "\n", "");
    stream.finish(false);
  }
  ASSERT_TRUE(until([&] { return b_.half_closed == kMessages; }));
  EXPECT_THAT(tap_.arrived, testing::SizeIs(kMessages));
  ASSERT_TRUE(until([&] { return relay_->open_connections() == 0; }));
  ASSERT_TRUE(until([&] { return a_.closed_in_order == kMessages; }));
  EXPECT_TRUE(tap_.lost.empty());
}

TEST_F(LinkRelayTest, FewConnectionsLingerHoweverManyAreMade) {
  make(LinkUse::kPerMessage);
  std::size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    Stream& stream = a_.dial(relay_->port_for(0));
    stream.write("AT one\n", "");
    stream.finish(false);
    ASSERT_TRUE(until([&] { return b_.half_closed == i + 1; }));
    most = std::max(most, relay_->open_connections());
  }
  EXPECT_LE(most, 12U);
}

TEST_F(LinkRelayTest, AServerMayAnswerAfterTheDiallerHasEnded) {
  make(LinkUse::kPerMessage, std::chrono::milliseconds(20));
  b_.answer_at_end = "bye";
  Stream& stream = a_.dial(relay_->port_for(0));
  stream.write("AT one", "");
  stream.finish(false);
  ASSERT_TRUE(until([&] { return a_.heard == "bye" && a_.closed_in_order == 1; }));
}

TEST_F(LinkRelayTest, ItRefusesForAServerThatDoesNotListen) {
  make(LinkUse::kPerMessage);
  EXPECT_EQ(tap_.stood, 1);
  relay_->set_listening(1, false);
  EXPECT_EQ(tap_.ended, 1);
  EXPECT_FALSE(relay_->stands());
  a_.dial(relay_->port_for(0)).write("AT one\n", "");
  ASSERT_TRUE(until([&] { return a_.broken == 1; }));
  EXPECT_TRUE(tap_.said.empty()) << "as without a relay";
  b_.dial(relay_->port_for(1)).write("AT back\n", "");
  ASSERT_TRUE(until([&] { return a_.heard == "AT back\n"; })) << "it still listens";
  relay_->set_listening(1, true);
  EXPECT_EQ(tap_.stood, 2);
  a_.dial(relay_->port_for(0)).write("AT two\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT two\n"; }));
}

TEST_F(LinkRelayTest, ACutLinkStaysClosedToAServerThatComesBack) {
  make(LinkUse::kPerMessage);
  relay_->cut(CutHow::kClose);
  relay_->set_listening(1, false);
  relay_->set_listening(1, true);
  a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return a_.broken == 1; }));
  EXPECT_FALSE(relay_->restore());
  EXPECT_TRUE(relay_->stands());
  a_.dial(relay_->port_for(0)).write("AT one\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT one\n"; }));
}

TEST_F(LinkRelayTest, WhatGoesToAServerThatTakesNothingIsHeldBack) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return relay_->stands(); }));
  relay_->hold_towards(1, true);
  stream.write("AT one\n", "");
  ASSERT_TRUE(until([&] { return tap_.said.size() == 1; }));
  b_.newest->write("AT back\n", "");
  ASSERT_TRUE(until([&] { return a_.heard == "AT back\n"; })) << "the other direction goes on";
  EXPECT_EQ(b_.heard, "");
  EXPECT_THAT(tap_.arrived, ElementsAre(1));
  relay_->cut(CutHow::kBlackhole);
  relay_->hold_towards(1, false);
  EXPECT_FALSE(relay_->idle()) << "the blackhole holds it still";
  EXPECT_FALSE(relay_->restore());
  ASSERT_TRUE(until([&] { return b_.heard == "AT one\n"; }));
  EXPECT_THAT(tap_.arrived, ElementsAre(1, 0));
}

TEST_F(LinkRelayTest, WhatIsOnItsWayToAServerThatDiesIsLost) {
  make(LinkUse::kPerMessage, std::chrono::seconds(30));
  a_.dial(relay_->port_for(0)).write("AT one", "");
  a_.dial(relay_->port_for(0)).write("AT two\n", "");
  ASSERT_TRUE(until([&] { return tap_.said.size() == 2; }));
  relay_->set_listening(1, false);
  relay_->reset_connections();
  EXPECT_EQ(relay_->open_connections(), 0U);
  ASSERT_TRUE(until([&] { return a_.broken == 2; }));
  EXPECT_THAT(tap_.lost, testing::UnorderedElementsAre(0, 1));
  EXPECT_TRUE(tap_.arrived.empty());
}

// The relay waits a moment for the end of a line. The server may die in that moment.
TEST_F(LinkRelayTest, ALineWithoutAnEndingMayLoseItsConnection) {
  make(LinkUse::kPerMessage);
  b_.stop_listening();
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 5; ++i) a_.dial(relay_->port_for(0)).write("AT one", "");
    if (round % 2 == 1) relay_->reset_connections();
    ASSERT_TRUE(until([&] { return relay_->open_connections() == 0; }));
  }
  EXPECT_TRUE(tap_.arrived.empty());
}

TEST_F(LinkRelayTest, AHandshakeHasToBeAnsweredFirst) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  stream.write("LINK h A B 00\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "LINK h A B 00\n"; }));
  EXPECT_FALSE(relay_->stands()) << "it has to be proven";
  b_.newest->write("LINKED h B A 00\n", "");
  ASSERT_TRUE(until([&] { return relay_->stands(); }));
}

TEST_F(LinkRelayTest, ACutLosesWhatIsUnderWayAndRefusesDials) {
  make(LinkUse::kPersistent, std::chrono::seconds(30));
  Stream& stream = a_.dial(relay_->port_for(0));
  stream.write("AT one\n", "");
  ASSERT_TRUE(until([&] { return !tap_.said.empty(); }));
  relay_->cut(CutHow::kClose);
  EXPECT_THAT(tap_.lost, ElementsAre(0));
  EXPECT_TRUE(relay_->idle());
  ASSERT_TRUE(until([&] { return a_.half_closed == 1; }));
  a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return a_.broken == 1; }));
}

TEST_F(LinkRelayTest, ARestoredLinkCanBeDialledAgain) {
  make();
  a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return relay_->stands(); }));
  relay_->cut(CutHow::kReset);
  ASSERT_TRUE(until([&] { return a_.broken == 1; }));
  EXPECT_EQ(tap_.ended, 1);
  EXPECT_FALSE(relay_->restore());
  a_.dial(relay_->port_for(0)).write("AT again\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT again\n"; }));
  EXPECT_EQ(tap_.stood, 2);
}

TEST_F(LinkRelayTest, ARestoredLinkDoesNotWaitForWhatWasLost) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return relay_->stands(); }));
  TwoWayConditions slow;
  slow.forward.latency = std::chrono::hours(1);
  relay_->set(slow);
  stream.write("AT lost\n", "");
  ASSERT_TRUE(until([&] { return !tap_.said.empty(); }));
  relay_->cut(CutHow::kClose);
  relay_->set({});
  ASSERT_FALSE(relay_->restore());
  a_.dial(relay_->port_for(0)).write("AT kept\n", "");
  ASSERT_TRUE(until([&] { return b_.heard == "AT kept\n"; }));
  EXPECT_THAT(tap_.lost, ElementsAre(0));
  EXPECT_THAT(tap_.arrived, ElementsAre(1));
}

TEST_F(LinkRelayTest, ABlackholeHoldsBackWhatIsSaid) {
  make();
  Stream& stream = a_.dial(relay_->port_for(0));
  ASSERT_TRUE(until([&] { return relay_->stands(); }));
  relay_->cut(CutHow::kBlackhole);
  stream.write("AT one\n", "");
  a_.dial(relay_->port_for(0)).write("AT new\n", "");
  ASSERT_TRUE(until([&] { return tap_.said.size() == 2; }));
  EXPECT_EQ(b_.heard, "");
  EXPECT_EQ(a_.half_closed + a_.broken, 0) << "nobody is told";
  EXPECT_FALSE(relay_->restore());
  ASSERT_TRUE(until([&] { return b_.heard.size() == 14; }));
  // The messages are on two connections and may come in either order.
  EXPECT_THAT(b_.heard, testing::HasSubstr("AT one\n"));
  EXPECT_THAT(b_.heard, testing::HasSubstr("AT new\n"));
  EXPECT_TRUE(tap_.lost.empty());
}

TEST_F(LinkRelayTest, WhoDialsAServerThatIsGoneIsTold) {
  make();
  b_.stop_listening();
  a_.dial(relay_->port_for(0)).write("AT one\n", "");
  ASSERT_TRUE(until([&] { return a_.broken + a_.half_closed > 0; }));
  ASSERT_TRUE(until([&] { return tap_.said.size() == tap_.lost.size(); }));
  EXPECT_TRUE(tap_.arrived.empty());
}

}  // namespace
}  // namespace sim
