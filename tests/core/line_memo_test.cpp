#include "core/line_memo.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "core/parse.h"
#include "core/random.h"
#include "core/record_store.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

// A store whose lines came on links.
struct Held {
  RecordStore store;
  LineMemo memo;

  Verdict take(std::string_view line) {
    const Verdict verdict = store.offer(std::get<RecordView>(parse_link_line(line)));
    if (verdict == Verdict::kAccepted) memo.add(store.last_taken());
    return verdict;
  }
  bool knows(std::string_view line) const {
    const KeptReport* const found = memo.find(line);
    EXPECT_TRUE(found == nullptr || found->line() == line);
    return found != nullptr;
  }
};

TEST(LineMemo, FindsWhatWasTakenByEveryByte) {
  Held held;
  const std::string line = "AT Alford +0.263873386 kiwi +34.068930-118.445127 1479413884.392014450";
  EXPECT_FALSE(held.knows(line));
  held.take(line);
  EXPECT_TRUE(held.knows(line));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string other = line;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(held.knows(other)) << other;
    EXPECT_FALSE(held.knows(line.substr(i + 1)));
    EXPECT_FALSE(held.knows(line.substr(0, i)));
  }
}

// What it finds is not changed when a newer report takes its place.
TEST(LineMemo, KeepsAReportThatIsNoLongerTheNewest) {
  Held held;
  const std::string older = "AT A +1 kiwi +1+1 1000.000000001";
  held.take(older);
  held.take("AT A +1 kiwi +1+1 1000.000000002");
  ASSERT_TRUE(held.knows(older));
  EXPECT_EQ(held.memo.find(older)->view().time, "1000.000000001");
  EXPECT_EQ(held.store.offer(held.memo.find(older)->view()), Verdict::kStale);
}

// Lines with the same end have four places: a fifth takes that of the oldest.
TEST(LineMemo, ForgetsALineThatLosesItsPlace) {
  Held held;
  const auto line_of = [](const std::string& client) {
    return "AT A +1 " + client + " +1+1 1000.000000001";
  };
  for (const char* client : {"kiwi", "plum", "pear", "fig"}) held.take(line_of(client));
  EXPECT_TRUE(held.knows(line_of("kiwi")));
  held.take(line_of("lime"));
  EXPECT_FALSE(held.knows(line_of("kiwi")));
  for (const char* client : {"plum", "pear", "fig", "lime"}) {
    EXPECT_TRUE(held.knows(line_of(client))) << client;
  }
}

TEST(LineMemo, TakesLinesInTheOrderInWhichTheyWereAdded) {
  constexpr int kTaken = 5000;  // more than it keeps
  Held held;
  const auto line_of = [](int i) {
    return "AT A +1 c" + std::to_string(i % 16) + " +1+1 1000." + std::to_string(100'000'000 + i);
  };
  LineMemo::Position next = 0;
  EXPECT_EQ(held.memo.take_next(line_of(0) + "\n", next), nullptr);
  held.take(line_of(0));
  ASSERT_NE(held.memo.find(line_of(0), &next), nullptr);
  for (int i = 1; i < kTaken; ++i) {
    EXPECT_EQ(held.memo.take_next(line_of(i) + "\n", next), nullptr) << "it is not added yet";
    held.take(line_of(i));
    EXPECT_EQ(held.memo.take_next(line_of(i), next), nullptr) << "the ending has not come yet";
    const KeptReport* const found = held.memo.take_next(line_of(i) + "\nAT", next);
    ASSERT_NE(found, nullptr) << i;
    EXPECT_EQ(found->line(), line_of(i));
  }
}

// It keeps a few thousand reports, and loses few of the newest because others took their places.
TEST(LineMemo, ForgetsTheOldestReports) {
  constexpr int kTaken = 10'000, kKept = 4096, kNewest = 2048;
  Held held;
  const auto line_of = [](int i) {
    return "AT A +1 c" + std::to_string(i % 16) + " +1+1 1000." + std::to_string(100'000'000 + i);
  };
  for (int i = 0; i < kTaken; ++i) held.take(line_of(i));
  int newest = 0;
  for (int i = 0; i < kTaken - kKept; ++i) EXPECT_FALSE(held.knows(line_of(i))) << i;
  for (int i = kTaken - kNewest; i < kTaken; ++i) newest += held.knows(line_of(i)) ? 1 : 0;
  EXPECT_GT(newest, kNewest * 98 / 100);
}

TEST(LineMemo, InUseLearnsTheLinesThatAServerWrites) {
  const auto memo = std::make_shared<LineMemo>();
  Trace trace;
  ServerConfig config{.name = "Alford"};
  config.herd = std::make_shared<const HerdConfig>(HerdConfig{.name = "paper", .lines = memo});
  Server server(ServerId{0}, config, trace, trace);
  server.connection_opened(ConnectionId{0});
  const auto say = [&](const std::string& line) {
    server.line_received(ConnectionId{0}, {line, "\n"}, moment_at(Instant()));
    return server.records().find("kiwi");
  };
  say("IAMAT kiwi +1+1 1000.000000001");
  EXPECT_FALSE(memo->is_used()) << "no line came on a link";
  memo->add(*server.records().find("kiwi"));
  ASSERT_TRUE(memo->is_used());
  const Record* const held = say("IAMAT kiwi +1+1 1000.000000002");
  EXPECT_EQ(held->time_ns(), 1'000'000'000'002);
  EXPECT_EQ(memo->find(held->line()), held->kept());
}

// Whatever it finds has the fields that parsing finds.
TEST(LineMemo, OfADrawnFloodHasTheFieldsOfTheLine) {
  Random random(7, "line memo");
  Held held;
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = "AT A +1 c" + std::to_string(random.below(50)) + " +1+1 " +
                             std::to_string(1'000'000 + i / 20 - static_cast<int>(random.below(3)));
    if (const KeptReport* const known = held.memo.find(line)) {
      ++found;
      const RecordView parsed = std::get<RecordView>(parse_link_line(line));
      ASSERT_EQ(known->line(), line);
      ASSERT_EQ(known->time_ns(), parsed.time_ns);
      ASSERT_EQ(compare(known->view(), parsed), std::strong_ordering::equal);
      ASSERT_EQ(known->client(), parsed.client);
    }
    held.take(line);
  }
  EXPECT_GT(found, 1000);
}

}  // namespace
}  // namespace herd
