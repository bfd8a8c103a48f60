#include "sim/measure/metrics/holding_trail.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace sim {
namespace {

using std::chrono::nanoseconds;

TEST(HoldingTrail, KeepsWhatIsInIt) {
  std::mt19937_64 random(9);  // NOLINT: the same values every time
  for (const std::uint32_t servers : {1U, 5U, 100'000U}) {
    HoldingTrail trail(servers);
    EXPECT_TRUE(trail.begin() == trail.end());
    std::vector<HoldingLog> plain;
    for (int i = 0; i < 20'000; ++i) {
      HoldingLog entry;
      // Of any size and of either sign.
      const auto ns = static_cast<std::int64_t>(random()) >> (random() % 63 + 1);
      entry.at = herd::Instant(nanoseconds(ns / 2));
      entry.server = static_cast<std::uint32_t>(random() % servers);
      entry.update = random() % 20 == 0 ? kNoIndex : static_cast<std::uint32_t>(random() >> 33);
      if (i % 3 == 0 && i > 0) entry.update = plain.back().update;
      plain.push_back(entry);
      trail.add(entry);
    }
    std::size_t at = 0;
    for (const HoldingLog& entry : trail) {
      ASSERT_LT(at, plain.size());
      ASSERT_EQ(entry.at, plain[at].at) << at;
      ASSERT_EQ(entry.server, plain[at].server) << at;
      ASSERT_EQ(entry.update, plain[at].update) << at;
      ++at;
    }
    EXPECT_EQ(at, plain.size());
  }
}

// Floods that follow one another, over five servers.
TEST(HoldingTrail, TakesFourBytesAnEntry) {
  HoldingTrail trail(5);
  herd::Instant now;
  for (std::uint32_t update = 0; update < 1000; ++update) {
    for (std::uint32_t server = 0; server < 5; ++server) {
      now += nanoseconds(server == 0 ? 900'000 : 40'000);
      trail.add({now, server, update});
    }
  }
  EXPECT_LE(trail.bytes(), 4U * 5 * 1000 + 100);
}

}  // namespace
}  // namespace sim
