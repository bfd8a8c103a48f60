#include "sim/measure/metrics/accepted_log.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/samples.h"

namespace sim {
namespace {

auto fields(const AcceptedUpdate& u) {
  return std::tuple(u.accepted, u.last_delivery, u.time_ns, u.location_hash, u.subject, u.server,
                    u.reached, u.messages, u.duplicates, u.echoes, u.stale, u.lost, u.topology,
                    u.met_fault, u.met_change, u.undated, u.coverage_undated);
}

// Compares with a plain list, while old and new updates change. Few of them are open at once.
TEST(AcceptedLog, AgreesWithAPlainList) {
  // With fewer than half of them, none is old.
  constexpr int kSteps = herd::test::kSanitized ? 6'000 : 12'000;
  std::mt19937_64 random(3);  // NOLINT: the same values every time
  for (const std::uint32_t servers : {1U, 5U, 64U, 65U, 130U}) {
    for (const std::optional<std::size_t> open : {std::optional<std::size_t>(600), {}}) {
      AcceptedLog log(servers, open);
      std::vector<AcceptedUpdate> plain;
      std::set<std::pair<std::uint32_t, std::uint32_t>> applied;
      for (int step = 0; step < kSteps; ++step) {
        if (plain.empty() || random() % 3 == 0) {
          AcceptedUpdate update;
          update.accepted = update.last_delivery =
              herd::Instant(Duration(static_cast<std::int64_t>(random() % 1'000'000) - 10));
          update.time_ns = static_cast<herd::PosixNs>(random());
          update.location_hash = random();
          update.subject = static_cast<std::uint32_t>(random());
          update.topology = static_cast<std::uint32_t>(random() % 3);
          ASSERT_EQ(log.add(update), plain.size());
          plain.push_back(update);
        }
        // The newest half of the time.
        const auto age = random() % (random() % 2 == 0 ? plain.size() : 1 + plain.size() / 50);
        const auto at = static_cast<std::uint32_t>(plain.size() - 1 - age);
        AcceptedUpdate& mine = log.change(at);
        for (AcceptedUpdate* const update : {&mine, &plain[at]}) {
          ++update->messages;
          update->duplicates += 300;
          update->echoes += at % 2;
          update->lost += at % 3;
          update->stale += at % 5;
          update->met_fault = at % 7 == 0;
          update->met_change = !update->met_change;
          update->undated = at % 11 == 0;
          update->coverage_undated = at % 13 == 0;
          update->last_delivery += Duration(step);
        }
        const auto server = static_cast<std::uint32_t>(random() % servers);
        const auto other = static_cast<std::uint32_t>(random() % plain.size());
        ASSERT_EQ(log.apply(other, server), applied.emplace(other, server).second)
            << other << " at " << server << " of " << servers;
        ASSERT_EQ(fields(log[at]), fields(plain[at])) << at << " of " << plain.size();
        ASSERT_EQ(log.subject(other), plain[other].subject);
        ASSERT_EQ(log.time_ns(other), plain[other].time_ns);
        ASSERT_EQ(log.accepted(other), plain[other].accepted);
      }
      ASSERT_EQ(log.size(), plain.size());
      std::size_t at = 0;
      for (const AcceptedUpdate& update : log) ASSERT_EQ(fields(update), fields(plain[at++]));
      ASSERT_EQ(at, plain.size());
      EXPECT_EQ(open.has_value(), log.packed_bytes() > 0);
    }
  }
}

// A flood a millisecond from a hundred clients, over a ring of five.
TEST(AcceptedLog, KeepsAnOldUpdateInFewBytes) {
  std::mt19937_64 random(4);  // NOLINT: the same values every time
  AcceptedLog log(5, 1000);
  constexpr std::uint32_t kUpdates = 20'000;
  for (std::uint32_t i = 0; i < kUpdates; ++i) {
    AcceptedUpdate update;
    update.accepted = herd::Instant(std::chrono::milliseconds(i));
    update.last_delivery =
        update.accepted + Duration(static_cast<std::int64_t>(random() % 500'000));
    update.time_ns = 1'700'000'000'000'000'000 + std::int64_t{i} * 1'000'000 +
                     static_cast<std::int64_t>(random() % 100'000);
    update.location_hash = random();
    update.subject = i % 100;
    update.server = i % 5;
    update.reached = 5;
    update.messages = 10;
    update.duplicates = 6;
    update.echoes = 4;
    log.add(update);
    for (std::uint32_t server = 0; server < 5; ++server) log.apply(i, server);
  }
  EXPECT_GT(log.packed_bytes(), 0U);
  EXPECT_LE(log.packed_bytes() / kUpdates, 25U);
}

}  // namespace
}  // namespace sim
