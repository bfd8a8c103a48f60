#include "sim/measure/metrics/applied_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace sim {
namespace {

// Compares with a set of pairs, for herds of all sizes near a word's number of bits.
TEST(AppliedSet, AgreesWithASetOfPairs) {
  std::mt19937 random(5);  // NOLINT: the same values every time
  for (const std::uint32_t servers : {1U, 5U, 63U, 64U, 65U, 130U}) {
    AppliedSet applied(servers);
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    std::uint32_t updates = 0;
    for (int i = 0; i < 5000; ++i) {
      if (updates == 0 || random() % 50 == 0) {
        applied.add_update();
        ++updates;
      }
      const auto update = static_cast<std::uint32_t>(random() % updates);
      const auto server = static_cast<std::uint32_t>(random() % servers);
      ASSERT_EQ(applied.insert(update, server), pairs.emplace(update, server).second)
          << update << " at " << server << " of " << servers;
    }
  }
}

}  // namespace
}  // namespace sim
