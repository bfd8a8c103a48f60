// The lines that one server sends to synchronize with its neighbours, and their order.
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/limits.h"
#include "core/parse.h"
#include "core/random.h"
#include "core/record_store.h"
#include "core/record_summary.h"
#include "core/sync_lines.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kNone = "0 0000000000000000";
constexpr std::string_view kKiwi = "AT Ball +1 kiwi +1+1 5";
constexpr std::string_view kPlum = "AT Ball +1 plum +1+1 5";

// Returns the count and the fingerprint of these AT lines, as in HOLD and BEGIN.
std::string held(std::initializer_list<std::string_view> lines) {
  RecordStore store;
  for (const std::string_view line : lines) {
    store.offer(std::get<RecordView>(parse_link_line(line)));
  }
  std::string out;
  format_sync(out, SyncHold{RecordSummary(store).total()});
  return out.substr(std::string_view("SYNC HOLD ").size());
}

// Returns the server's effects without the observer's reports of summary bytes.
std::string said(std::string_view trace) {
  std::string out;
  while (!trace.empty()) {
    const std::string_view event = trace.substr(0, trace.find('\n') + 1);
    trace.remove_prefix(event.size());
    if (!event.starts_with("summary ")) out += event;
  }
  return out;
}

// Alford with recovery. Hamilton (neighbour 0) is on connection 10, Welsh (neighbour 1) on 11.
class SyncServer : public FakeServer {
 public:
  explicit SyncServer(Scheme scheme = Scheme::kFlood) : FakeServer(scheme, Recovery::kSync) {
    start();
  }
  // A client reports its location.
  void know(std::string_view client) {
    open(0);
    say(0, "IAMAT " + std::string(client) + " +1+1 5");
  }
  std::string link_hamilton() {
    dialled(0, 10);
    return acknowledge(10);
  }
  std::string link_welsh() {
    open(11);
    return open_link(11);
  }
  std::string hear(std::uint32_t connection, std::string_view text) {
    return said(say(connection, text));
  }
  bool over(std::uint32_t neighbor) const { return server.recovery_is_over(NeighborId{neighbor}); }
};

std::string sends(std::uint32_t connection, std::string_view text) {
  return "send " + std::to_string(connection) + " [" + std::string(text) + "<LF>]\n";
}

TEST(Sync, DialledEndSpeaksFirst) {
  SyncServer world;
  EXPECT_TRUE(world.over(0)) << "its link is down";
  EXPECT_EQ(world.link_hamilton(), "link 10 is 0\nup 0\n");
  EXPECT_FALSE(world.over(0));
  const std::string linked = world.link_welsh();
  EXPECT_EQ(linked,
            world.opened(11) + "summary 1 29\nsend 11 [SYNC HOLD 0 0000000000000000<LF>]\n");
}

TEST(Sync, EqualsAreSynchronizedAtOnce) {
  SyncServer world;
  world.link_hamilton();
  world.link_welsh();
  EXPECT_EQ(world.say(10, "SYNC HOLD 0 0000000000000000"),
            "summary 0 29\nsend 10 [SYNC HOLD 0 0000000000000000<LF>]\nin step 0\n");
  EXPECT_EQ(world.say(11, "SYNC HOLD 0 0000000000000000"), "in step 1\n");
  EXPECT_TRUE(world.over(0));
  EXPECT_TRUE(world.over(1));
  EXPECT_EQ(world.advance(1h), "");
  EXPECT_EQ(world.server.deadline(), std::nullopt);
}

TEST(Sync, WithoutRecoveryItIsAlwaysOver) {
  FakeServer world;
  world.link_up();
  EXPECT_TRUE(world.server.recovery_is_over(NeighborId{0}));
}

TEST(Sync, WhoHoldsLessLeads) {
  const std::string kiwi = held({kKiwi}), two = held({kKiwi, kPlum});
  struct Row {
    std::string_view name, theirs;
    bool leads_hamilton, leads_welsh;
  };
  // Alford holds one record. It dials Hamilton; Welsh dials Alford.
  const Row rows[] = {{"they hold more", two, true, true},
                      {"they hold less", kNone, false, false},
                      {"as many, but others: who dialled", "1 0123456789abcdef", true, false}};
  for (const auto& [name, theirs, leads_hamilton, leads_welsh] : rows) {
    SCOPED_TRACE(name);
    for (const bool welsh : {false, true}) {
      SyncServer world;
      world.know("kiwi");
      const std::string own = held({"AT Alford +1479413879.655887836 kiwi +1+1 5"});
      const std::uint32_t connection = welsh ? 11 : 10;
      const std::string up = said(welsh ? world.link_welsh() : world.link_hamilton());
      EXPECT_EQ(up.ends_with(sends(11, "SYNC HOLD " + own)), welsh);
      std::string want = welsh ? "" : sends(10, "SYNC HOLD " + own);
      if (welsh ? leads_welsh : leads_hamilton) want += sends(connection, "SYNC BEGIN " + own);
      EXPECT_EQ(world.hear(connection, "SYNC HOLD " + std::string(theirs)), want);
      EXPECT_FALSE(world.over(welsh ? 1 : 0));
    }
  }
}

// An empty server leads with one neighbour, the one that holds the most, and then with the next.
TEST(Sync, LeadsOneAtATime) {
  SyncServer world;
  world.link_hamilton();
  world.link_welsh();
  const std::string one = held({kKiwi}), two = held({kKiwi, kPlum});
  EXPECT_EQ(world.hear(11, "SYNC HOLD " + two), sends(11, "SYNC BEGIN 0 0000000000000000"));
  EXPECT_EQ(world.hear(10, "SYNC HOLD " + one), sends(10, "SYNC HOLD 0 0000000000000000"))
      << "Hamilton has to wait";
  EXPECT_EQ(world.hear(11, "SYNC " + std::string(kKiwi)), "received 1 taken kiwi 5\n")
      << "and hears of it later";
  EXPECT_EQ(world.hear(11, "SYNC " + std::string(kPlum)), "received 1 taken plum 5\n");
  EXPECT_EQ(world.hear(11, "SYNC END 0"), "in step 1\n" + sends(10, "SYNC BEGIN " + two));
  EXPECT_TRUE(world.over(1));
  EXPECT_EQ(world.hear(10, "SYNC LIST * 0123456789abcdef:5:0123456789abcdef"),
            // Hamilton's record must come, and Alford's two must go.
            sends(10, "SYNC WANT 0123456789abcdef") + "repair 0 kiwi 5\n" +
                sends(10, "SYNC " + std::string(kKiwi)) + "repair 0 plum 5\n" +
                sends(10, "SYNC " + std::string(kPlum)));
  EXPECT_EQ(world.hear(10, "SYNC END 1"), sends(10, "SYNC END 1"));
  EXPECT_EQ(world.hear(10, "SYNC AT Ball +1 pear +1+1 5"),
            "received 0 taken pear 5\nsent 1 pear 5\n"
            "update 11 [AT Ball +1 pear +1+1 5]\n")
      << "Welsh is in step: for it this is news";
  EXPECT_EQ(world.hear(10, "SYNC END 0"), "in step 0\n");
}

TEST(Sync, FollowsAnyNumberAtOnce) {
  SyncServer world;
  world.know("kiwi");
  const std::string own = "AT Alford +1479413879.655887836 kiwi +1+1 5";
  world.link_hamilton();
  world.link_welsh();
  world.hear(10, "SYNC HOLD 0 0000000000000000");
  EXPECT_EQ(world.hear(11, "SYNC HOLD 0 0000000000000000"), "") << "Welsh is to begin";
  EXPECT_EQ(
      world.hear(10, "SYNC BEGIN 0 0000000000000000"),
      "repair 0 kiwi 5\n" + sends(10, "SYNC " + own) + sends(10, "SYNC END 0") + "in step 0\n");
  EXPECT_EQ(
      world.hear(11, "SYNC BEGIN 0 0000000000000000"),
      "repair 1 kiwi 5\n" + sends(11, "SYNC " + own) + sends(11, "SYNC END 0") + "in step 1\n");
}

// A repair never goes back to its sender, even with a scheme that echoes news.
TEST(Sync, RepairsAreNotEchoed) {
  SyncServer world(Scheme::kFloodEcho);
  world.link_hamilton();
  world.hear(10, "SYNC HOLD " + held({kKiwi}));
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kKiwi)), "received 0 taken kiwi 5\n");
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kKiwi)), "received 0 held kiwi 5\n");
  EXPECT_EQ(world.hear(10, std::string(kPlum)),
            "received 0 taken plum 5\nsent 0 plum 5\nupdate 10 [" + std::string(kPlum) + "]\n");
}

// A record that was withheld before the neighbour's HOLD came is sent in a comparison.
TEST(Sync, ComparesAgainWhereItHeldSomethingBack) {
  SyncServer world;
  world.link_hamilton();
  world.hear(10, "SYNC HOLD " + held({kKiwi}));
  world.link_welsh();  // Alford's HOLD says that it holds nothing
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kKiwi)), "received 0 taken kiwi 5\n");
  world.hear(10, "SYNC END 0");
  EXPECT_EQ(world.hear(11, "SYNC HOLD 0 0000000000000000"), sends(11, "SYNC HOLD " + held({kKiwi})))
      << "equal to what was said, but no more";
  EXPECT_FALSE(world.over(1));
  EXPECT_EQ(world.hear(11, "SYNC HOLD 0 0000000000000000"), "");
  EXPECT_EQ(world.hear(11, "SYNC BEGIN 0 0000000000000000"),
            "repair 1 kiwi 5\n" + sends(11, "SYNC " + std::string(kKiwi)) +
                sends(11, "SYNC END 0") + "in step 1\n");
}

// The other side of it: a neighbour may begin a comparison on a synchronized link. The link is
// reported as synchronized only once.
TEST(Sync, FollowsWhereItWasSynchronized) {
  SyncServer world;
  world.link_hamilton();
  world.hear(10, "SYNC HOLD 0 0000000000000000");
  EXPECT_TRUE(world.over(0));
  EXPECT_EQ(world.hear(10, "SYNC BEGIN " + held({kKiwi})),
            sends(10, "SYNC LIST *") + sends(10, "SYNC END 1"));
  EXPECT_FALSE(world.over(0));
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kKiwi)), "received 0 taken kiwi 5\n");
  EXPECT_EQ(world.hear(10, "SYNC END 0"), "");
  EXPECT_TRUE(world.over(0));
}

TEST(Sync, TurnWithoutProgressGivesWay) {
  SyncServer world;
  world.link_hamilton();
  world.link_welsh();
  const std::string one = held({kKiwi});
  EXPECT_EQ(world.hear(10, "SYNC HOLD " + one),
            sends(10, "SYNC HOLD 0 0000000000000000") + sends(10, "SYNC BEGIN 0 0000000000000000"));
  EXPECT_EQ(world.hear(11, "SYNC HOLD " + one), "");
  EXPECT_EQ(world.pass(4s), "");
  world.hear(10, "SYNC " + std::string(kPlum));  // counts as progress
  EXPECT_EQ(world.pass(kHandshakeTimeout - 1ns), "");
  EXPECT_EQ(said(world.pass(1ns)), sends(11, "SYNC BEGIN " + held({kPlum})));
  EXPECT_EQ(world.hear(11, "SYNC END 0"), "in step 1\n");
  EXPECT_EQ(world.pass(1h), "");
  // The slow neighbour may still finish.
  EXPECT_EQ(world.hear(10, "SYNC END 0"), "in step 0\n");
}

// A neighbour without recovery: its link is never synchronized, but the others are. After the
// timeout for its HOLD, repairs from the others are sent to it at once.
TEST(Sync, NeighbourThatNeverSaysWhatItHolds) {
  SyncServer world;
  world.link_hamilton();
  world.link_welsh();
  EXPECT_EQ(world.hear(10, "SYNC HOLD " + held({kKiwi, kPlum})),
            sends(10, "SYNC HOLD 0 0000000000000000") + sends(10, "SYNC BEGIN 0 0000000000000000"));
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kPlum)), "received 0 taken plum 5\n");
  EXPECT_EQ(world.pass(kHandshakeTimeout), "");
  EXPECT_EQ(world.hear(10, "SYNC " + std::string(kKiwi)),
            "received 0 taken kiwi 5\nsent 1 kiwi 5\nupdate 11 [" + std::string(kKiwi) + "]\n");
  EXPECT_EQ(world.hear(10, "SYNC END 0"), "in step 0\n");
  EXPECT_FALSE(world.over(1));
  EXPECT_EQ(world.hear(11, "SYNC HOLD 0 0000000000000000"),
            sends(11, "SYNC HOLD " + held({kKiwi, kPlum})))
      << "late, but not too late; what it said before is out of date";
}

TEST(Sync, LinkThatComesBackBeginsAnew) {
  SyncServer world;
  world.link_welsh();
  const std::string one = held({kKiwi});
  EXPECT_EQ(world.hear(11, "SYNC HOLD " + one), sends(11, "SYNC BEGIN 0 0000000000000000"));
  EXPECT_EQ(world.gone(11), "down 1\n");
  EXPECT_TRUE(world.over(1));
  EXPECT_TRUE(said(world.link_welsh()).ends_with(sends(11, "SYNC HOLD 0 0000000000000000")));
  EXPECT_EQ(world.hear(11, "SYNC HOLD " + one), sends(11, "SYNC BEGIN 0 0000000000000000"))
      << "the turn that was under way is not counted any more";
}

TEST(Sync, LinesOutOfPlaceAreRefusedAndNotAnswered) {
  const std::string hold = "SYNC HOLD 1 0123456789abcdef";
  const std::string begin = "SYNC BEGIN 1 0123456789abcdef";
  const std::string sum = "SYNC SUM * - - - - - - - - - - - - - - - -";
  const auto refused = [](SyncServer& world, std::string_view line) {
    EXPECT_EQ(world.hear(11, line),
              "refused on a link: out-of-place @0 '" + std::string(line) + "'\n");
  };
  SyncServer world;
  world.link_welsh();
  for (const std::string_view line :
       {std::string_view(begin), std::string_view(sum), std::string_view("SYNC LIST *"),
        std::string_view("SYNC WANT 0123456789abcdef"), std::string_view("SYNC MORE"),
        std::string_view("SYNC GO"), std::string_view("SYNC END 0")}) {
    refused(world, line);
  }
  EXPECT_EQ(world.hear(11, hold), sends(11, "SYNC BEGIN 0 0000000000000000"));
  refused(world, hold);
  refused(world, begin);
  refused(world, "SYNC GO");
  EXPECT_EQ(world.hear(11, "SYNC END"), "refused on a link: missing-field @8\n");
  EXPECT_EQ(world.hear(11, "SYNC END 1"), sends(11, "SYNC END 0") + "in step 1\n");
  refused(world, "SYNC END 0");
  EXPECT_EQ(world.hear(11, hold),
            sends(11, "SYNC HOLD 0 0000000000000000") + sends(11, "SYNC BEGIN 0 0000000000000000"))
      << "asks for another comparison";
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
}

// A neighbour may send an AT line of the greatest length. With SYNC before it, the line would be
// too long for a link.
TEST(Sync, RecordWithoutRoomForTheWordGoesAsNews) {
  SyncServer world;
  world.link_hamilton();
  world.hear(10, "SYNC HOLD 0 0000000000000000");
  std::string longest = "AT Ball +1 ";
  const std::string rest = " +1+1 5";
  longest.append(kMaxLinkLine - longest.size() - rest.size(), 'x').append(rest);
  world.hear(10, longest);
  world.link_welsh();
  world.hear(11, "SYNC HOLD 0 0000000000000000");
  const std::string out = world.hear(11, "SYNC BEGIN 0 0000000000000000");
  EXPECT_NE(out.find(sends(11, longest)), std::string::npos);
  EXPECT_TRUE(world.over(1));
}

TEST(Sync, ClientsMayNotSayIt) {
  SyncServer world;
  world.open(0);
  EXPECT_EQ(world.say(0, "SYNC HOLD 0 0000000000000000"),
            "refused: unknown-command @0 'SYNC'\n"
            "send 0 [? SYNC HOLD 0 0000000000000000<LF>]\n");
}

// Random lines on both links are refused or answered, never with `? `, and the links stay up.
TEST(Sync, SurvivesAnything) {
  Random random(1, "sync/anything");
  static constexpr std::string_view kLines[] = {
      "SYNC HOLD 3 0123456789abcdef",
      "SYNC HOLD 0 0000000000000000",
      "SYNC BEGIN 99 0123456789abcdef",
      "SYNC BEGIN 0 0000000000000000",
      "SYNC SUM * 1.0123456789abcdef - - - - - - - - - - - - - - 9.0123456789abcdef",
      "SYNC LIST *",
      "SYNC LIST * 0123456789abcdef:5:0123456789abcdef",
      "SYNC WANT 0123456789abcdef",
      "SYNC MORE",
      "SYNC GO",
      "SYNC END 0",
      "SYNC END 7",
      "SYNC AT Ball +1 kiwi +1+1 5",
      "SYNC AT Ball +1 kiwi +1+1",
      "AT Ball +1 plum +1+1 6",
      "SYNC",
      "ALIVE"};
  for (int round = 0; round < 200; ++round) {
    SyncServer world;
    for (int i = 0; i < 20; ++i) world.know("client-" + std::to_string(i));
    world.link_hamilton();
    world.link_welsh();
    for (int i = 0; i < 100; ++i) {
      const std::string out =
          world.say(random.below(2) == 0 ? 10 : 11, kLines[random.below(std::size(kLines))]);
      ASSERT_EQ(out.find("[?"), std::string::npos);
      if (random.below(20) == 0) world.pass(3s);
    }
    EXPECT_TRUE(world.server.all_links_up());
    EXPECT_LE(world.server.records().size(), 22U);
  }
}

}  // namespace
}  // namespace herd
