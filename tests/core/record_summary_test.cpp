#include "core/record_summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/parse.h"
#include "core/random.h"
#include "core/siphash.h"

namespace herd {
namespace {

constexpr SipKey kKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};

Verdict offer(RecordStore& store, const std::string& line) {
  return store.offer(std::get<RecordView>(parse_link_line(line)));
}

std::string at(std::uint64_t client, std::uint64_t time) {
  return "AT Alford +0.5 phone-" + std::to_string(client) + " +34-118 " + std::to_string(time);
}

// Offers a report, and updates the summary if the store accepted it.
void take(RecordStore& store, RecordSummary& summary, std::uint64_t client, std::uint64_t time) {
  if (offer(store, at(client, time)) != Verdict::kAccepted) return;
  summary.update(store.place_of("phone-" + std::to_string(client)).value());
}

// Computes a sum by looking at every record.
RangeSum sum_of_all(const RecordStore& store, const RecordSummary& summary,
                    const HashPrefix& range) {
  RangeSum out;
  for (std::uint32_t place = 0; place < store.size(); ++place) {
    if (!range.covers(summary.hash(place))) continue;
    ++out.count;
    out.fingerprint += summary.fingerprint(place);
  }
  return out;
}

TEST(HashPrefix, ChildrenSplitItsRange) {
  constexpr HashPrefix root;
  EXPECT_TRUE(root.covers(0));
  EXPECT_TRUE(root.covers(~std::uint64_t{0}));
  constexpr HashPrefix child = root.child(0xa).child(0x0).child(0xf);
  EXPECT_EQ(child, (HashPrefix{0xa0f0000000000000, 3}));
  EXPECT_TRUE(child.covers(0xa0f123456789abcd));
  EXPECT_FALSE(child.covers(0xa0e123456789abcd));
  HashPrefix deepest;
  for (int i = 0; i < HashPrefix::kMaxDigits; ++i) deepest = deepest.child(7);
  EXPECT_EQ(deepest, HashPrefix::whole(0x7777777777777777));
  EXPECT_TRUE(deepest.covers(0x7777777777777777));
  EXPECT_FALSE(deepest.covers(0x7777777777777776));
}

TEST(RecordSummary, IsOfTheFieldsAndNothingElse) {
  RecordStore plain, spaced;
  offer(plain, "AT Alford +0.5 kiwi +34-118 1.5");
  offer(spaced, "  AT  Alford +0.5\tkiwi +34-118 1.5 ");
  const RecordSummary a(plain), b(spaced);
  EXPECT_EQ(a.total(), b.total());
  EXPECT_EQ(a.total(), (RangeSum{1, siphash24(kKey, "Alford +0.5 kiwi +34-118 1.5")}));
  EXPECT_EQ(a.hash(0), siphash24(kKey, "kiwi"));
  for (const char* const other :
       {"AT Ball +0.5 kiwi +34-118 1.5", "AT Alford +0.6 kiwi +34-118 1.5",
        "AT Alford +0.5 Kiwi +34-118 1.5", "AT Alford +0.5 kiwi +35-118 1.5",
        "AT Alford +0.5 kiwi +34-118 1.50"}) {
    RecordStore store;
    offer(store, other);
    EXPECT_NE(RecordSummary(store).total(), a.total()) << other;
  }
}

TEST(RecordSummary, OfNothing) {
  const RecordStore store;
  const RecordSummary summary(store);
  EXPECT_EQ(summary.total(), RangeSum{});
  EXPECT_EQ(summary.sum({0x1200000000000000, 2}), RangeSum{});
  EXPECT_TRUE(summary.places({}).empty());
}

// A summary that is updated with the store equals one that is made from the store now.
TEST(RecordSummary, KeptUpIsAsGoodAsNew) {
  Random random(1, "summary");
  RecordStore store;
  RecordSummary kept(store);
  for (const std::uint64_t size : {1U, 15U, 16U, 17U, 40U, 255U, 256U, 257U, 300U, 5000U}) {
    while (store.size() < size) take(store, kept, random.below(size), random.below(1000));
    for (int i = 0; i < 200; ++i) take(store, kept, random.below(size), random.below(100'000));
    const RecordSummary made(store);
    for (int i = 0; i < 200; ++i) {
      HashPrefix range;
      const std::uint64_t hash = hash_of_client("phone-" + std::to_string(random.below(size)));
      const auto digits = static_cast<int>(random.below(HashPrefix::kMaxDigits + 1));
      for (int d = 0; d < digits; ++d) range = range.child(hash >> (60 - 4 * d) & 15);
      const RangeSum want = sum_of_all(store, kept, range);
      ASSERT_EQ(kept.sum(range), want) << size << " records, " << digits << " digits";
      ASSERT_EQ(made.sum(range), want);
      ASSERT_EQ(kept.places(range).size(), want.count);
      ASSERT_EQ(kept.places(range), made.places(range));
      for (const std::uint32_t place : kept.places(range)) {
        ASSERT_TRUE(range.covers(kept.hash(place)));
      }
    }
    ASSERT_EQ(kept.total().count, store.size());
  }
}

TEST(RecordSummary, PlacesComeByHash) {
  RecordStore store;
  for (std::uint64_t i = 0; i < 500; ++i) offer(store, at(i, 0));
  const RecordSummary summary(store);
  const auto places = summary.places({});
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
    return summary.hash(a) < summary.hash(b);
  }));
}

// Two stores that took the same reports in different orders have the same sums everywhere.
TEST(RecordSummary, OrderOfArrivalDoesNotCount) {
  RecordStore forwards, backwards;
  for (std::uint64_t i = 0; i < 1000; ++i) offer(forwards, at(i, 5));
  for (std::uint64_t i = 1000; i-- > 0;) offer(backwards, at(i, 4));
  for (std::uint64_t i = 1000; i-- > 0;) offer(backwards, at(i, 5));
  const RecordSummary a(forwards), b(backwards);
  EXPECT_EQ(a.total(), b.total());
  for (std::uint64_t digit = 0; digit < 16; ++digit) {
    EXPECT_EQ(a.sum(HashPrefix{}.child(digit)), b.sum(HashPrefix{}.child(digit)));
  }
}

// All clients have the same hash, or almost the same. Even the smallest range can be summed and
// split.
TEST(RecordSummary, OfHashesThatAreAllAlike) {
  RecordStore store;
  for (std::uint64_t i = 0; i < 100; ++i) offer(store, at(i, 0));
  const RecordSummary same(store, [](std::string_view) { return std::uint64_t{0xabc}; });
  EXPECT_EQ(same.sum(HashPrefix::whole(0xabc)), same.total());
  EXPECT_EQ(same.sum(HashPrefix::whole(0xabd)), RangeSum{});
  EXPECT_EQ(same.places(HashPrefix::whole(0xabc)).size(), 100U);
  const RecordSummary close(
      store, [](std::string_view client) { return std::uint64_t{client.size() % 2}; });
  const RangeSum even = close.sum(HashPrefix::whole(0)), odd = close.sum(HashPrefix::whole(1));
  EXPECT_EQ(odd.count, 10U) << "phone-0 to phone-9";
  EXPECT_EQ(even.count, 90U) << "phone-10 to phone-99";
  EXPECT_EQ(even.fingerprint + odd.fingerprint, close.total().fingerprint);
}

}  // namespace
}  // namespace herd
