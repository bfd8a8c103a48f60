// How a server opens its links, keeps them up and dials them again.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/limits.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

struct Row {
  std::string_view name, line, want;
};

constexpr Row kOpenings[] = {
    {"good", "LINK paper Welsh Alford w", "send 0 [NONCE n1<LF>]\n"},
    {"good in other white space", "  LINK paper\tWelsh Alford w ", "send 0 [NONCE n1<LF>]\n"},
    {"another herd", "LINK Paper Welsh Alford w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK Paper Welsh Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"no neighbour", "  LINK paper Ball Alford w",
     "refused: bad-handshake @2 'LINK'\n"
     "send 0 [?   LINK paper Ball Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"itself", "LINK paper Alford Alford w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Alford Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"meant for another", "LINK paper Welsh Ball w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Ball w<LF>]\nclose 0 bad-handshake\n"},
    {"a neighbour that is not the one to dial", "LINK paper Hamilton Alford h",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Hamilton Alford h<LF>]\nclose 0 bad-handshake\n"},
    {"no nonce: a bad line, no failed handshake", "LINK paper Welsh Alford",
     "refused: missing-field @23\nsend 0 [? LINK paper Welsh Alford<LF>]\n"},
};

TEST(LinkOpening, Table) {
  for (const auto& [name, line, want] : kOpenings) {
    SCOPED_TRACE(name);
    FakeServer world;
    world.open(0);
    EXPECT_EQ(world.say(0, line), want);
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1})) << "nobody has proven anything";
  }
}

TEST(LinkOpening, IsOverOnceTheMacIsRight) {
  for (const std::string_view space : {" ", "\t  "}) {
    FakeServer world;
    world.open(0);
    EXPECT_EQ(world.ask_link(0), "send 0 [NONCE n1<LF>]\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1}));
    std::string line = world.mac_of_welsh(0);
    line.replace(line.find(' '), 1, space);
    EXPECT_EQ(world.say(0, line, "\r\n"), world.opened(0));
    EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
    EXPECT_FALSE(world.server.all_links_up()) << "the other one is not";
  }
}

TEST(LinkOpening, AnythingButTheRightMacEndsIt) {
  const std::string right = "MAC " + fake_mac("MAC", "Welsh", "Alford", "w", "n1");
  const std::pair<std::string, std::string> rows[] = {
      {right.substr(0, right.size() - 1), ""},
      {right + "1", ""},
      {"MAC " + fake_mac("MAC", "Welsh", "Alford", "w", "n2"), ""},
      {"MAC " + fake_mac("MAC", "Alford", "Welsh", "n1", "w"), ""},
      {"MAC " + fake_mac("LINKED", "Welsh", "Alford", "w", "n1"), ""},
      {"MAC", "missing-field @3"},
      {right + " x", "extra-field @" + std::to_string(right.size() + 1) + " 'x'"},
      {"LINK paper Welsh Alford w", "unknown-command @0 'LINK'"},
      {"IAMAT c +0+0 0", "unknown-command @0 'IAMAT'"},
      {"AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
      {"", "missing-field @0"},
  };
  for (const auto& [line, error] : rows) {
    SCOPED_TRACE(line);
    FakeServer world;
    world.open(0);
    world.ask_link(0);
    EXPECT_EQ(world.say(0, line),
              "refused: " + (error.empty() ? "bad-handshake @0 '" + line + "'" : error) +
                  "\nsend 0 [? " + line + "<LF>]\nclose 0 bad-handshake\n");
    EXPECT_EQ(world.say(0, right), "") << "there is no second try";
    EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "");
    EXPECT_EQ(world.server.records().size(), 0U);
    EXPECT_EQ(world.gone(0), "");
  }
}

TEST(LinkOpening, RefusalHasTheLinesEnding) {
  FakeServer world;
  world.open(0);
  EXPECT_EQ(world.say(0, "LINK paper Welsh Ball no", "\r\n"),
            "refused: bad-handshake @0 'LINK'\n"
            "send 0 [? LINK paper Welsh Ball no<CR><LF>]\nclose 0 bad-handshake\n");
  EXPECT_EQ(world.ask_link(0), "") << "there is no second try";
  EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "");
}

TEST(LinkOpening, HasToBeTheFirstLine) {
  for (const std::string_view first : {"", "hello", "IAMAT c +0+0 0", "MAC x", "NONCE x"}) {
    FakeServer world;
    world.open(0);
    world.say(0, first);
    EXPECT_EQ(world.ask_link(0),
              "refused: bad-handshake @0 'LINK'\nsend 0 [? LINK paper Welsh Alford w<LF>]\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1}));
    EXPECT_EQ(world.say(0, "?"), "refused: unknown-command @0 '?'\nsend 0 [? ?<LF>]\n")
        << "it is a client's connection and stays one";
  }
}

// An attacker repeats what it has seen of a good handshake, as often as it likes.
TEST(LinkOpening, ReplayedLinesProveNothing) {
  FakeServer world;
  world.open(0);
  world.open_link(0);
  const std::string seen = world.mac_of_welsh(0);
  for (std::uint32_t n = 1; n <= 1000; ++n) {
    world.open(n);
    EXPECT_EQ(world.ask_link(n),
              "send " + std::to_string(n) + " [NONCE n" + std::to_string(n + 1) + "<LF>]\n");
    EXPECT_EQ(world.say(n, seen).find("link"), std::string::npos);
    EXPECT_EQ(world.say(n, "AT Ball +1 forged +0+0 1"), "");
    world.gone(n);
  }
  EXPECT_EQ(world.server.records().size(), 0U);
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1})) << "it is the neighbour's own still";
}

TEST(LinkOpening, MayBreakOffAtAnyLine) {
  FakeServer world;
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.server.max_line(ConnectionId{0}), kMaxClientLine);
  EXPECT_EQ(world.end_input(0), "close 0 peer-done\n");
  EXPECT_EQ(world.gone(0), "");
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.gone(0), "");
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.say_overlong(0, "MAC xxx"),
            "refused: too-long @8192 'MAC xxx'\nsend 0 [? MAC xxx<LF>]\nclose 0 overlong\n");
  EXPECT_EQ(world.server.deadline(), std::nullopt) << "Welsh dials";
}

TEST(LinkOpening, NewestConnectionOfANeighbourReplacesTheOld) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.open_link(0);
  const std::string replaced = world.open_link(1);
  EXPECT_EQ(replaced, "down 1\nclose 0 replaced\n" + world.opened(1));
  EXPECT_EQ(world.say(0, "AT Ball +1 c +0+0 1"), "") << "the old one is not heard any more";
  EXPECT_EQ(world.gone(0), "") << "nor missed";
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
  EXPECT_EQ(world.say(1, "AT Ball +1 c +0+0 1"),
            "received 1 taken c 1\nsent 1 c 1\nupdate 1 [AT Ball +1 c +0+0 1]\n");
}

TEST(LinkOpening, OldConnectionMayBeEndingWhenItIsReplaced) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.open_link(0);
  EXPECT_EQ(world.end_input(0), "down 1\nclose 0 peer-done\n");
  const std::string opened = world.open_link(1);
  EXPECT_EQ(opened, world.opened(1));
}

TEST(LinkOpening, FailedHandshakeLeavesTheLinkThatIsThere) {
  FakeServer world;
  world.link_up();
  world.open(0);
  world.ask_link(0);
  EXPECT_TRUE(world.server.all_links_up());
  world.say(0, "MAC guess");
  EXPECT_TRUE(world.server.all_links_up());
  world.gone(0);
  EXPECT_TRUE(world.server.all_links_up());
}

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
constexpr Row kNoNonces[] = {
    {"the acknowledgement at once", "LINKED paper Hamilton Alford x",
     "unknown-command @0 'LINKED'"},
    {"the question sent back", "LINK paper Alford Hamilton n1", "unknown-command @0 'LINK'"},
    {"a refusal", "? LINK paper Alford Hamilton n1", "unknown-command @0 '?'"},
    {"an update", "AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
    {"empty", "", "missing-field @0"},
    {"no nonce", "NONCE", "missing-field @5"},
    {"two", "NONCE a b", "extra-field @8 'b'"},
};
constexpr Row kAcknowledgements[] = {
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

void expect_dial_ends(const Row& row, bool has_nonce) {
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
  for (const Row& row : kNoNonces) expect_dial_ends(row, false);
  for (const Row& row : kAcknowledgements) expect_dial_ends(row, true);
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
  ServerConfig config{.herd = "paper", .name = "A", .authenticator = &authenticator};
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

// Only the observer learns of bad lines on a link.
constexpr Row kLinkLines[] = {
    {"news goes back too, as it came", " AT  Ball +1 c +0+0 2 ",
     "received 0 taken c 2\n"
     "sent 0 c 2\nupdate 10 [ AT  Ball +1 c +0+0 2 ]\n"
     "sent 1 c 2\nupdate 11 [ AT  Ball +1 c +0+0 2 ]\n"},
    {"the same again", "AT Ball +1 c +0+0 2", "received 0 held c 2\n"},
    {"older", "AT Ball +1 c +0+0 1", "received 0 stale c 1\n"},
    {"empty", "", "refused on a link: missing-field @0\n"},
    {"unknown", "HELLO", "refused on a link: unknown-command @0 'HELLO'\n"},
    {"a refusal", "? AT Ball +1 c +0+0 2", "refused on a link: unknown-command @0 '?'\n"},
    {"a client's report", "IAMAT d +0+0 1", "refused on a link: unknown-command @0 'IAMAT'\n"},
    {"a client's question", "WHATSAT c 1 1", "refused on a link: unknown-command @0 'WHATSAT'\n"},
    {"a question for a link", "LINK paper Welsh Alford w",
     "refused on a link: unknown-command @0 'LINK'\n"},
    {"an acknowledgement", "LINKED paper Hamilton Alford x",
     "refused on a link: unknown-command @0 'LINKED'\n"},
    {"a server that the herd does not have", "AT Nobody +1 d +0+0 2",
     "refused on a link: unknown-server @3 'Nobody'\n"},
    {"the herd's name is no server's", "AT paper +1 d +0+0 2",
     "refused on a link: unknown-server @3 'paper'\n"},
    {"a bad field", "AT Ball 1 c +0+0 3", "refused on a link: bad-skew @8 '1'\n"},
    {"a sign of life", "ALIVE", ""},
    {"a sign of life and more", "ALIVE 1", "refused on a link: extra-field @6 '1'\n"},
    {"recovery, which this server does not know", "SYNC HOLD 0 0000000000000000",
     "refused on a link: unknown-command @0 'SYNC'\n"},
};

TEST(Link, NeverAnswers) {
  FakeServer world;
  world.link_up();
  for (const auto& [name, line, want] : kLinkLines) {
    SCOPED_TRACE(name);
    EXPECT_EQ(world.say(10, line), want);
  }
  EXPECT_TRUE(world.server.all_links_up()) << "bad lines do not end a link";
}

TEST(Link, SplitHorizonLeavesTheSenderOut) {
  FakeServer world(Scheme::kFlood);
  world.link_up();
  EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"),
            "received 0 taken c 2\nsent 1 c 2\nupdate 11 [AT Ball +1 c +0+0 2]\n");
  EXPECT_EQ(world.say(11, "AT Ball +1 c +0+0 3"),
            "received 1 taken c 3\nsent 0 c 3\nupdate 10 [AT Ball +1 c +0+0 3]\n");
}

TEST(Link, ThatIsDownIsSentNothing) {
  FakeServer world;
  world.link_up();
  world.gone(10);
  EXPECT_EQ(world.say(11, "AT Ball +1 c +0+0 2"),
            "received 1 taken c 2\nsent 1 c 2\nupdate 11 [AT Ball +1 c +0+0 2]\n");
}

// The server sends no more on the connection, even if its close takes time.
TEST(Link, IsDownOnceTheOtherSideHasEnded) {
  FakeServer world;
  world.link_up();
  EXPECT_EQ(world.end_input(10), "down 0\nclose 10 peer-done\n");
  EXPECT_FALSE(world.server.link_is_up(NeighborId{0}));
  EXPECT_EQ(world.say(11, "AT Ball +1 c +0+0 2"),
            "received 1 taken c 2\nsent 1 c 2\nupdate 11 [AT Ball +1 c +0+0 2]\n");
  EXPECT_EQ(world.gone(10), "");
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
}

TEST(Link, OverlongLineEndsIt) {
  FakeServer world;
  world.link_up();
  EXPECT_EQ(world.say_overlong(10, "AT xxx"),
            "refused on a link: too-long @9216 'AT xxx'\ndown 0\nclose 10 overlong\n");
  EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"), "");
  EXPECT_EQ(world.say_overlong(10, "AT xxx"), "");
  EXPECT_EQ(world.end_input(10), "");
  EXPECT_EQ(world.gone(10), "");
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");

  EXPECT_EQ(world.say_overlong(11, "AT xxx"),
            "refused on a link: too-long @9216 'AT xxx'\ndown 1\nclose 11 overlong\n");
  EXPECT_EQ(world.gone(11), "");
  world.open(11);
  world.open_link(11);
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1})) << "the neighbour may dial again";
}

// Each of several neighbours has its deadline in time; none is forgotten.
TEST(Timers, OfSeveralNeighbours) {
  Trace trace;
  FakeAuthenticator authenticator;
  ServerConfig config{.herd = "paper", .name = "A", .authenticator = &authenticator};
  for (const char* const name : {"B", "C", "D"}) config.neighbors.push_back({name, true});
  Server server(ServerId{0}, config, trace, trace);
  Instant now;
  server.start(moment_at(now));
  EXPECT_EQ(trace.take(), "dial 0\ndial 1\ndial 2\n");
  server.dial_failed(NeighborId{1}, moment_at(now));
  server.dialled(NeighborId{0}, ConnectionId{0}, moment_at(now));
  server.dial_failed(NeighborId{2}, moment_at(now));
  trace.take();
  std::string seen;
  Instant last = now;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(server.deadline());
    now = *server.deadline();
    EXPECT_GE(now, last);
    last = now;
    server.time_reached(moment_at(now));
    seen += trace.take();
  }
  EXPECT_TRUE(seen == "dial 1\ndial 2\nclose 0 not-linked\n" ||
              seen == "dial 2\ndial 1\nclose 0 not-linked\n")
      << seen;
  ASSERT_TRUE(server.deadline());
  // If the world wakes the server very late, the timeouts of the other dials have also passed.
  now = *server.deadline() + 1h;
  server.time_reached(moment_at(now));
  const std::string late = trace.take();
  EXPECT_EQ(std::ranges::count(late, '\n'), 3) << late;
  for (const std::string_view each : {"dial 0\n", "abandon 1\n", "abandon 2\n"}) {
    EXPECT_NE(late.find(each), std::string::npos) << each;
  }
  ASSERT_TRUE(server.deadline());
  EXPECT_GT(*server.deadline(), now);
}

// A server treats a report passed as a value like the same report as a line.
TEST(Links, TakeReportsAsValues) {
  const std::uint32_t hash = RecordStore::client_hash({}, "kiwi");
  const Record newer(std::get<RecordView>(parse_link_line("AT Welsh +1 kiwi +34.0-118.0 2")), hash);
  const Record older(std::get<RecordView>(parse_link_line("AT Welsh +1 kiwi +34.0-118.0 1")), hash);
  FakeServer by_line(Scheme::kFloodEcho, Recovery::kNone, KeepAlive{});
  FakeServer by_value(Scheme::kFloodEcho, Recovery::kNone, KeepAlive{});
  for (FakeServer* each : {&by_line, &by_value}) {
    each->link_up();
    each->advance(std::chrono::milliseconds(700));
  }
  for (const auto& [neighbor, connection] : {std::pair(1U, 11U), std::pair(0U, 10U)}) {
    for (const Record* record : {&newer, &newer, &older}) {
      const std::string heard = by_line.say(connection, record->view().line);
      EXPECT_NE(heard, "");
      EXPECT_EQ(by_value.hand_in(neighbor, record->view()), heard) << neighbor;
      EXPECT_EQ(by_value.timeout(), by_line.timeout());
    }
  }
  // The report is shared, not copied.
  EXPECT_EQ(by_value.server.records().find("kiwi")->kept(), newer.kept());
}

}  // namespace
}  // namespace herd
