#include "core/schemes/given_records.h"

#include <gtest/gtest.h>

namespace herd {
namespace {

constexpr NeighborId kLeft{0}, kRight{1};

TEST(GivenRecords, ARecordIsGivenOnceToEachNeighbour) {
  GivenRecords given(2);
  EXPECT_TRUE(given.give(kLeft, 7));
  EXPECT_FALSE(given.give(kLeft, 7));
  EXPECT_TRUE(given.give(kLeft, 3));
  EXPECT_TRUE(given.give(kRight, 7));
}

TEST(GivenRecords, ANewRecordIsGivenAgain) {
  GivenRecords given(2);
  for (const std::uint32_t place : {1U, 2U}) {
    given.give(kLeft, place);
    given.give(kRight, place);
  }
  given.renew(2);
  given.renew(100);
  EXPECT_TRUE(given.give(kLeft, 2));
  EXPECT_TRUE(given.give(kRight, 2));
  EXPECT_FALSE(given.give(kLeft, 1)) << "another record";
}

TEST(GivenRecords, ALinkThatWasLostTakesItsPartWithIt) {
  GivenRecords given(2);
  given.give(kLeft, 1);
  given.give(kRight, 1);
  given.forget(kLeft);
  EXPECT_TRUE(given.give(kLeft, 1));
  EXPECT_FALSE(given.give(kRight, 1));
}

}  // namespace
}  // namespace herd
