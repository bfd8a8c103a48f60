// What was announced and is not held: whom a server asks for it, and when.
#include "core/schemes/announced_entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "core/parse.h"
#include "core/record_store.h"

namespace herd {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr NeighborId kFirst{0}, kSecond{1};

Instant at(Duration since_start) { return Instant(since_start); }

RecordEntry entry_of(std::string_view client, PosixNs time_ns) {
  return {hash_of_client(client), time_ns, 1};
}

// Requests as "tree:neighbour:clients", to compare them.
std::vector<std::string> words(const std::vector<AnnouncedEntries::Request>& requests) {
  std::vector<std::string> out;
  for (const auto& each : requests) {
    out.push_back(std::to_string(each.tree) + ':' + std::to_string(each.to.value) + ':' +
                  std::to_string(each.clients.size()));
  }
  return out;
}

TEST(AnnouncedEntries, AsksOneAnnouncerAfterTheOtherAndThenGivesUp) {
  AnnouncedEntries missing(10ms);
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(3ms));
  missing.announced(entry_of("kiwi", 5), kSecond, 0, at(3ms));
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(3ms));
  EXPECT_EQ(missing.deadline(), at(3ms));
  EXPECT_THAT(missing.take_due(at(2ms)), IsEmpty());
  EXPECT_THAT(words(missing.take_due(at(3ms))), ElementsAre("0:0:1"));
  EXPECT_EQ(missing.deadline(), at(13ms));
  EXPECT_THAT(words(missing.take_due(at(13ms))), ElementsAre("0:1:1"));
  EXPECT_FALSE(missing.empty()) << "the last one may still answer";
  EXPECT_THAT(missing.take_due(at(23ms)), IsEmpty());
  EXPECT_TRUE(missing.empty());
  EXPECT_EQ(missing.deadline(), std::nullopt);
}

TEST(AnnouncedEntries, JoinsWhatOneNeighbourIsAskedForOfOneTree) {
  AnnouncedEntries missing(10ms);
  missing.announced(entry_of("kiwi", 5), kSecond, 1, at(1ms));
  missing.announced(entry_of("emu", 5), kSecond, 1, at(1ms));
  missing.announced(entry_of("moa", 5), kSecond, 0, at(1ms));
  EXPECT_THAT(words(missing.take_due(at(1ms))), ElementsAre("0:1:1", "1:1:2"));
}

TEST(AnnouncedEntries, WhoAnnouncedWhatIsNewestIsAskedFirst) {
  AnnouncedEntries missing(10ms);
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(1ms));
  missing.announced(entry_of("kiwi", 6), kSecond, 0, at(4ms));
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(1ms));
  EXPECT_THAT(missing.take_due(at(1ms)), IsEmpty());
  EXPECT_THAT(words(missing.take_due(at(4ms))), ElementsAre("0:1:1"));
  EXPECT_THAT(words(missing.take_due(at(14ms))), ElementsAre("0:0:1"));
  EXPECT_THAT(missing.take_due(at(24ms)), IsEmpty());
  EXPECT_TRUE(missing.empty());
}

TEST(AnnouncedEntries, AsksNoNeighbourWhoseLinkIsDown) {
  AnnouncedEntries missing(10ms);
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(1ms));
  missing.announced(entry_of("kiwi", 5), kSecond, 0, at(1ms));
  missing.forget(kFirst);
  EXPECT_THAT(words(missing.take_due(at(1ms))), ElementsAre("0:1:1"));
}

TEST(AnnouncedEntries, AsksSoonerForATreeThatHasLostItsParent) {
  AnnouncedEntries missing(10ms);
  missing.announced(entry_of("kiwi", 5), kFirst, 7, at(1s));
  missing.announced(entry_of("emu", 5), kFirst, 8, at(1s));
  missing.ask_at(7, at(2ms));
  EXPECT_EQ(missing.deadline(), at(2ms));
  EXPECT_THAT(words(missing.take_due(at(2ms))), ElementsAre("7:0:1"));
}

TEST(AnnouncedEntries, WhatWasAcceptedIsMissingNoMoreUnlessItIsOlder) {
  RecordStore records;
  HeldEntries held(records);
  AnnouncedEntries missing(10ms);
  const auto accept = [&](PosixNs time_ns) {
    const std::string line = "AT S1 +0.5 kiwi +34.1-118.4 0.00000000" + std::to_string(time_ns);
    const LinkCommand parsed = parse_link_line(line);
    ASSERT_EQ(records.offer(std::get<RecordView>(parsed)), Verdict::kAccepted);
    held.note("kiwi");
    missing.accepted(hash_of_client("kiwi"), held);
  };
  missing.announced(entry_of("kiwi", 5), kFirst, 0, at(1ms));
  accept(4);
  EXPECT_FALSE(missing.empty());
  accept(6);
  EXPECT_TRUE(missing.empty());
}

}  // namespace
}  // namespace herd
