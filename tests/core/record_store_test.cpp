#include "core/record_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"
#include "tests/core/report_of.h"
#include "tests/core/verdict_text.h"

namespace herd {
namespace {

std::string contents(const RecordStore& store) {
  std::string out;
  for (const RecordView& record : store.sorted()) out += std::string(record.line) + '\n';
  return out;
}

// Reports of one client from the oldest to the newest. Each criterion decides once.
constexpr std::string_view kOldestFirst[] = {
    "AT A +1 c +1+1 1",    // the oldest
    "AT A -1 c +1+1 1",    // by skew
    "AT A +1 c +1+1 1.0",  // by the time's text
    "AT B +1 c +1+1 1",    // by server
    "AT A +1 c +1+2 1",    // by location
    "AT A +1 c +1+1 2",    // by time
};
constexpr std::size_t kReports = std::size(kOldestFirst);

// Calls `check` with every sequence of up to `length` reports, also with repetitions.
template <class Check>
void for_each_sequence(std::size_t length, const Check& check) {
  std::vector<std::size_t> sequence;
  const auto extend = [&](const auto& self) -> void {
    if (!sequence.empty()) check(sequence);
    if (sequence.size() == length) return;
    for (std::size_t i = 0; i < kReports; ++i) {
      sequence.push_back(i);
      self(self);
      sequence.pop_back();
    }
  };
  extend(extend);
}

TEST(NewestWins, WhateverTheOrderAndRepetition) {
  int wrong = 0;
  for_each_sequence(5, [&](const std::vector<std::size_t>& sequence) {
    RecordStore store;
    std::size_t newest = 0;
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      const std::size_t offered = sequence[i];
      const Verdict want = i == 0 || offered > newest ? Verdict::kAccepted
                           : offered == newest        ? Verdict::kDuplicate
                                                      : Verdict::kStale;
      wrong += store.offer(report_of(kOldestFirst[offered])) != want;
      newest = i == 0 ? offered : std::max(newest, offered);
    }
    wrong += store.size() != 1 || store.find("c")->view().line != kOldestFirst[newest];
  });
  EXPECT_EQ(wrong, 0);
}

// Servers send each other only their final records: ((a b) (c d)) has the same result as a b c d.
TEST(NewestWins, WhateverTheGrouping) {
  int wrong = 0;
  for_each_sequence(4, [&](const std::vector<std::size_t>& sequence) {
    const std::size_t newest = *std::max_element(sequence.begin(), sequence.end());
    for (std::size_t cut = 0; cut <= sequence.size(); ++cut) {
      RecordStore left, right;
      for (std::size_t i = 0; i < sequence.size(); ++i) {
        (i < cut ? left : right).offer(report_of(kOldestFirst[sequence[i]]));
      }
      RecordStore whole;
      for (const RecordStore* part : {&right, &left}) {
        for (const RecordView& record : part->sorted()) whole.offer(record);
      }
      wrong += whole.find("c")->view().line != kOldestFirst[newest];
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST(NewestWins, EveryPermutation) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < kReports; ++i) order.push_back(i);
  int wrong = 0;
  do {
    RecordStore store;
    for (const std::size_t i : order) store.offer(report_of(kOldestFirst[i]));
    wrong += store.find("c")->view().line != kOldestFirst[kReports - 1];
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(wrong, 0);
}

struct Offer {
  std::string_view line, want;
};
struct StoreRow {
  std::string_view name;
  std::initializer_list<Offer> offers;
  std::string_view ends_with;
};

const StoreRow kOwn[] = {
    {"the first is taken", {{"AT A +1 c +1+1 1", "taken"}}, "AT A +1 c +1+1 1\n"},
    {"a repetition is held",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +1 c +1+1 1", "held"}},
     "AT A +1 c +1+1 1\n"},
    {"with a greater skew too",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +2 c +1+1 1", "held"}},
     "AT A +1 c +1+1 1\n"},
    {"with a lesser skew too",
     {{"AT A +2 c +1+1 1", "taken"}, {"AT A +1 c +1+1 1", "held"}},
     "AT A +2 c +1+1 1\n"},
    {"with more words for the time too",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +1 c +1+1 1.0", "held"}},
     "AT A +1 c +1+1 1\n"},
    {"beyond nine decimals it is a repetition",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +1 c +1+1 1.0000000009", "held"}},
     "AT A +1 c +1+1 1\n"},
    {"a greater place at the same time is newer",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +1 c +1+2 1", "taken"}},
     "AT A +1 c +1+2 1\n"},
    {"a lesser place at the same time is stale",
     {{"AT A +1 c +1+2 1", "taken"}, {"AT A +1 c +1+1 1", "stale"}},
     "AT A +1 c +1+2 1\n"},
    {"what a greater server heard is newer",
     {{"AT B +1 c +1+1 1", "taken"}, {"AT A +9 c +1+1 1", "stale"}},
     "AT B +1 c +1+1 1\n"},
    {"what a lesser server heard is older",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT B +1 c +1+1 1", "taken"}},
     "AT B +1 c +1+1 1\n"},
    {"an older time is stale",
     {{"AT A +1 c +1+1 2", "taken"}, {"AT A +1 c +1+1 1", "stale"}},
     "AT A +1 c +1+1 2\n"},
    {"a newer time is taken",
     {{"AT A +1 c +1+1 1", "taken"}, {"AT A +1 c +1+1 2", "taken"}},
     "AT A +1 c +1+1 2\n"},
    {"clients do not touch each other",
     {{"AT A +1 c +1+1 2", "taken"}, {"AT A +1 d +1+1 1", "taken"}, {"AT A +1 C +1+1 1", "taken"}},
     "AT A +1 C +1+1 1\nAT A +1 c +1+1 2\nAT A +1 d +1+1 1\n"},
};

TEST(OfferOwn, Table) {
  for (const auto& [name, offers, ends_with] : kOwn) {
    SCOPED_TRACE(name);
    RecordStore store;
    for (const auto& [line, want] : offers) {
      EXPECT_EQ(to_string(store.offer_own(report_of(line))), want) << line;
    }
    EXPECT_EQ(contents(store), ends_with);
  }
}

// For a report from a link only the order counts, because all servers must end with the same text.
TEST(Offer, TakesARepetitionInGreaterWords) {
  RecordStore store;
  store.offer(report_of("AT A +1 c +1+1 1"));
  EXPECT_EQ(to_string(store.offer(report_of("AT A +2 c +1+1 1"))), "taken");
  EXPECT_EQ(to_string(store.offer(report_of("AT A +1 c +1+1 1.0"))), "taken");
  EXPECT_EQ(to_string(store.offer(report_of("AT A +2 c +1+1 1"))), "stale");
}

TEST(RecordStore, FindsByTheWholeClientId) {
  RecordStore store;
  EXPECT_EQ(store.find("c"), nullptr);
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(contents(store), "");
  store.offer(report_of("AT A +1 cab +1+1 1"));
  EXPECT_NE(store.find("cab"), nullptr);
  for (const std::string_view other : {"", "c", "ca", "cabs", "CAB"}) {
    EXPECT_EQ(store.find(other), nullptr) << other;
  }
}

TEST(RecordStore, SortsClientsAsBytes) {
  RecordStore store;
  for (const std::string_view client : {"b", "\xc3\xa9", "a", "B", "aa", "10", "9"}) {
    const std::string line = "AT A +1 " + std::string(client) + " +1+1 1";
    store.offer(report_of(line));
  }
  std::string order;
  for (const RecordView& record : store.sorted()) order += std::string(record.client) + ' ';
  EXPECT_EQ(order, "10 9 B a aa b \xc3\xa9 ");
  EXPECT_EQ(store.size(), 7U);
}

// Compares the store with a simple model, for ids of all lengths that differ only a little.
TEST(RecordStore, HoldsManyClients) {
  Random random(1, "record-store/many");
  RecordStore store;
  std::map<std::string, std::string> model;
  for (int i = 0; i < 20'000; ++i) {
    std::string client(random.below(20), 'c');
    client += std::to_string(random.below(500));
    const std::string line = "AT A +1 " + client + " +1+1 " + std::to_string(random.below(100));
    const auto known = model.find(client);
    const bool newer =
        known == model.end() || compare(report_of(line), report_of(known->second)) > 0;
    ASSERT_EQ(store.offer(report_of(line)) == Verdict::kAccepted, newer) << line;
    if (newer) model[client] = line;
    const std::string other = client + "0";
    ASSERT_EQ(store.find(other) != nullptr, model.contains(other)) << other;
  }
  std::string want;
  for (const auto& [client, line] : model) want += line + '\n';
  EXPECT_EQ(contents(store), want);
  EXPECT_EQ(store.size(), model.size());
  for (const auto& [client, line] : model) ASSERT_EQ(store.find(client)->view().line, line);
}

TEST(RecordStore, RefusesMoreClientsThanItMayHold) {
  RecordStore store(RecordOrder::kClientTime, {}, {.max_records = 2});
  EXPECT_EQ(store.offer(report_of("AT A +1 a +1+1 1")), Verdict::kAccepted);
  EXPECT_EQ(store.offer_own(report_of("AT A +1 b +1+1 1")), Verdict::kAccepted);
  EXPECT_EQ(store.offer(report_of("AT A +1 c +1+1 1")), Verdict::kRefused);
  EXPECT_EQ(store.offer_own(report_of("AT A +1 d +1+1 1")), Verdict::kRefused);
  EXPECT_EQ(store.offer(report_of("AT A +1 a +1+1 2")), Verdict::kAccepted) << "it is known";
  EXPECT_EQ(store.find("c"), nullptr);
  EXPECT_EQ(contents(store), "AT A +1 a +1+1 2\nAT A +1 b +1+1 1\n");
}

TEST(RecordStore, RefusesWhatNeedsMoreBytesThanItMayHold) {
  const std::string a = "AT A +1 a +1+1 1", longer = "AT A +1 a +1+1 1.5";
  RecordStore store(RecordOrder::kClientTime, {}, {.max_bytes = 2 * a.size() + 1});
  EXPECT_EQ(store.offer(report_of(a)), Verdict::kAccepted);
  EXPECT_EQ(store.offer(report_of("AT A +1 b +1+1 1")), Verdict::kAccepted);
  EXPECT_EQ(store.bytes(), 2 * a.size());
  EXPECT_EQ(store.offer(report_of("AT A +1 c +1+1 1")), Verdict::kRefused);
  EXPECT_EQ(store.offer(report_of(longer)), Verdict::kRefused) << "two bytes more";
  EXPECT_EQ(store.find("a")->view().line, a);
  EXPECT_EQ(store.offer(report_of("AT A +1 a +1+1 20")), Verdict::kAccepted) << "one byte more";
  EXPECT_EQ(store.bytes(), 2 * a.size() + 1);
  EXPECT_EQ(store.offer(report_of("AT A +1 a +1+1 30")), Verdict::kAccepted) << "no byte more";
  EXPECT_EQ(store.offer(report_of("AT A +1 a +1+1 4")), Verdict::kStale);
}

// Ids that fall on one place of a table with the default key, as an attacker would compute them if
// it knew the key.
std::vector<std::string> colliding(std::size_t count, std::uint32_t mask) {
  std::vector<std::string> ids;
  for (std::uint64_t i = 0; ids.size() < count; ++i) {
    std::string id = "c" + std::to_string(i);
    if ((RecordStore::client_hash({}, id) & mask) == 0) ids.push_back(std::move(id));
  }
  return ids;
}

TEST(RecordStore, AKeySpreadsIdsThatCollideUnderAnother) {
  constexpr std::uint32_t kMask = 0xff;
  std::vector<std::string> ids = colliding(1000, kMask);
  std::map<std::uint32_t, int> by_place;
  for (const std::string& id : ids) ++by_place[RecordStore::client_hash({1, 2}, id) & kMask];
  for (const auto& [place, count] : by_place) EXPECT_LT(count, 30) << place;
  RecordStore keyed(RecordOrder::kClientTime, {1, 2});
  for (const std::string& id : ids) {
    const std::string line = "AT A +1 " + id + " +1+1 1";
    EXPECT_EQ(keyed.offer(report_of(line)), Verdict::kAccepted);
  }
  for (const std::string& id : ids) EXPECT_EQ(keyed.find(id)->client(), id);
}

// Returns a report as stores with the default key keep it.
Record shared_report(std::string_view line) {
  const RecordView report = report_of(line);
  return Record(report, RecordStore::client_hash({}, report.client));
}

TEST(RecordStore, NotesWhatItHoldsAtItsSeat) {
  for (const std::uint32_t seats : {2U, 64U, 65U, 10'000U}) {
    const Record old = shared_report("AT A +1 kiwi +1+1 1000.000000001");
    const Record newer = shared_report("AT A +1 kiwi +1+1 1000.000000002");
    const RecordSeat first{0, seats}, last{seats - 1, seats};
    RecordStore store(RecordOrder::kClientTime, {}, {}, last);
    EXPECT_FALSE(store.is_noted(*old.kept()));
    EXPECT_EQ(store.offer(old.view()), Verdict::kAccepted);
    EXPECT_TRUE(store.is_noted(*old.kept()));
    EXPECT_FALSE(old.kept()->is_noted_at(first)) << "only the store with that seat holds it";
    EXPECT_EQ(store.offer(old.view()), Verdict::kDuplicate);

    EXPECT_EQ(store.offer(newer.view()), Verdict::kAccepted);
    EXPECT_FALSE(store.is_noted(*old.kept())) << "it holds another one now";
    EXPECT_TRUE(store.is_noted(*newer.kept()));
    EXPECT_EQ(store.offer(old.view()), Verdict::kStale);

    store.leave();
    EXPECT_FALSE(newer.kept()->is_noted_at(last)) << "the seat is free for another store";
  }
}

TEST(RecordStore, NotesNothingWithoutASeat) {
  for (std::uint32_t number = 0; number < 320; ++number) {
    const Record report = shared_report("AT A +1 kiwi +1+1 1000.000000001");
    RecordStore store(RecordOrder::kClientTime, {}, {}, RecordSeat{number, 0});
    EXPECT_EQ(store.offer(report.view()), Verdict::kAccepted) << number;
    EXPECT_FALSE(store.is_noted(*report.kept())) << number;
    EXPECT_EQ(store.offer(report.view()), Verdict::kDuplicate) << number;
  }
}

TEST(RecordStore, KeepsALineInOnePieceWithItsEnding) {
  const std::string_view line = "AT A +1 kiwi +1+1 1000.000000001";
  EXPECT_EQ(shared_report(line).kept()->ended_line(), std::string(line) + "\n");
}

}  // namespace
}  // namespace herd
