// How a server dials its neighbours, and dials them again.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/limits.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

struct DiallingRow {
  std::string_view name, line, want;
};

TEST(Dialling, StartsWithWhatIsItsOwnToDial) {
  FakeServer world;
  EXPECT_EQ(world.start(), "dial 0\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout);
  EXPECT_EQ(world.advance(1s), "");
  EXPECT_EQ(world.dialled(0, 3), "send 3 [LINK paper Alford Hamilton n1<LF>]\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout - 1s) << "it runs from the dial";
  EXPECT_EQ(world.say(3, " NONCE  h "),
            "send 3 [MAC " + fake_mac("MAC", "Alford", "Hamilton", "n1", "h") + "<LF>]\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout - 1s);
  EXPECT_EQ(world.say(3, world.linked_of_hamilton(3)), "link 3 is 0\nup 0\n");
  EXPECT_EQ(world.server.deadline(), std::nullopt);
  EXPECT_EQ(world.advance(1h), "");
  EXPECT_TRUE(world.server.link_is_up(NeighborId{0}));
}

// After LINK, and after the neighbour's nonce.
constexpr DiallingRow kNoNonces[] = {
    {"the acknowledgement at once", "LINKED paper Hamilton Alford x",
     "unknown-command @0 'LINKED'"},
    {"the question sent back", "LINK paper Alford Hamilton n1", "unknown-command @0 'LINK'"},
    {"a refusal", "? LINK paper Alford Hamilton n1", "unknown-command @0 '?'"},
    {"an update", "AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
    {"empty", "", "missing-field @0"},
    {"no nonce", "NONCE", "missing-field @5"},
    {"two", "NONCE a b", "extra-field @8 'b'"},
};
constexpr DiallingRow kDiallingAnswers[] = {
    {"a wrong MAC", "LINKED paper Hamilton Alford guess",
     "bad-handshake @0 'LINKED paper Hamilton Alford guess'"},
    {"another nonce", "LINKED paper Hamilton Alford LINKED:Hamilton>Alford:h:n2",
     "bad-handshake @0 'LINKED paper Hamilton Alford LINKED:Hamilton>Alford:h:n2'"},
    {"its own MAC sent back", "LINKED paper Hamilton Alford MAC:Alford>Hamilton:n1:h",
     "bad-handshake @0 'LINKED paper Hamilton Alford MAC:Alford>Hamilton:n1:h'"},
    {"another herd", "LINKED papers Hamilton Alford LINKED:Hamilton>Alford:h:n1",
     "bad-handshake @0 'LINKED papers Hamilton Alford LINKED:Hamilton>Alford:h:n1'"},
    {"from another", "LINKED paper Welsh Alford LINKED:Hamilton>Alford:h:n1",
     "bad-handshake @0 'LINKED paper Welsh Alford LINKED:Hamilton>Alford:h:n1'"},
    {"for another", "LINKED paper Hamilton Welsh LINKED:Hamilton>Alford:h:n1",
     "bad-handshake @0 'LINKED paper Hamilton Welsh LINKED:Hamilton>Alford:h:n1'"},
    {"a second nonce", "NONCE h", "unknown-command @0 'NONCE'"},
    {"a refusal", "? MAC x", "unknown-command @0 '?'"},
    {"an update before the MAC", "AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
    {"a client's command", "IAMAT c +0+0 1", "unknown-command @0 'IAMAT'"},
    {"empty", "", "missing-field @0"},
    {"no MAC", "LINKED paper Hamilton Alford", "missing-field @28"},
};

void expect_dial_ends(const DiallingRow& row, bool has_nonce) {
  SCOPED_TRACE(row.name);
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  if (has_nonce) world.say(3, "NONCE h");
  EXPECT_EQ(world.say(3, row.line),
            "refused on a link: " + std::string(row.want) + "\nclose 3 not-linked\n");
  EXPECT_FALSE(world.server.link_is_up(NeighborId{0}));
  EXPECT_EQ(world.server.records().size(), 0U);
  EXPECT_EQ(world.acknowledge(3), "") << "it is too late now";
  const auto timeout = world.timeout();
  EXPECT_EQ(world.gone(3), "");
  EXPECT_EQ(world.timeout(), timeout) << "a failure counts once";
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
}

TEST(Dialling, WrongAnswerEndsTheConnection) {
  for (const DiallingRow& row : kNoNonces) expect_dial_ends(row, false);
  for (const DiallingRow& row : kDiallingAnswers) expect_dial_ends(row, true);
}

TEST(Dialling, SilentNeighbourIsAbandoned) {
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  EXPECT_EQ(world.advance(kHandshakeTimeout - 1ns), "");
  EXPECT_EQ(world.advance(1ns), "close 3 not-linked\n");
  EXPECT_EQ(world.acknowledge(3), "") << "it is too late now";
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
  EXPECT_EQ(world.gone(3), "") << "the world may take its time";
  EXPECT_EQ(world.dialled(0, 3), "send 3 [LINK paper Alford Hamilton n2<LF>]\n")
      << "with another nonce";
}

TEST(Dialling, SilentNeighbourThatSendsNoMoreIsClosedOnce) {
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  EXPECT_EQ(world.end_input(3), "close 3 peer-done\n");
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
  EXPECT_EQ(world.advance(kHandshakeTimeout - 1ns), "");
}

TEST(Dialling, OverlongAcknowledgement) {
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  EXPECT_EQ(world.server.max_line(ConnectionId{3}), kMaxLinkLine);
  EXPECT_EQ(world.say_overlong(3, "LINKED xxx"),
            "refused on a link: too-long @9216 'LINKED xxx'\nclose 3 overlong\n");
  EXPECT_EQ(world.gone(3), "");
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
}

// Causes a failure of each kind. The wait before the next dial follows it.
enum class Failure { kRefused, kClosed, kWrong };

void fail(FakeServer& world, Failure how) {
  if (how == Failure::kRefused) {
    world.dial_failed(0);
    return;
  }
  world.dialled(0, 3);
  if (how == Failure::kWrong) world.say(3, "LINKED no such thing");
  world.gone(3);
}

TEST(BackOff, DoublesFromTenMillisecondsToASecond) {
  constexpr Duration kUps[] = {10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1000ms, 1s, 1s, 1s, 1s};
  for (const Failure how : {Failure::kRefused, Failure::kClosed, Failure::kWrong}) {
    FakeServer world;
    world.start();
    for (const Duration whole : kUps) {
      fail(world, how);
      const Duration wait = world.timeout().value_or(0s);
      EXPECT_GE(wait, whole / 2);
      EXPECT_LE(wait, whole);
      EXPECT_EQ(world.advance(wait - 1ns), "");
      EXPECT_EQ(world.advance(1ns), "dial 0\n");
      EXPECT_EQ(world.timeout(), kHandshakeTimeout);
    }
  }
}

TEST(BackOff, JitterFillsTheUpperHalf) {
  FakeServer world;
  world.start();
  Duration least = 1s, greatest = 0s;
  for (int i = 0; i < 500; ++i) {
    world.dial_failed(0);
    const Duration wait = world.timeout().value_or(0s);
    if (i >= 7) {
      least = std::min(least, wait);
      greatest = std::max(greatest, wait);
    }
    world.advance(wait);
  }
  EXPECT_GE(least, 500ms);
  EXPECT_LE(greatest, 1s);
  EXPECT_LT(least, 510ms);
  EXPECT_GT(greatest, 990ms);
}

TEST(BackOff, BeginsAnewAfterALinkThatStood) {
  FakeServer world;
  world.start();
  for (int i = 0; i < 8; ++i) {
    world.dial_failed(0);
    world.advance(1s);
  }
  world.dialled(0, 3);
  world.acknowledge(3);
  EXPECT_EQ(world.gone(3), "down 0\n");
  EXPECT_LE(world.timeout().value_or(1h), kFirstBackoff);
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
}

TEST(BackOff, IsTheDiallersAlone) {
  FakeServer world;
  world.link_up();
  EXPECT_EQ(world.gone(11), "down 1\n");
  EXPECT_EQ(world.server.deadline(), std::nullopt) << "Welsh dials";
  EXPECT_EQ(world.redial(1), "");
}

TEST(Dialling, ThatIsNeverAnsweredIsAbandoned) {
  FakeServer world;
  world.start();
  EXPECT_EQ(world.advance(kHandshakeTimeout - 1ns), "");
  EXPECT_EQ(world.advance(1ns), "abandon 0\n");
  const Duration wait = world.timeout().value_or(1h);
  EXPECT_LE(wait, kFirstBackoff);
  EXPECT_EQ(world.advance(wait), "dial 0\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout);
  world.advance(kHandshakeTimeout);
  EXPECT_GT(world.timeout().value_or(0s), kFirstBackoff / 2) << "the second failure in a row";
}

TEST(Dialling, TimeoutIsEachNeighboursOwn) {
  Trace trace;
  FakeAuthenticator authenticator;
  ServerConfig config{.name = "A"};
  config.herd = std::make_shared<const HerdConfig>(
      HerdConfig{.name = "paper", .authenticator = &authenticator});
  config.neighbors.push_back({"B", true, 2s});
  config.neighbors.push_back({"C", true, 10ms});
  Server server(ServerId{0}, config, trace, trace);
  Instant now;
  server.start(moment_at(now));
  server.dialled(NeighborId{0}, ConnectionId{0}, moment_at(now));
  EXPECT_EQ(server.deadline(), now + 10ms);
  trace.take();
  server.time_reached(moment_at(now + 10ms));
  EXPECT_EQ(trace.take(), "abandon 1\n");
  server.redial(NeighborId{1}, moment_at(now + 11ms));
  server.dial_failed(NeighborId{1}, moment_at(now + 11ms));
  trace.take();
  now += 2s;
  server.time_reached(moment_at(now));
  EXPECT_EQ(trace.take(), "dial 1\nclose 0 not-linked\n");
}

TEST(Redial, IsAtOnceAndForgetsTheBackOff) {
  FakeServer world;
  world.start();
  for (int i = 0; i < 8; ++i) {
    world.dial_failed(0);
    world.advance(1s);
  }
  world.dial_failed(0);
  EXPECT_EQ(world.redial(0), "dial 0\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout);
  EXPECT_EQ(world.advance(2s), "") << "the old timer is gone";
  world.dial_failed(0);
  EXPECT_LE(world.timeout().value_or(1h), kFirstBackoff);
}

TEST(Redial, BeginsAnewWhatBeganBefore) {
  FakeServer world;
  world.start();
  world.advance(4s);
  EXPECT_EQ(world.redial(0), "abandon 0\ndial 0\n") << "it was dialling";
  EXPECT_EQ(world.timeout(), kHandshakeTimeout);
  world.dialled(0, 3);
  EXPECT_EQ(world.redial(0), "close 3 redialled\ndial 0\n") << "it was in its handshake";
  EXPECT_EQ(world.acknowledge(3), "") << "it is too late now";
  EXPECT_EQ(world.dialled(0, 4), "send 4 [LINK paper Alford Hamilton n2<LF>]\n");
  EXPECT_EQ(world.gone(3), "") << "nor is it missed";
  EXPECT_EQ(world.acknowledge(4), "link 4 is 0\nup 0\n");
  EXPECT_EQ(world.redial(0), "") << "it stands";
  EXPECT_EQ(world.redial(1), "") << "Welsh dials";
}

TEST(Redial, OfAHandshakeThatIsOverAlready) {
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  EXPECT_EQ(world.end_input(3), "close 3 peer-done\n");
  EXPECT_EQ(world.redial(0), "dial 0\n");
}

}  // namespace
}  // namespace herd
