// How a server opens its links, keeps them up and dials them again.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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
    {"good", "LINK paper Welsh Alford W-to-A",
     "link 0 is 1\nsend 0 [LINKED paper Alford Welsh A-to-W<LF>]\nup 1\n"},
    {"good in other white space", "  LINK paper\tWelsh Alford W-to-A ",
     "link 0 is 1\nsend 0 [LINKED paper Alford Welsh A-to-W<LF>]\nup 1\n"},
    {"wrong proof", "LINK paper Welsh Alford W-to-B",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Alford W-to-B<LF>]\nclose 0 bad-proof\n"},
    {"proof cut short", "LINK paper Welsh Alford W-to-",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Alford W-to-<LF>]\nclose 0 bad-proof\n"},
    {"proof and more", "LINK paper Welsh Alford W-to-AA",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Alford W-to-AA<LF>]\nclose 0 bad-proof\n"},
    {"the other way's proof", "LINK paper Welsh Alford A-to-W",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Alford A-to-W<LF>]\nclose 0 bad-proof\n"},
    {"another herd", "LINK Paper Welsh Alford W-to-A",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK Paper Welsh Alford W-to-A<LF>]\nclose 0 bad-proof\n"},
    {"no neighbour", "  LINK paper Ball Alford W-to-A",
     "refused: bad-proof @2 'LINK'\n"
     "send 0 [?   LINK paper Ball Alford W-to-A<LF>]\nclose 0 bad-proof\n"},
    {"itself", "LINK paper Alford Alford W-to-A",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Alford Alford W-to-A<LF>]\nclose 0 bad-proof\n"},
    {"meant for another", "LINK paper Welsh Ball W-to-A",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Ball W-to-A<LF>]\nclose 0 bad-proof\n"},
    {"a neighbour that is not the one to dial", "LINK paper Hamilton Alford H-to-A",
     "refused: bad-proof @0 'LINK'\n"
     "send 0 [? LINK paper Hamilton Alford H-to-A<LF>]\nclose 0 bad-proof\n"},
    {"no proof: a bad line, no failed proof", "LINK paper Welsh Alford",
     "refused: missing-field @23\nsend 0 [? LINK paper Welsh Alford<LF>]\n"},
};

TEST(LinkOpening, Table) {
  for (const auto& [name, line, want] : kOpenings) {
    SCOPED_TRACE(name);
    FakeServer world;
    world.open(0);
    EXPECT_EQ(world.say(0, line), want);
    const bool up = want.find("up 1") != std::string_view::npos;
    EXPECT_EQ(world.server.link_is_up(NeighborId{1}), up);
    EXPECT_FALSE(world.server.all_links_up()) << "the other one is not";
  }
}

TEST(LinkOpening, RefusalHasTheLinesEnding) {
  FakeServer world;
  world.open(0);
  EXPECT_EQ(world.say(0, "LINK paper Welsh Alford no", "\r\n"),
            "refused: bad-proof @0 'LINK'\n"
            "send 0 [? LINK paper Welsh Alford no<CR><LF>]\nclose 0 bad-proof\n");
  EXPECT_EQ(world.say(0, "LINK paper Welsh Alford W-to-A"), "") << "there is no second try";
  EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "");
}

TEST(LinkOpening, HasToBeTheFirstLine) {
  for (const std::string_view first : {"", "hello", "IAMAT c +0+0 0"}) {
    FakeServer world;
    world.open(0);
    world.say(0, first);
    EXPECT_EQ(world.say(0, "LINK paper Welsh Alford W-to-A"),
              "refused: bad-proof @0 'LINK'\nsend 0 [? LINK paper Welsh Alford W-to-A<LF>]\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1}));
    EXPECT_EQ(world.say(0, "?"), "refused: unknown-command @0 '?'\nsend 0 [? ?<LF>]\n")
        << "it is a client's connection and stays one";
  }
}

TEST(LinkOpening, NewestConnectionOfANeighbourReplacesTheOld) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.say(0, "LINK paper Welsh Alford W-to-A");
  EXPECT_EQ(world.say(1, "LINK paper Welsh Alford W-to-A"),
            "down 1\nclose 0 replaced\n"
            "link 1 is 1\nsend 1 [LINKED paper Alford Welsh A-to-W<LF>]\nup 1\n");
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
  world.say(0, "LINK paper Welsh Alford W-to-A");
  EXPECT_EQ(world.end_input(0), "down 1\nclose 0 peer-done\n");
  EXPECT_EQ(world.say(1, "LINK paper Welsh Alford W-to-A"),
            "link 1 is 1\nsend 1 [LINKED paper Alford Welsh A-to-W<LF>]\nup 1\n");
}

TEST(LinkOpening, FailedProofLeavesTheLinkThatIsThere) {
  FakeServer world;
  world.link_up();
  world.open(0);
  world.say(0, "LINK paper Welsh Alford guess");
  EXPECT_TRUE(world.server.all_links_up());
  world.gone(0);
  EXPECT_TRUE(world.server.all_links_up());
}

TEST(Dialling, StartsWithWhatIsItsOwnToDial) {
  FakeServer world;
  EXPECT_EQ(world.start(), "dial 0\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout);
  EXPECT_EQ(world.advance(1s), "");
  EXPECT_EQ(world.dialled(0, 3), "send 3 [LINK paper Alford Hamilton A-to-H<LF>]\n");
  EXPECT_EQ(world.timeout(), kHandshakeTimeout - 1s) << "it runs from the dial";
  EXPECT_EQ(world.say(3, "LINKED paper Hamilton Alford H-to-A"), "link 3 is 0\nup 0\n");
  EXPECT_EQ(world.server.deadline(), std::nullopt);
  EXPECT_EQ(world.advance(1h), "");
  EXPECT_TRUE(world.server.link_is_up(NeighborId{0}));
}

constexpr Row kAcknowledgements[] = {
    {"wrong proof", "LINKED paper Hamilton Alford H-to-B",
     "bad-proof @0 'LINKED paper Hamilton Alford H-to-B'"},
    {"own proof sent back", "LINKED paper Hamilton Alford A-to-H",
     "bad-proof @0 'LINKED paper Hamilton Alford A-to-H'"},
    {"another herd", "LINKED papers Hamilton Alford H-to-A",
     "bad-proof @0 'LINKED papers Hamilton Alford H-to-A'"},
    {"from another", "LINKED paper Welsh Alford H-to-A",
     "bad-proof @0 'LINKED paper Welsh Alford H-to-A'"},
    {"for another", "LINKED paper Hamilton Welsh H-to-A",
     "bad-proof @0 'LINKED paper Hamilton Welsh H-to-A'"},
    {"the opening sent back", "LINK paper Alford Hamilton A-to-H", "unknown-command @0 'LINK'"},
    {"a refusal", "? LINK paper Alford Hamilton A-to-H", "unknown-command @0 '?'"},
    {"an update before the proof", "AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
    {"a client's command", "IAMAT c +0+0 1", "unknown-command @0 'IAMAT'"},
    {"empty", "", "missing-field @0"},
    {"no proof", "LINKED paper Hamilton Alford", "missing-field @28"},
};

TEST(Dialling, WrongAcknowledgementEndsTheConnection) {
  for (const auto& [name, line, want] : kAcknowledgements) {
    SCOPED_TRACE(name);
    FakeServer world;
    world.start();
    world.dialled(0, 3);
    EXPECT_EQ(world.say(3, line),
              "refused on a link: " + std::string(want) + "\nclose 3 not-linked\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{0}));
    EXPECT_EQ(world.server.records().size(), 0U);
    EXPECT_EQ(world.say(3, "LINKED paper Hamilton Alford H-to-A"), "") << "it is too late now";
    const auto timeout = world.timeout();
    EXPECT_EQ(world.gone(3), "");
    EXPECT_EQ(world.timeout(), timeout) << "a failure counts once";
    EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
  }
}

TEST(Dialling, SilentNeighbourIsGivenUp) {
  FakeServer world;
  world.start();
  world.dialled(0, 3);
  EXPECT_EQ(world.advance(kHandshakeTimeout - 1ns), "");
  EXPECT_EQ(world.advance(1ns), "close 3 not-linked\n");
  EXPECT_EQ(world.say(3, "LINKED paper Hamilton Alford H-to-A"), "") << "it is too late now";
  EXPECT_EQ(world.advance(kFirstBackoff), "dial 0\n");
  EXPECT_EQ(world.gone(3), "") << "the world may take its time";
  EXPECT_EQ(world.dialled(0, 3), "send 3 [LINK paper Alford Hamilton A-to-H<LF>]\n");
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
  world.say(3, "LINKED paper Hamilton Alford H-to-A");
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

TEST(Dialling, ThatIsNeverAnsweredIsGivenUp) {
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
  ServerConfig config{"paper", "A", Scheme::kFloodEcho, {}, 1};
  config.neighbors.push_back({"B", true, "x", "y", 2s});
  config.neighbors.push_back({"C", true, "x", "y", 10ms});
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
  EXPECT_EQ(world.redial(0), "close 3 replaced\ndial 0\n") << "it was being proven";
  EXPECT_EQ(world.say(3, "LINKED paper Hamilton Alford H-to-A"), "") << "it is too late now";
  EXPECT_EQ(world.dialled(0, 4), "send 4 [LINK paper Alford Hamilton A-to-H<LF>]\n");
  EXPECT_EQ(world.gone(3), "") << "nor is it missed";
  EXPECT_EQ(world.say(4, "LINKED paper Hamilton Alford H-to-A"), "link 4 is 0\nup 0\n");
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
    {"an opening", "LINK paper Welsh Alford W-to-A",
     "refused on a link: unknown-command @0 'LINK'\n"},
    {"an acknowledgement", "LINKED paper Hamilton Alford H-to-A",
     "refused on a link: unknown-command @0 'LINKED'\n"},
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
  world.say(11, "LINK paper Welsh Alford W-to-A");
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1})) << "the neighbour may dial again";
}

// Each of several neighbours has its deadline in time; none is forgotten.
TEST(Timers, OfSeveralNeighbours) {
  Trace trace;
  ServerConfig config{"paper", "A", Scheme::kFloodEcho, {}, 1};
  for (const char* const name : {"B", "C", "D"}) config.neighbors.push_back({name, true, "x", "y"});
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
  const Record newer(std::get<RecordView>(parse_link_line("AT Welsh +1 kiwi +34.0-118.0 2")));
  const Record older(std::get<RecordView>(parse_link_line("AT Welsh +1 kiwi +34.0-118.0 1")));
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
