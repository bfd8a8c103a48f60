#include "core/record_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/random.h"
#include "core/record_store.h"
#include "tests/core/report_of.h"

namespace herd {
namespace {

constexpr RecordOrder kOrders[] = {RecordOrder::kClientTime, RecordOrder::kServerTime};

TEST(RecordOrder, HasANameInScenarios) {
  for (const RecordOrder order : kOrders) EXPECT_EQ(record_order_from(to_string(order)), order);
  EXPECT_EQ(record_order_from("client-time"), RecordOrder::kClientTime);
  EXPECT_EQ(record_order_from("server-time"), RecordOrder::kServerTime);
  for (const std::string_view other : {"", "client", "Client-time", "time"}) {
    EXPECT_FALSE(record_order_from(other)) << other;
  }
}

struct TimeRow {
  std::string_view skew, time;
  PosixNs want;
};

constexpr PosixNs kLast = std::numeric_limits<PosixNs>::max();

constexpr TimeRow kOrderTimes[] = {
    {"+0.263873386", "1479413884.392014450", 1'479'413'884'655'887'836},
    {"-0.344112164", "1479413885", 1'479'413'884'655'887'836},
    {"+0", "0", 0},
    {"-0", "1.5", 1'500'000'000},
    {"-1", "1", 0},
    {"-1.000000001", "1", 0},
    {"+0.0000000019", "1", 1'000'000'001},
    {"+007.5", "1", 8'500'000'000},
    {"+1", "9223372036.854775807", kLast},
    {"+0.000000001", "9223372036.854775806", kLast},
    {"-9223372036.854775807", "9223372036.854775807", 0},
    {"-9223372036.854775807", "0", 0},
    {"+99999999999999999999999999", "1", kLast},
    {"-99999999999999999999999999", "9223372036.854775807", 0},
};

TEST(ServerTime, Table) {
  for (const auto& [skew, time, want] : kOrderTimes) {
    const std::string line = "AT A " + std::string(skew) + " c +1+1 " + std::string(time);
    EXPECT_EQ(server_time(report_of(line)), want) << line;
    EXPECT_EQ(order_time(RecordOrder::kServerTime, report_of(line)), want) << line;
    EXPECT_EQ(order_time(RecordOrder::kClientTime, report_of(line)), report_of(line).time_ns)
        << line;
  }
}

// Each report is newer than the one before it, by server time.
constexpr std::string_view kOldestByServer[] = {
    "AT B +0.1 c +9+9 2",          // the server's clock showed 2.1
    "AT A +2 c +1+1 1",            // 3, with an older client time
    "AT A +1 c +1+1 2",            // 3, with a newer client time
    "AT A +1.0 c +1+1 2",          // by the skew's text
    "AT A +1 c +1+1 2.0",          // by the client time's text
    "AT B +1 c +1+1 2",            // by server
    "AT A +1 c +1+2 2",            // by location
    "AT A -9 c +1+1 12.000000001"  // 3.000000001
};

TEST(ServerTime, ComesFirstAndTheRestAsAlways) {
  for (std::size_t i = 0; i < std::size(kOldestByServer); ++i) {
    for (std::size_t j = 0; j < std::size(kOldestByServer); ++j) {
      EXPECT_EQ(compare(RecordOrder::kServerTime, report_of(kOldestByServer[i]),
                        report_of(kOldestByServer[j])),
                i <=> j)
          << kOldestByServer[i] << " and " << kOldestByServer[j];
    }
  }
}

TEST(ClientTime, ComparesAsEver) {
  for (const std::string_view a : kOldestByServer) {
    for (const std::string_view b : kOldestByServer) {
      EXPECT_EQ(compare(RecordOrder::kClientTime, report_of(a), report_of(b)),
                compare(report_of(a), report_of(b)));
    }
  }
}

// Returns reports with equal server times from clocks that differ.
std::vector<std::string> reports_of_equal_times() {
  std::vector<std::string> lines;
  for (const std::string time : {"1", "1.0", "2", "3"}) {
    for (const std::string location : {"+1+1", "-1+1"}) {
      for (const std::string server : {"A", "B"}) {
        for (const std::string skew : {"+1", "-1", "+0", "+99999999999999999999"}) {
          std::string line = "AT ";
          line += server + ' ' + skew + " c " + location + ' ' + time;
          lines.push_back(std::move(line));
        }
      }
    }
  }
  return lines;
}

TEST(RecordOrder, IsAStrictTotalOrder) {
  const std::vector<std::string> lines = reports_of_equal_times();
  std::vector<RecordView> all;
  for (const auto& line : lines) all.push_back(report_of(line));
  for (const RecordOrder order : kOrders) {
    int wrong = 0;
    for (const RecordView& a : all) {
      for (const RecordView& b : all) {
        wrong += (compare(order, a, b) == 0) != (a.line == b.line);
        wrong += (compare(order, a, b) < 0) != (compare(order, b, a) > 0);
        for (const RecordView& c : all) {
          wrong +=
              compare(order, a, b) < 0 && compare(order, b, c) < 0 && compare(order, a, c) >= 0;
        }
      }
    }
    EXPECT_EQ(wrong, 0) << to_string(order);
  }
}

// A store ends with the greatest report, for any order and number of arrivals.
TEST(RecordOrder, AStoreConvergesInAnyOrderOfArrival) {
  const std::vector<std::string> lines = reports_of_equal_times();
  for (const RecordOrder order : kOrders) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      SCOPED_TRACE(std::string(to_string(order)) + ", seed " + std::to_string(seed));
      Random random(seed, "arrivals");
      std::vector<RecordView> arrivals;
      for (std::uint64_t i = 1 + random.below(12); i > 0; --i) {
        arrivals.push_back(report_of(lines[random.below(lines.size())]));
      }
      const RecordView newest =
          *std::max_element(arrivals.begin(), arrivals.end(),
                            [&](const auto& a, const auto& b) { return compare(order, a, b) < 0; });
      RecordStore store(order);
      for (const RecordView& each : arrivals) {
        const Record* const held = store.find("c");
        const auto by =
            held == nullptr ? std::strong_ordering::greater : compare(order, each, held->view());
        const Verdict want = by > 0    ? Verdict::kAccepted
                             : by == 0 ? Verdict::kDuplicate
                                       : Verdict::kStale;
        ASSERT_EQ(store.offer(each), want) << each.line;
      }
      ASSERT_EQ(store.find("c")->view().line, newest.line);
      ASSERT_EQ(store.order_time_at(0), order_time(order, newest));
    }
  }
}

// A server whose clock is ahead keeps an older report of the client.
TEST(RecordOrder, ByServerTimeSkewDecides) {
  const std::string older = "AT Ahead +10.1 c +1+1 1", newer = "AT Behind +0.1 c +1+2 2";
  RecordStore by_client, by_server(RecordOrder::kServerTime);
  for (RecordStore* store : {&by_client, &by_server}) {
    store->offer_own(report_of(older));
    store->offer(report_of(newer));
  }
  EXPECT_EQ(by_client.find("c")->view().line, newer);
  EXPECT_EQ(by_server.find("c")->view().line, older);
}

// A client's repetition to the server that heard it is never news, in either order.
TEST(RecordOrder, ARepetitionIsHeldAlthoughItsServerTimeIsLater) {
  for (const RecordOrder order : kOrders) {
    RecordStore store(order);
    EXPECT_EQ(store.offer_own(report_of("AT A +1 c +1+1 1")), Verdict::kAccepted);
    EXPECT_EQ(store.offer_own(report_of("AT A +2 c +1+1 1")), Verdict::kDuplicate);
    EXPECT_EQ(store.offer_own(report_of("AT A +2 c +1+1 1.0")), Verdict::kDuplicate);
    EXPECT_EQ(store.find("c")->view().line, "AT A +1 c +1+1 1");
    EXPECT_EQ(store.offer_own(report_of("AT A +2 c +1+2 1")), Verdict::kAccepted)
        << "another place";
  }
}

}  // namespace
}  // namespace herd
