#include "sim/measure/metrics/update_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kAccepted = Outcome::kAccepted;
constexpr auto kSuperseded = Outcome::kSuperseded;
constexpr auto kUnanswered = Outcome::kUnanswered;

TEST(UpdateLedger, OfNothingIsEmpty) {
  const ToyHerd toy(paper_herd(), Plan());
  const UpdateLedger ledger = toy.ledger();
  EXPECT_EQ(ledger.sent, 0U);
  EXPECT_THAT(ledger.history, IsEmpty());
  EXPECT_THAT(toy.held(ledger), Each(IsEmpty()));
  EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
}

TEST(UpdateLedger, KnowsAcceptedSupersededAndUnanswered) {
  ToyHerd toy(paper_herd(), HandPlan()
                                .client("kiwi")
                                .client("emu")
                                .update(0, at_ms(1))
                                .update(1, at_ms(2))
                                .update(0, at_ms(3))
                                .update(1, at_ms(4)));
  toy.all_up();
  toy.hear(kBall, 2);
  toy.settle();
  toy.hear(kWelsh, 0);  // late: superseded by number 2
  toy.hear(kAlford, 1);
  toy.settle();
  const UpdateLedger ledger = toy.ledger();
  EXPECT_EQ(ledger.sent, 4U);
  EXPECT_THAT(ledger.outcome, ElementsAre(kSuperseded, kAccepted, kAccepted, kUnanswered));
  EXPECT_THAT(ledger.origin, ElementsAre(kWelsh, kAlford, kBall, kNoIndex));
  EXPECT_THAT(ledger.accepted_as, ElementsAre(kNoIndex, 1, 0, kNoIndex));
  EXPECT_THAT(ledger.planned_as, ElementsAre(2, 1));
  EXPECT_THAT(ledger.history, ElementsAre(ElementsAre(0), ElementsAre(1)));
  EXPECT_THAT(toy.held(ledger), Each(ElementsAre(0, 0)));
}

TEST(UpdateLedger, KnowsOnlyWhatWasSent) {
  ToyHerd toy(small_herd(1, {}), HandPlan()
                                     .client("kiwi")
                                     .update(0, at_ms(1))
                                     .query(0, at_ms(2), "WHATSAT kiwi 1 1")
                                     .update(0, at_ms(3))
                                     .query(0, at_ms(4), "WHATSAT kiwi 1 1"));
  toy.clients.actions_done = 3;  // interrupted
  toy.hear(0, 0);
  const UpdateLedger ledger = toy.ledger();
  EXPECT_EQ(ledger.sent, 2U);
  EXPECT_EQ(ledger.queries_sent, 1U);
  EXPECT_THAT(ledger.outcome, ElementsAre(kAccepted, kUnanswered));
}

// At equal client times the greater location comes first, then the greater server name.
TEST(UpdateLedger, OrdersTies) {
  ToyHerd toy(small_herd(3, {}), HandPlan()
                                     .client("kiwi")
                                     .stamped(0, at_ms(1), 7, {2, 2})
                                     .stamped(0, at_ms(1), 7, {1, 1})
                                     .stamped(0, at_ms(1), 7, {1, 1})
                                     .stamped(0, at_ms(1), 6, {9, 9}));
  // S1 accepts two updates, the second newer than the first. The others accept one each.
  toy.hear(2, 1);
  toy.hear(0, 3);
  toy.hear(0, 2);
  toy.hear(1, 0);
  const UpdateLedger ledger = toy.ledger();
  // The accepted updates: 0 is (1, 1) at S3, 1 has the oldest time, 2 is (1, 1) at S1, 3 is (2, 2)
  // at S2.
  EXPECT_THAT(ledger.history, ElementsAre(ElementsAre(1, 2, 0, 3)));
  EXPECT_THAT(toy.held(ledger), ElementsAre(ElementsAre(1), ElementsAre(3), ElementsAre(2)));
  EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
}

TEST(UpdateLedger, TakesAlikeUpdatesInTheOrderOfThePlan) {
  ToyHerd toy(small_herd(1, {}), HandPlan()
                                     .client("kiwi")
                                     .stamped(0, at_ms(1), 7, {1, 1})
                                     .stamped(0, at_ms(2), 7, {1, 1})
                                     .stamped(0, at_ms(3), 7, {1, 1}));
  toy.hear(0, 0);
  toy.hear(0, 1);
  const UpdateLedger ledger = toy.ledger();
  EXPECT_THAT(ledger.outcome, ElementsAre(kAccepted, kSuperseded, kUnanswered));
}

// A client repeats an update to a server that has lost its memory. Both updates are accepted. The
// record counts as the later one, whichever skew it has.
TEST(UpdateLedger, TakesARepetitionAfterARestartForTheLater) {
  ToyHerd toy(small_herd(2, {{0, 1}}, herd::Scheme::kFlood), HandPlan()
                                                                 .client("kiwi")
                                                                 .stamped(0, at_ms(1), 7, {1, 1})
                                                                 .stamped(0, at_ms(2), 7, {1, 1})
                                                                 .stamped(0, at_ms(3), 8, {1, 1}));
  toy.all_up();
  toy.hear(0, 0);
  toy.settle();
  toy.stop(0);
  toy.start(0);
  toy.hear_line(0, "AT S1 -0.000000001 kiwi +01.000000+001.000000 1000000000.000000007");
  toy.settle();
  const UpdateLedger ledger = toy.ledger();
  EXPECT_THAT(ledger.outcome, ElementsAre(kAccepted, kAccepted, kUnanswered));
  EXPECT_THAT(ledger.history, ElementsAre(ElementsAre(0, 1)));
  EXPECT_THAT(toy.held(ledger), ElementsAre(ElementsAre(1), ElementsAre(1)));
  EXPECT_THAT(ledger.held.altered().sentences, IsEmpty());
  EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
}

TEST(UpdateLedger, KnowsScriptedReportsByTheirOwnFields) {
  HandPlan plan;
  plan.client("kiwi");
  plan.subjects.push_back("fox");
  plan.lines.push_back("IAMAT fox +1.50-2.5 12.5");
  plan.actions.push_back({at_ms(1), 0, ActionKind::kUpdate, 0});
  plan.updates.push_back({at_ms(1), 0, 1, 12'500'000'000, {}, 0});
  ToyHerd toy(small_herd(1, {}), plan);
  toy.hear_line(0, "AT S1 +0.5 fox +1.50-2.5 12.5");
  const UpdateLedger ledger = toy.ledger();
  EXPECT_THAT(ledger.outcome, ElementsAre(kAccepted));
  EXPECT_THAT(toy.held(ledger), ElementsAre(ElementsAre(kNoIndex, 0)));
  EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
}

TEST(UpdateLedger, TellsWhoHoldsWhat) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}),
              HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)));
  toy.all_up();
  toy.hear(0, 0);
  toy.deliver(0, 1);
  toy.link_down(1, 2);  // the first update is lost on the way to S3
  toy.link_down(0, 1);
  toy.hear(0, 1);
  EXPECT_THAT(toy.held(toy.ledger()),
              ElementsAre(ElementsAre(1), ElementsAre(0), ElementsAre(kNoIndex)));
}

TEST(UpdateLedger, NamesForeignRecords) {
  ToyHerd toy(small_herd(2, {}), HandPlan().client("kiwi").update(0, at_ms(1), {1, 1}));
  toy.hear(0, 0);
  const std::string sound = "AT S1 +0.0 kiwi +01.000000+001.000000 1000000000.001000000";
  struct Row {
    const char* line;
    bool foreign;
  };
  const Row rows[] = {
      {"AT S1 +0.0 kiwi +01.000000+001.000000 1000000000.001000000", false},
      {"AT S2 +0.0 kiwi +01.000000+001.000000 1000000000.001000000", true},
      {"AT S1 +0.0 kiwi +01.000001+001.000000 1000000000.001000000", true},
      {"AT S1 +0.0 kiwi +01.000000+001.000000 1000000000.001000001", true},
      {"AT S1 +0.0 emu +01.000000+001.000000 1000000000.001000000", true},
  };
  for (const Row& row : rows) {
    toy.lose_memory(1);
    toy.plant(1, row.line);
    const UpdateLedger ledger = toy.ledger();
    if (row.foreign) {
      EXPECT_THAT(ledger.held.foreign().sentences,
                  ElementsAre(HasSubstr("server S2 holds a record that no client "
                                        "sent: '" +
                                        std::string(row.line))));
      EXPECT_THAT(toy.held(ledger, 1), ElementsAre(kNoIndex));
    } else {
      EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
      EXPECT_THAT(toy.held(ledger, 1), ElementsAre(0));
    }
  }
}

// If several servers share a report that no client sent, or one with altered words, each server is
// named.
TEST(UpdateLedger, NamesEveryServerOfABadReport) {
  for (const bool shared : {true, false}) {
    ToyHerd toy(small_herd(200, {}), HandPlan().client("kiwi").update(0, at_ms(1), {1, 1}));
    toy.reports_are_shared = shared;
    toy.hear(0, 0);
    for (std::uint32_t s = 1; s < 200; ++s) {
      toy.plant(s, "AT S1 +9.0 kiwi +01.000000+001.000000 1000000000.001000000");
      toy.plant(s, "AT S1 +0.0 emu +01.000000+001.000000 1000000000.001000000");
    }
    const UpdateLedger ledger = toy.ledger();
    EXPECT_EQ(ledger.held.foreign().count, 199U);
    EXPECT_EQ(ledger.held.altered().count, 199U);
    ASSERT_THAT(ledger.held.foreign().sentences, SizeIs(100));
    ASSERT_THAT(ledger.held.altered().sentences, SizeIs(100));
    EXPECT_THAT(ledger.held.foreign().sentences[99], HasSubstr("server S101 holds a record that"));
    EXPECT_THAT(
        ledger.held.altered().sentences[99],
        HasSubstr("server S101 holds a record of the same update in other words: 'AT S1 +9.0"));
    EXPECT_THAT(toy.held(ledger), Each(ElementsAre(0)));
    EXPECT_EQ(check(toy.outcome(), ledger, ClockKind::kVirtual).count, 398U);
  }
}

TEST(UpdateLedger, AnAcceptedReportThatNoClientSentIsNoPlannedUpdate) {
  ToyHerd toy(small_herd(1, {}), HandPlan().client("kiwi").update(0, at_ms(1)));
  toy.hear_line(0, "AT S1 +0.0 ghost +1.0+1.0 5");
  const UpdateLedger ledger = toy.ledger();
  EXPECT_THAT(ledger.planned_as, ElementsAre(kNoIndex));
  EXPECT_THAT(ledger.outcome, ElementsAre(kUnanswered));
  EXPECT_THAT(ledger.held.foreign().sentences, IsEmpty());
}

}  // namespace
}  // namespace sim
