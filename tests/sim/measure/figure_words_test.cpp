#include "sim/measure/results/figure_words.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(ShareWords, OnlyNoneIsZeroAndOnlyAllIsHundred) {
  EXPECT_EQ(share_words(0, 7), "0 %");
  EXPECT_EQ(share_words(7, 7), "100 %");
  EXPECT_EQ(share_words(1, 1000), "<1 %");
  EXPECT_EQ(share_words(999, 1000), ">99 %");
  EXPECT_EQ(share_words(1, 3), "33 %");
  EXPECT_EQ(share_words(1, 100), "1 %");
}

TEST(DeliveryWords, TheRestWasNeverDelivered) {
  EXPECT_EQ(delivery_words(100, 66, 34),
            "fully delivered 66 %, superseded on the way 34 %, never 0 %");
  EXPECT_EQ(delivery_words(4, 2, 1),
            "fully delivered 50 %, superseded on the way 25 %, never 25 %");
}

}  // namespace
}  // namespace sim
