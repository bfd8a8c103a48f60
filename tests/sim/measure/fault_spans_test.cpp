#include "sim/measure/figures/fault_spans.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

namespace sim {
namespace {

TEST(FaultSpans, NamesMayHaveCommas) {
  const std::vector<RunEvent> events = {
      {herd::Duration(1), "h", "server_down", "A, north"},
      {herd::Duration(2), "h", "link_down", "A, north - B, reset"},
      {herd::Duration(3), "h", "link_proven", "A, north - B"}};
  const std::vector<FaultSpan> spans = fault_spans(events, "h");
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].who, "A, north");
  EXPECT_EQ(spans[1].who, "A, north - B");
  EXPECT_EQ(spans[1].to, herd::Duration(3));
}

TEST(FaultSpans, OfAllHerdsAndInEitherOrderOfALinksServers) {
  const std::vector<RunEvent> events = {{herd::Duration(1), "", "server_down", "A"},
                                        {herd::Duration(1), "", "link_down", "B - A"},
                                        {herd::Duration(1), "", "link_down", "2 links drawn"},
                                        {herd::Duration(2), "", "server_up", "A"},
                                        {herd::Duration(3), "h", "link_proven", "A - B"}};
  const std::vector<FaultSpan> spans = fault_spans(events, "h");
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].who, "A");
  EXPECT_EQ(spans[0].to, herd::Duration(2));
  EXPECT_EQ(spans[1].who, "B - A");
  EXPECT_EQ(spans[1].to, herd::Duration(3));
}

TEST(FaultSpans, ABlackholeEndsAtOnceIfTheLinkStayedConnected) {
  const auto at = [](int n) { return herd::Duration(n); };
  const std::vector<RunEvent> events = {{at(1), "h", "link_down", "A - B, blackhole"},
                                        {at(1), "h", "link_down", "B - C, blackhole"},
                                        {at(2), "h", "link_lost", "B - C"},
                                        {at(3), "", "link_up", "every link"},
                                        {at(4), "h", "link_proven", "B - C"}};
  const std::vector<FaultSpan> spans = fault_spans(events, "h");
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].to, at(3));
  EXPECT_EQ(spans[1].to, at(4));
}

TEST(FaultSpans, ALinkIsDownUntilItsHandshakeIsComplete) {
  using std::chrono::microseconds;
  const std::vector<RunEvent> events = {
      {microseconds(1), "h", "link_down", "A - B, blackhole, from A to B"},
      {microseconds(2), "h", "link_lost", "A - B"},
      {microseconds(3), "other", "link_proven", "A - B"},
      {microseconds(4), "h", "link_up", "A - B"},
      {microseconds(5), "h", "link_proven", "A - B"},
      {microseconds(6), "h", "pause", "A"}};
  const std::vector<FaultSpan> spans = fault_spans(events, "h");
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].who, "A - B");
  EXPECT_EQ(spans[0].from, microseconds(1));
  EXPECT_EQ(spans[0].to, microseconds(5));
  EXPECT_EQ(spans[1].kind, FaultSpan::Kind::kServerPaused);
  EXPECT_EQ(spans[1].to, std::nullopt);
}

}  // namespace
}  // namespace sim
