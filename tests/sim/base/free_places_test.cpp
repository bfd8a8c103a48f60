#include "sim/base/free_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "core/ids.h"

namespace sim {
namespace {

using testing::ElementsAre;

TEST(FreePlaces, AppendsItemsWhileNoPlaceIsFree) {
  std::vector<std::string> items;
  FreePlaces<> places;
  EXPECT_EQ(places.take(items, 3, 'a'), 0U);
  EXPECT_EQ(places.take(items), 1U);
  EXPECT_THAT(items, ElementsAre("aaa", ""));
}

TEST(FreePlaces, TakesThePlaceFirstThatWasGivenBackLast) {
  std::deque<std::string> items{"a", "b", "c"};
  FreePlaces<> places;
  places.give_back(0);
  places.give_back(2);
  EXPECT_EQ(places.take(items, "new"), 2U);
  EXPECT_EQ(places.take(items, "new"), 0U);
  EXPECT_THAT(items, ElementsAre("a", "b", "c")) << "items stay as they were left";
  EXPECT_EQ(places.take(items, "new"), 3U);
  EXPECT_THAT(items, ElementsAre("a", "b", "c", "new"));
}

TEST(FreePlaces, GivesAllPlacesBackAtOnce) {
  std::vector<int> items{1, 2};
  FreePlaces<herd::ConnectionId> places;
  places.give_back(herd::ConnectionId{0});
  places.give_back_all(2);
  EXPECT_EQ(places.take(items), herd::ConnectionId{0});
  EXPECT_EQ(places.take(items), herd::ConnectionId{1});
  EXPECT_EQ(places.take(items), herd::ConnectionId{2});
  places.give_back_all(0);
  EXPECT_EQ(places.take(items), herd::ConnectionId{3});
}

TEST(FreePlaces, DropsManyItemsOnceNoneIsInUse) {
  std::vector<std::string> items;
  FreePlaces<> places;
  for (int i = 0; i < 3; ++i) places.take(items, "used");
  places.give_back(0);
  places.give_back(2);
  places.drop_unused(items, 2);
  EXPECT_EQ(items.size(), 3U) << "one is in use";
  places.give_back(1);
  places.drop_unused(items, 3);
  EXPECT_EQ(items.size(), 3U) << "they are few";
  places.drop_unused(items, 2);
  EXPECT_EQ(items.size(), 0U);
  EXPECT_EQ(places.take(items, "new"), 0U);
}

}  // namespace
}  // namespace sim
