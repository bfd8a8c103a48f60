// How the recorder and the checker treat a herd whose servers share a database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/format.h"
#include "sim/measure/metrics/handover_rows.h"
#include "tests/sim/measure/judged.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using herd::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

HerdSpec central_herd() {
  HerdSpec herd = small_herd(3, {{0, 1}, {0, 2}});
  herd.central.emplace();
  return herd;
}

// One client with three updates.
Plan three_updates() {
  return HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)).update(0, at_ms(3));
}

std::string line_of(const ToyHerd& toy, std::uint32_t server, std::uint32_t update) {
  const PlannedUpdate& planned = toy.plan.updates[update];
  std::string line = "AT " + toy.spec.servers[server].name + " +0.000000000 " +
                     toy.plan.subjects[planned.subject] + " " + location_text(toy.plan, planned) +
                     " ";
  herd::append_time(line, client_time(planned, ToyHerd::kBase));
  return line;
}

void commit(ToyHerd& toy, std::uint32_t server, std::uint32_t update, Verdict verdict) {
  toy.now += std::chrono::microseconds(1);
  const std::string line = line_of(toy, server, update);
  toy.recorder.update_committed(ToyHerd::id(server), ToyHerd::view(line), verdict, toy.moment());
}

void hold_everywhere(ToyHerd& toy, std::uint32_t server, std::uint32_t update) {
  for (std::uint32_t s = 0; s < 3; ++s) toy.plant(s, line_of(toy, server, update));
}

TEST(RecorderOfACentralHerd, HasEveryServerKnowWhatIsCommitted) {
  ToyHerd toy(central_herd(), three_updates());
  commit(toy, 1, 0, Verdict::kAccepted);
  commit(toy, 2, 1, Verdict::kAccepted);
  ASSERT_EQ(toy.recorder.accepted().size(), 2U);
  EXPECT_EQ(toy.recorder.accepted()[0].reached, 3U);
  EXPECT_EQ(toy.recorder.accepted()[1].server, 2U);
  EXPECT_EQ(toy.recorder.accepted()[0].messages, 0U);
  EXPECT_EQ(toy.recorder.delivery_count(), 0U);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  hold_everywhere(toy, 2, 1);
  EXPECT_THAT(judged(toy), IsEmpty());
}

// Two front ends report two commits in the opposite order, because one front end is far away.
TEST(RecorderOfACentralHerd, TakesCommitsInTheOrderInWhichTheyAreTold) {
  ToyHerd toy(central_herd(), three_updates());
  commit(toy, 0, 1, Verdict::kAccepted);
  commit(toy, 1, 0, Verdict::kAccepted);
  EXPECT_EQ(toy.recorder.accepted().size(), 2U);
  hold_everywhere(toy, 0, 1);
  EXPECT_THAT(judged(toy), IsEmpty());
}

TEST(RecorderOfACentralHerd, CountsWhatWasNotNewer) {
  ToyHerd toy(central_herd(), three_updates());
  commit(toy, 0, 2, Verdict::kAccepted);
  commit(toy, 1, 0, Verdict::kStale);
  EXPECT_EQ(toy.recorder.accepted().size(), 1U);
  EXPECT_EQ(toy.recorder.superseded().size(), 1U);
  hold_everywhere(toy, 0, 2);
  const UpdateLedger ledger = toy.ledger();
  EXPECT_THAT(ledger.outcome,
              ElementsAre(Outcome::kSuperseded, Outcome::kUnanswered, Outcome::kAccepted));
  EXPECT_THAT(judged(toy), IsEmpty());
}

// A client that moves to another front end is known there.
TEST(RecorderOfACentralHerd, FindsNoHandoverStale) {
  ToyHerd toy(central_herd(), HandPlan().client("kiwi").update(0, at_ms(1)).move(0, at_ms(2), 2));
  commit(toy, 0, 0, Verdict::kAccepted);
  HandoverLog moved;
  moved.client = 0;
  moved.from = 0;
  moved.to = 2;
  moved.connected = toy.now + std::chrono::microseconds(1);
  toy.clients.handovers.push_back(moved);
  hold_everywhere(toy, 0, 0);
  const HerdOutcome outcome = toy.outcome();
  const auto rows = handover_rows(outcome, UpdateLedger(outcome));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].known, true);
  EXPECT_EQ(rows[0].stale, Duration(0));
}

TEST(CheckerOfACentralHerd, MissesWhatTheDatabaseLost) {
  ToyHerd toy(central_herd(), three_updates());
  commit(toy, 0, 0, Verdict::kAccepted);
  commit(toy, 1, 1, Verdict::kAccepted);
  hold_everywhere(toy, 0, 0);
  EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("the database lacks update 1 of kiwi at S2")));
}

TEST(CheckerOfACentralHerd, MissesWhatTheDatabaseNeverHad) {
  ToyHerd toy(central_herd(), three_updates());
  commit(toy, 0, 0, Verdict::kAccepted);
  EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("the database lacks update 0 of kiwi at S1")));
}

}  // namespace
}  // namespace sim
