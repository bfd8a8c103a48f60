// What goes over the links of a server, and what ends them.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/limits.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

struct LinksRow {
  std::string_view name, line, want;
};

// Only the observer learns of bad lines on a link.
constexpr LinksRow kLinkLines[] = {
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

// A world that takes several links at once gets those of a flood together.
TEST(Link, NewsGoOutInGroups) {
  constexpr std::string_view kEach =
      "sent 0 c 2\nupdate 10 [AT Ball +1 c +0+0 2]\n"
      "sent 1 c 2\nupdate 11 [AT Ball +1 c +0+0 2]\n";
  constexpr std::string_view kTogether =
      "sent 0 c 2\nsent 1 c 2\nrelay 10 11 [AT Ball +1 c +0+0 2]\n";
  const std::pair<std::uint8_t, std::string_view> rows[] = {
      {0, kEach}, {1, kEach}, {2, kTogether}, {255, kTogether}};
  for (const auto& [at_once, want] : rows) {
    SCOPED_TRACE(int{at_once});
    FakeServer world(Scheme::kFloodEcho, Recovery::kNone, std::nullopt, RecordOrder::kClientTime,
                     std::nullopt, {}, std::nullopt, at_once);
    world.link_up();
    EXPECT_EQ(world.say(10, "AT Ball +1 c +0+0 2"), "received 0 taken c 2\n" + std::string(want));
    world.gone(10);
    EXPECT_EQ(world.say(11, "AT Ball +1 c +0+0 3"),
              "received 1 taken c 3\nsent 1 c 3\nupdate 11 [AT Ball +1 c +0+0 3]\n");
  }
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
  ServerConfig config{.name = "A"};
  config.herd = std::make_shared<const HerdConfig>(
      HerdConfig{.name = "paper", .authenticator = &authenticator});
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
