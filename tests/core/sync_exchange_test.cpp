// Two endpoints compare their records. For any contents, both end with the newer record of every
// client.
#include "core/sync_exchange.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/limits.h"
#include "core/parse.h"
#include "core/random.h"
#include "core/record_store.h"
#include "core/sync_lines.h"

namespace herd {
namespace {

// One endpoint. It takes the lines that arrive and collects those that it sends.
class Side : public SyncExchange::Output {
 public:
  explicit Side(RecordSummary::ClientHash hash = hash_of_client) : summary(store, hash) {}

  bool take(std::string_view at) {
    const auto record = std::get<RecordView>(parse_link_line(at));
    if (store.offer(record) != Verdict::kAccepted) return false;
    summary.update(store.place_of(record.client).value());
    return true;
  }
  // Returns false if the line is out of place.
  bool hear(const std::string& line) {
    EXPECT_LE(line.size(), kMaxLinkLine);
    const SyncCommand command = parse_sync_line(line);
    return std::visit(
        [&](const auto& each) {
          using Command = std::decay_t<decltype(each)>;
          if constexpr (std::is_same_v<Command, RecordView>) {
            if (take(each.line)) {
              exchange.taken({store, summary}, store.place_of(each.client).value(), *this);
            }
            return true;
          } else if constexpr (std::is_same_v<Command, SyncBegin>) {
            exchange.answer({store, summary}, each, *this);
            return true;
          } else if constexpr (std::is_same_v<Command, ParseError> ||
                               std::is_same_v<Command, SyncHold>) {
            ADD_FAILURE() << line;
            return false;
          } else {
            return exchange.take({store, summary}, each, *this);
          }
        },
        command);
  }
  void begin() { exchange.begin({store, summary}, *this); }
  // Returns the lines sent since the last call, one per line.
  std::string take_said() {
    std::string out;
    for (const std::string& line : said) out += line + '\n';
    said.clear();
    return out;
  }
  std::string knowledge() const {
    std::string out;
    for (const RecordView& record : store.sorted()) out.append(record.line).append("\n");
    return out;
  }

  void say(std::string_view line) override { said.emplace_back(line); }
  std::size_t repair(const RecordView& record) override {
    ++repairs;
    std::string line;
    format_sync(line, record);
    said.push_back(line);
    return line.size() + 1;
  }

  RecordStore store;
  RecordSummary summary;
  SyncExchange exchange;
  std::deque<std::string> said;
  std::size_t repairs = 0;
};

// Delivers the next line of either side. Returns false if none is in flight.
bool deliver_one(const std::array<Side*, 2>& sides, Random& random) {
  std::size_t from = random.below(2);
  if (sides[from]->said.empty()) from = 1 - from;
  if (sides[from]->said.empty()) return false;
  const std::string line = sides[from]->said.front();
  sides[from]->said.pop_front();
  EXPECT_TRUE(sides[1 - from]->hear(line)) << line;
  return true;
}

// Delivers lines of both sides in any order, until none is in flight.
void play(Side& leader, Side& follower, Random& random) {
  leader.begin();
  while (deliver_one({&leader, &follower}, random)) continue;
  EXPECT_TRUE(leader.exchange.is_over());
  EXPECT_TRUE(follower.exchange.is_over());
}

std::string line_at(std::uint64_t client, std::uint64_t time, std::string_view server = "Alford") {
  return "AT " + std::string(server) + " +0.5 phone-" + std::to_string(client) + " +34-118 " +
         std::to_string(time);
}

std::uint64_t all_alike(std::string_view) { return 0xabcdef; }
std::uint64_t few(std::string_view client) { return std::uint64_t{client.size()} << 20; }
std::uint64_t last_digit(std::string_view client) {
  return static_cast<unsigned char>(client.back());
}

struct Hash {
  std::string_view name;
  RecordSummary::ClientHash hash;
};

constexpr Hash kHashes[] = {{"SipHash", hash_of_client},
                            {"every client of one hash", all_alike},
                            {"three hashes", few},
                            {"ten hashes next to each other", last_digit}};

// The stores share much or nothing, or are empty. Some times tie, and either side may hold more.
TEST(SyncExchange, BothEndWithTheNewerOfWhatEitherHeld) {
  for (const auto& [name, hash] : kHashes) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      SCOPED_TRACE(std::string(name) + ", seed " + std::to_string(seed));
      Random random(seed, "exchange");
      Side leader(hash), follower(hash), both(hash);
      const std::uint64_t clients = std::array<std::uint64_t, 5>{1, 7, 9, 40, 400}[random.below(5)];
      const std::uint64_t shares[] = {0, 1, 20, 100};
      const std::uint64_t own = shares[random.below(4)], common = shares[random.below(4)];
      for (std::uint64_t client = 0; client < clients; ++client) {
        const auto take = [&](Side& side, std::uint64_t percent) {
          if (random.below(100) >= percent) return;
          const std::string line =
              line_at(client, random.below(3), random.below(2) == 0 ? "Alford" : "Ball");
          side.take(line);
          both.take(line);
        };
        if (random.below(100) < common) {
          const std::string line = line_at(client, 1);
          for (Side* const side : {&leader, &follower, &both}) side->take(line);
        }
        take(leader, own);
        take(follower, own);
      }
      play(leader, follower, random);
      ASSERT_EQ(leader.knowledge(), both.knowledge());
      ASSERT_EQ(follower.knowledge(), both.knowledge());
    }
  }
}

// A record that one side lacks is sent once, in one direction. No other record is sent.
TEST(SyncExchange, SendsOnlyWhatIsLacked) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed, "lacked");
    Side leader, follower;
    for (std::uint64_t client = 0; client < 1000; ++client) {
      leader.take(line_at(client, 1));
      follower.take(line_at(client, 1));
    }
    std::size_t newer_there = 0, newer_here = 0;
    for (std::uint64_t client = 0; client < 1010; client += 1 + random.below(100)) {
      const bool here = random.below(2) == 0;
      (here ? leader : follower).take(line_at(client, 2));
      ++(here ? newer_here : newer_there);
    }
    play(leader, follower, random);
    EXPECT_EQ(leader.repairs, newer_here);
    EXPECT_EQ(follower.repairs, newer_there);
    EXPECT_EQ(leader.knowledge(), follower.knowledge());
  }
}

TEST(SyncExchange, OfEqualsIsTwoLines) {
  Side leader, follower;
  for (std::uint64_t client = 0; client < 100; ++client) {
    leader.take(line_at(client, 1));
    follower.take(line_at(client, 1));
  }
  leader.begin();
  ASSERT_EQ(leader.said.size(), 1U);
  EXPECT_TRUE(follower.hear(leader.said.front()));
  EXPECT_EQ(follower.take_said(), "SYNC END 0\n");
  EXPECT_TRUE(follower.exchange.is_over());
  EXPECT_TRUE(leader.hear("SYNC END 0"));
  EXPECT_TRUE(leader.exchange.is_over());
}

// An endpoint may accept other records during the comparison. At worst a record is sent twice.
TEST(SyncExchange, HoldingsMayChangeMeanwhile) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed, "meanwhile");
    Side leader, follower;
    std::array<Side*, 2> sides{&leader, &follower};
    // Each link delivers its lines in order, including an endpoint's news.
    const auto news = [&](std::size_t side) {
      const std::string line = line_at(random.below(200), random.below(50));
      sides[side]->take(line);
      sides[side]->said.push_back("SYNC " + line);
    };
    for (std::uint64_t i = 0; i < 300; ++i) {
      sides[random.below(2)]->take(line_at(random.below(200), random.below(50)));
    }
    leader.begin();
    do {
      if (random.below(4) == 0 && !leader.exchange.is_over()) news(random.below(2));
    } while (deliver_one(sides, random));
    EXPECT_TRUE(follower.exchange.is_over());
    EXPECT_EQ(leader.knowledge(), follower.knowledge());
  }
}

TEST(SyncExchange, ManyRecordsGoInWindows) {
  Side side;
  for (std::uint64_t client = 0; client < 20'000; ++client) side.take(line_at(client, 1));
  EXPECT_FALSE(side.hear("SYNC GO")) << "it has not asked";
  EXPECT_TRUE(side.hear("SYNC BEGIN 0 0000000000000000"));
  int windows = 1;
  while (side.said.back() == "SYNC MORE") {
    std::size_t bytes = 0;
    for (const std::string& line : side.said) bytes += line.size() + 1;
    EXPECT_LT(bytes, kSyncWindow + 200);
    EXPECT_TRUE(side.hear("SYNC MORE")) << "the other end may have much to send too";
    EXPECT_EQ(side.said.back(), "SYNC GO");
    side.said.clear();
    ASSERT_TRUE(side.hear("SYNC GO"));
    ++windows;
  }
  EXPECT_EQ(side.said.back(), "SYNC END 0");
  EXPECT_EQ(side.repairs, 20'000U);
  EXPECT_GE(windows, 3);
}

// Made-up lines of a neighbour are refused or answered. The queue never exceeds twice the size of
// the store, and valid lines still work afterwards.
TEST(SyncExchange, SurvivesMadeUpLines) {
  Random random(1, "made up");
  int refused = 0;
  for (int round = 0; round < 200; ++round) {
    Side side;
    for (std::uint64_t client = 0; client < 30; ++client) side.take(line_at(client, 1));
    if (round % 2 == 0) side.begin();
    for (int i = 0; i < 50; ++i) {
      std::string line;
      switch (random.below(7)) {
        case 0: {
          SyncSum sum;
          for (RangeSum& part : sum.parts) part = {random.below(3), random.next()};
          if (random.below(2) == 0) sum.range = sum.range.child(random.below(16));
          format_sync(line, sum);
          break;
        }
        case 1: {
          SyncList list;
          for (std::uint64_t n = random.below(60); n > 0; --n) {
            list.entries.push_back({random.below(3) == 0 ? 7 : random.next(),
                                    static_cast<PosixNs>(random.below(1000)), random.next()});
          }
          format_sync(line, list);
          break;
        }
        case 2:
          format_sync(line, SyncWant{{hash_of_client("phone-1"), random.next()}});
          break;
        case 3:
          format_sync(line, SyncGo{});
          break;
        case 4:
          format_sync(line, SyncMore{});
          break;
        case 5:
          format_sync(line, SyncEnd{random.below(3)});
          break;
        default:
          format_sync(line, SyncBegin{{random.below(100), random.next()}});
          break;
      }
      refused += !side.hear(line);
      side.take_said();
    }
    EXPECT_EQ(side.store.size(), 30U);
  }
  EXPECT_GT(refused, 100);
}

// A neighbour that asks but never sends GO cannot make the queue grow without bound.
TEST(SyncExchange, QueueIsBounded) {
  Side side;
  for (std::uint64_t client = 0; client < 10'000; ++client) side.take(line_at(client, 1));
  int answered = 0;
  for (int i = 0; i < 50; ++i) answered += side.hear("SYNC LIST *");
  EXPECT_LE(answered, 3);
  EXPECT_LT(side.repairs, 10'000U) << "it waits for GO";
}

}  // namespace
}  // namespace herd
