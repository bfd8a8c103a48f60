#include "core/held_texts.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/limits.h"

namespace herd {
namespace {

SharedText of_size(std::size_t size) { return SharedText(std::string(size, 'x')); }

TEST(SharedText, LeavesOutItsCut) {
  const auto text = std::make_shared<const std::string>("0123456789");
  EXPECT_EQ(SharedText(text, 3, 7).str(), "012789");
  EXPECT_EQ(SharedText(text, 0, 0).str(), "0123456789");
  EXPECT_EQ(SharedText(text, 0, 10).str(), "");
  EXPECT_EQ(SharedText(text, 3, 7).memory(), 10U);
  EXPECT_EQ(SharedText(text, 3, 7).id(), SharedText(text, 0, 0).id());
  EXPECT_NE(SharedText(std::string("a")).id(), SharedText(std::string("a")).id());
}

TEST(HeldTexts, CountsASharedTextOnce) {
  HeldTexts held;
  const auto text = std::make_shared<const std::string>(kMaxWaitingPlaces, 'x');
  std::vector<SharedText> kept;
  for (std::size_t i = 0; i < 1000; ++i) {
    kept.push_back(held.hold(SharedText(text, i, i + 1), false));
    EXPECT_EQ(kept.back().id(), text.get());
  }
  EXPECT_EQ(held.bytes(), kMaxWaitingPlaces);
  for (const SharedText& each : kept) {
    EXPECT_EQ(held.bytes(), kMaxWaitingPlaces);
    held.release(each);
  }
  EXPECT_EQ(held.bytes(), 0U);
}

TEST(HeldTexts, PutsAFailureInThePlaceOfWhatIsTooMuch) {
  HeldTexts held;
  const SharedText first = held.hold(of_size(kMaxWaitingPlaces - 10), false);
  const SharedText second = held.hold(of_size(11), false);
  EXPECT_NE(second.str().find("UNKNOWN_ERROR"), std::string::npos) << second.str();
  EXPECT_EQ(first.memory(), kMaxWaitingPlaces - 10);
  EXPECT_LT(held.bytes(), kMaxWaitingPlaces + 1000);
  held.release(first);
  held.release(second);
  EXPECT_EQ(held.bytes(), 0U);
  const SharedText third = held.hold(of_size(11), false);
  EXPECT_EQ(third.memory(), 11U) << "there is room again";
}

TEST(HeldTexts, AlwaysHasRoomForTheNextOne) {
  HeldTexts held;
  EXPECT_EQ(held.hold(of_size(10 * kMaxWaitingPlaces), true).memory(), 10 * kMaxWaitingPlaces);
}

}  // namespace
}  // namespace herd
