#include "sim/measure/metrics/handover_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::string micros(const std::optional<Duration>& value) {
  return value ? std::to_string(*value / 1us) : "-";
}

std::string told(const HandoverRow& row) {
  return row.client + " " + std::to_string(row.from) + ">" + std::to_string(row.to) + " at " +
         micros(row.at.time_since_epoch()) + ": latency " + micros(row.latency) + ", connected " +
         micros(row.connected) + ", known " +
         (row.known ? std::to_string(static_cast<int>(*row.known)) : "-") + ", stale " +
         micros(row.stale);
}

std::vector<std::string> rows_of(const ToyHerd& toy, Observed observed = Observed::kInside) {
  HerdOutcome outcome = toy.outcome();
  outcome.observed = observed;
  std::vector<std::string> out;
  for (const HandoverRow& row : handover_rows(outcome, UpdateLedger(outcome))) {
    out.push_back(told(row));
  }
  return out;
}

constexpr auto kZero = 50ms;  // the run's clock was already at this time when the script began

HandoverLog moved(std::uint32_t client, std::uint32_t from, std::uint32_t to,
                  std::optional<herd::Instant> connected) {
  HandoverLog log;
  log.client = client;
  log.from = from;
  log.to = to;
  log.left = at_ms(4);
  log.connected = connected;
  return log;
}

// Kiwi makes three updates at S1, then moves to S2 and connects there at 5 ms.
struct HandoverCase {
  const char* name;
  std::function<void(ToyHerd&)> run;
  const char* known;
  const char* stale;
  std::optional<herd::Instant> connected = at_ms(5);
};
void PrintTo(const HandoverCase& c, std::ostream* out) { *out << c.name; }

class HandoverOfOneClient : public testing::TestWithParam<HandoverCase> {};

TEST_P(HandoverOfOneClient, Says) {
  const HandoverCase& c = GetParam();
  ToyHerd toy(small_herd(2, {{0, 1}}, herd::Scheme::kFlood), HandPlan()
                                                                 .client("kiwi")
                                                                 .update(0, at_ms(1))
                                                                 .update(0, at_ms(2))
                                                                 .update(0, at_ms(3))
                                                                 .move(0, at_ms(4), 1));
  toy.zero = herd::Instant(kZero);
  toy.all_up();
  c.run(toy);
  toy.clients.handovers = {moved(0, 0, 1, c.connected)};
  EXPECT_THAT(rows_of(toy), ElementsAre("kiwi 0>1 at 4000: latency -, connected " +
                                        std::string(c.connected ? "1000" : "-") + ", known " +
                                        c.known + ", stale " + c.stale));
}

// A server hears an update, or S1 sends S2 a message. `us` is the script's time of arrival.
void hear(ToyHerd& toy, std::int64_t us, std::uint32_t server, std::uint32_t update) {
  toy.now = at_us(us) + kZero;
  toy.hear(server, update);
}
void tell(ToyHerd& toy, std::int64_t us) {
  toy.now = at_us(us - 1) + kZero;  // a delivery takes a microsecond
  toy.deliver(0, 1);
}

std::vector<HandoverCase> handover_cases() {
  return {
      {"NothingWasAccepted", [](ToyHerd&) {}, "-", "-"},
      {"NeverConnected",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
       },
       "-", "-", std::nullopt},
      {"KnownBefore",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
       },
       "1", "0"},
      {"KnownJustThen",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 5000);
       },
       "1", "0"},
      {"AMicrosecondLate",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 5001);
       },
       "0", "1"},
      {"TheOlderOneIsNotEnough",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
         hear(t, 3000, 0, 1);
         tell(t, 7500);
       },
       "0", "2500"},
      {"WhatIsAcceptedJustThenCounts",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
         hear(t, 5000, 0, 1);
         tell(t, 5100);
       },
       "0", "100"},
      {"WhatIsAcceptedLaterDoesNotCount",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
         hear(t, 5001, 0, 1);
         tell(t, 6000);
       },
       "1", "0"},
      {"WhatIsAcceptedLaterIsNotLastThoughNothingElseWas", [](ToyHerd& t) { hear(t, 5001, 0, 0); },
       "-", "-"},
      {"NeverTold",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         t.link_down(0, 1);
       },
       "0", "-"},
      {"TheClientItselfTells",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         t.link_down(0, 1);
         hear(t, 8000, 1, 2);
       },
       "0", "3000"},
      {"ANewerOneIsTold",
       [](ToyHerd& t) {
         t.link_down(0, 1);
         hear(t, 1000, 0, 0);
         t.link_up(0, 1);
         hear(t, 6000, 0, 2);
         tell(t, 9000);
       },
       "0", "4000"},
      // The newest update is the one with the newest client time, in whatever order servers hear
      // them.
      {"TheNewestIsByClientTime",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 2);
         t.link_down(0, 1);
         hear(t, 2000, 1, 1);
         t.link_up(0, 1);
         t.repair(0, 1, "kiwi");
         tell(t, 6000);
       },
       "0", "1000"},
      {"ForgottenInARestart",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
         t.now = at_ms(3) + kZero;
         t.stop(1);
         t.start(1);
         t.repair(0, 1, "kiwi");
         tell(t, 5700);
       },
       "0", "700"},
      {"ForgottenAfterIt",
       [](ToyHerd& t) {
         hear(t, 1000, 0, 0);
         tell(t, 2000);
         t.now = at_ms(6) + kZero;
         t.stop(1);
       },
       "1", "0"},
  };
}

INSTANTIATE_TEST_SUITE_P(Herds, HandoverOfOneClient, testing::ValuesIn(handover_cases()),
                         [](const auto& test) { return std::string(test.param.name); });

// Two clients and three servers: each row uses only its own client and server.
TEST(HandoverRows, KeepClientsAndServersApart) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}, herd::Scheme::kFlood), HandPlan()
                                                                         .client("kiwi", 0)
                                                                         .client("emu", 2)
                                                                         .update(0, at_ms(1))
                                                                         .update(1, at_ms(1))
                                                                         .move(0, at_ms(2), 2)
                                                                         .move(1, at_ms(3), 1)
                                                                         .move(0, at_ms(4), 0));
  toy.all_up();
  toy.link_down(1, 2);
  toy.now = at_ms(1);
  toy.hear(0, 0);
  toy.hear(2, 1);
  toy.settle();  // S1 and S2 have heard of kiwi, S3 of emu
  toy.link_up(1, 2);
  toy.now = at_ms(7);
  toy.repair(1, 2, "kiwi");
  toy.settle();
  HandoverLog there = moved(0, 0, 2, at_ms(5));
  there.left = at_ms(2);
  HandoverLog emu = moved(1, 2, 1, at_ms(6));
  emu.left = at_ms(3);
  HandoverLog back = moved(0, 2, 0, at_us(6500));
  back.last_answer = at_ms(1);
  back.first_answer = at_ms(8);
  toy.clients.handovers = {there, emu, back};
  EXPECT_THAT(rows_of(toy),
              ElementsAre("kiwi 0>2 at 2000: latency -, connected 3000, known 0, stale 2001",
                          "emu 2>1 at 3000: latency -, connected 3000, known 0, stale -",
                          "kiwi 2>0 at 4000: latency 7000, connected 2500, known 1, stale 0"));
}

TEST(HandoverRows, RepliesDoNotTellWhatTheNewServerKnew) {
  ToyHerd toy(small_herd(2, {{0, 1}}),
              HandPlan().client("kiwi").update(0, at_ms(1)).move(0, at_ms(4), 1));
  toy.zero = herd::Instant(kZero);
  toy.all_up();
  hear(toy, 1000, 0, 0);
  tell(toy, 1001);
  toy.clients.handovers = {moved(0, 0, 1, at_ms(5))};
  EXPECT_THAT(rows_of(toy),
              ElementsAre("kiwi 0>1 at 4000: latency -, connected 1000, known 1, stale 0"));
  for (const Observed observed :
       {Observed::kReplies, Observed::kElsewhereReplies, Observed::kElsewhereWhatsat}) {
    EXPECT_THAT(rows_of(toy, observed),
                ElementsAre("kiwi 0>1 at 4000: latency -, connected 1000, known -, stale -"));
  }
}

}  // namespace
}  // namespace sim
