#include "sim/measure/metrics/report_memo.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace sim {
namespace {

// Returns `count` distinct reports, at arbitrary addresses.
std::deque<herd::Record> reports(std::uint32_t count) {
  std::deque<herd::Record> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string line = "AT S1 +0.0 kiwi +1.0+1.0 " + std::to_string(i);
    const std::string_view text = line;
    out.emplace_back(herd::RecordView{text, text.substr(3, 2), text.substr(6, 4),
                                      text.substr(11, 4), text.substr(16, 8), text.substr(25), i},
                     0U);
  }
  return out;
}

TEST(ReportMemo, KnowsWhatItWasToldOfAsManyAsItHasRoomFor) {
  for (const std::uint32_t most : {0U, 1U, 2U, 7U, 8U, 1000U}) {
    const auto all = reports(most + 5);
    ReportMemo memo(most);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(memo.find(all[i].kept()), nullptr);
      memo.remember({all[i].kept(), i, i + 1});
    }
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const ReportMemo::Known* known = memo.find(all[i].kept());
      ASSERT_EQ(known != nullptr, i < most) << i << " of " << most;
      if (known == nullptr) continue;
      EXPECT_EQ(known->report, all[i].kept());
      EXPECT_EQ(known->subject, i);
      EXPECT_EQ(known->place, i + 1);
    }
  }
}

}  // namespace
}  // namespace sim
