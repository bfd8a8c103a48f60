// How the Recorder counts restarts, repairs and clients that move.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "sim/measure/metrics/recorder.h"
#include "tests/sim/measure/recorder_words.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Plan kiwi_once() { return HandPlan().client("kiwi").update(0, at_ms(1)); }
Plan kiwi_twice() { return HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)); }
// The first update is at Ball, which will die, the second at Alford.
Plan emu_and_kiwi() {
  return HandPlan()
      .client("emu", kBall)
      .client("kiwi", kAlford)
      .update(0, at_ms(1))
      .update(1, at_ms(2));
}

// The ring of the paper, played by hand. Emu's update floods the whole ring: 10 messages. Kiwi's
// reaches Hamilton and Welsh. Then Ball dies, and Welsh's line to it is lost. Holiday gets the
// update from Hamilton. There are 7 messages: 3 deliveries, 3 echoes, 1 lost. Then Ball is back:
//   W>B kiwi's   repair, accepted for the first time; B sends to Ho (duplicate) and W (echo)
//   Ho>B kiwi's  repair, duplicate
//   W>B emu's    repair, accepted again at its own origin; B sends to Ho (duplicate) and W (echo)
TEST(RecorderFaults, CountsARestartAndItsRepairs) {
  ToyHerd toy(paper_herd(), emu_and_kiwi());
  toy.all_up();
  toy.hear(kBall, 0);
  toy.settle();
  toy.now = at_ms(10);
  toy.hear(kAlford, 1);
  toy.deliver(kAlford, kHamilton);
  toy.deliver(kAlford, kWelsh);
  toy.stop(kBall);
  toy.settle();
  toy.now = at_ms(20);
  toy.start(kBall);
  toy.repair(kWelsh, kBall, "kiwi");
  toy.repair(kHoliday, kBall, "kiwi");
  toy.repair(kWelsh, kBall, "emu");
  toy.settle();
  const Recorder& recorder = toy.recorder;
  EXPECT_THAT(all(recorder.accepted()),
              ElementsAre("13 messages, reached 5, 8 duplicates, 5 echoes, 0 stale, 0 lost",
                          "11 messages, reached 5, 6 duplicates, 4 echoes, 0 stale, 1 lost"));
  EXPECT_EQ(recorder.servers()[kBall].deliveries_again, 1U);
  EXPECT_EQ(recorder.servers()[kBall].restarts, 1U);
  EXPECT_EQ(recorder.servers()[kBall].accepted, 1U);
  EXPECT_EQ(recorder.servers()[kWelsh].deliveries_again, 0U);
  EXPECT_EQ(recorder.servers()[kWelsh].restarts, 0U);
  EXPECT_EQ(recorder.last_start(kBall), at_ms(20));
  EXPECT_EQ(recorder.last_start(kWelsh), std::nullopt);
  // A second application is not a delivery. The first one always is, even if it is late.
  ASSERT_THAT(recorder.deliveries(), SizeIs(8));
  EXPECT_EQ(recorder.delivery_count(), 8U);
  EXPECT_EQ(told(recorder.deliveries().back()), "4 to 1 in 2 hops, 10001000 ns");
  EXPECT_EQ(recorder.accepted()[1].last_delivery, at_us(20'001));
  EXPECT_EQ(recorder.accepted()[0].last_delivery - recorder.accepted()[0].accepted, 5us);
  // The directions B>Ho, Ho>B, B>W, W>B.
  const auto directions = recorder.directions();
  EXPECT_EQ(directions[4].repairs, 0U);
  EXPECT_EQ(directions[5].repairs, 1U);
  EXPECT_EQ(directions[6].repairs, 0U);
  EXPECT_EQ(directions[7].repairs, 2U);
  EXPECT_EQ(directions[7].lost, 1U);
  EXPECT_EQ(recorder.messages(), 24U);
  EXPECT_EQ(recorder.in_flight(), 0U);
  EXPECT_THAT(recorder.violations(), IsEmpty());
}

// The Recorder knows all updates that a server ever applied, not only the last one.
TEST(RecorderFaults, KnowsWhatAServerAppliedLongBefore) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}, Scheme::kFlood), kiwi_twice());
  toy.all_up();
  toy.hear(0, 0);
  toy.settle();
  toy.link_down(1, 2);  // S3 keeps the first update
  toy.hear(0, 1);
  toy.settle();
  toy.stop(1);
  toy.start(1);
  toy.repair(2, 1, "kiwi");
  toy.settle();  // the repair is relayed to S1 and is stale there
  toy.repair(0, 1, "kiwi");
  toy.settle();  // the repair is relayed to S3 for the first time
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("4 messages, reached 3, 0 duplicates, 0 echoes, 1 stale, 0 lost",
                          "3 messages, reached 3, 0 duplicates, 0 echoes, 0 stale, 0 lost"));
  EXPECT_EQ(toy.recorder.servers()[1].deliveries_again, 2U);
  EXPECT_EQ(toy.recorder.delivery_count(), 4U);
}

// A server that lost its memory may accept an older update without going back.
TEST(RecorderFaults, AServerThatDiedStartsAnew) {
  ToyHerd toy(small_herd(1, {}), kiwi_twice());
  toy.hear(0, 1);
  toy.stop(0);
  toy.start(0);
  toy.hear(0, 0);
  EXPECT_THAT(toy.recorder.violations(), IsEmpty());
  EXPECT_THAT(toy.recorder.accepted(), SizeIs(2));
}

TEST(RecorderFaults, WhatIsUnderWayToAServerThatDiesIsLost) {
  ToyHerd toy(paper_herd(), kiwi_once());
  toy.all_up();
  toy.hear(kAlford, 0);
  EXPECT_EQ(toy.recorder.in_flight(), 2U);
  toy.stop(kHamilton);
  EXPECT_EQ(toy.recorder.in_flight(), 1U);
  toy.stop(kAlford);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  EXPECT_EQ(toy.recorder.accepted()[0].lost, 2U);
  EXPECT_TRUE(toy.recorder.accepted()[0].met_fault);
}

// Welsh is the server that was dialled. For it the link goes up and down before Alford has read
// that the handshake is complete.
void come_and_go_unheard(ToyHerd& toy) {
  toy.end_up(kWelsh, kAlford);
  toy.hear(kWelsh, 0);
  toy.end_down(kWelsh, kAlford);
}
Plan one_at_welsh() { return HandPlan().client("kiwi", kWelsh).update(0, at_ms(1)); }

TEST(RecorderFaults, AnEndThatHearsLateThatItsLinkIsProvenReadsWhatWasSentOnIt) {
  ToyHerd toy(paper_herd(), one_at_welsh());
  come_and_go_unheard(toy);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  toy.end_up(kAlford, kWelsh);
  EXPECT_EQ(toy.recorder.in_flight(), 1U);
  ASSERT_TRUE(toy.deliver(kWelsh, kAlford));
  toy.end_down(kAlford, kWelsh);
  EXPECT_THAT(toy.recorder.violations(), IsEmpty());
  // The other message is Alford's echo, on a connection that is gone.
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("2 messages, reached 2, 0 duplicates, 0 echoes, 0 stale, 1 lost"));
  toy.link_up(kWelsh, kAlford);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
}

TEST(RecorderFaults, WhatWasSentOnALinkThatNeverCameUpIsLost) {
  ToyHerd toy(paper_herd(), one_at_welsh());
  come_and_go_unheard(toy);
  toy.link_up(kWelsh, kAlford);
  toy.receive(kWelsh, kAlford, "AT Welsh +0.0 kiwi +34.068930-118.445127 1.0");
  EXPECT_THAT(toy.recorder.violations(), ElementsAre(HasSubstr("that the neighbour did not send")));
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("1 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 1 lost"));
}

// The hops of a repair are those of the server that holds the record, plus one.
TEST(RecorderFaults, CountsTheHopsOfRepairs) {
  ToyHerd toy(small_herd(4, {{0, 1}, {1, 2}, {2, 3}}, Scheme::kFlood), kiwi_once());
  toy.all_up();
  toy.link_down(2, 3);
  toy.hear(0, 0);
  toy.settle();
  toy.link_up(2, 3);
  toy.repair(2, 3, "kiwi");
  toy.settle();
  EXPECT_EQ(told(toy.recorder.deliveries().back()), "2 to 3 in 3 hops, 3000 ns");
  EXPECT_TRUE(toy.recorder.accepted()[0].met_change);
}

TEST(RecorderFaults, SeesARepairThatIsNotWhatTheServerHolds) {
  ToyHerd toy(small_herd(2, {{0, 1}}), kiwi_twice());
  toy.all_up();
  toy.hear(0, 1);
  toy.settle();
  const char* const lines[] = {"AT S1 +0.0 emu +1.0+1.0 5", "AT S1 +0.0 kiwi +1.0+1.0 5"};
  for (const std::string line : lines) {
    toy.recorder.repair_sent(ToyHerd::id(0), toy.neighbor(0, 1), ToyHerd::view(line), toy.moment());
  }
  EXPECT_THAT(toy.recorder.violations(),
              ElementsAre("server S1: it sent S2 a repair that is not what it holds: "
                          "'AT S1 +0.0 emu +1.0+1.0 5'",
                          "server S1: it sent S2 a repair that is not what it holds: "
                          "'AT S1 +0.0 kiwi +1.0+1.0 5'"));
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
}

TEST(RecorderFaults, CountsSummariesByDirection) {
  ToyHerd toy(small_herd(2, {{0, 1}}), Plan());
  toy.all_up();
  toy.recorder.summary_sent(ToyHerd::id(0), toy.neighbor(0, 1), 100, toy.moment());
  toy.recorder.summary_sent(ToyHerd::id(1), toy.neighbor(1, 0), 20, toy.moment());
  toy.recorder.summary_sent(ToyHerd::id(0), toy.neighbor(0, 1), 3, toy.moment());
  EXPECT_EQ(toy.recorder.directions()[0].summary_bytes, 103U);
  EXPECT_EQ(toy.recorder.directions()[1].summary_bytes, 20U);
  EXPECT_EQ(toy.recorder.messages(), 0U);
}

// A link is synchronized when both endpoints are, each time that it comes up.
TEST(RecorderFaults, TellsWhenALinkIsSynchronized) {
  ToyHerd toy(small_herd(2, {{0, 1}}), Plan());
  const auto synchronized = [&](std::uint32_t a, std::uint32_t b) {
    toy.now += 1ms;
    toy.recorder.link_synchronized(ToyHerd::id(a), toy.neighbor(a, b), toy.moment());
  };
  toy.all_up();
  synchronized(0, 1);
  synchronized(1, 0);
  toy.link_down(0, 1);
  toy.link_up(0, 1);
  synchronized(0, 1);
  toy.link_down(0, 1);
  toy.link_up(0, 1);
  synchronized(1, 0);
  synchronized(0, 1);
  std::vector<std::string> changes;
  for (const LinkChange& change : toy.recorder.link_changes()) {
    const char* const names[] = {" down", " up", " in step"};
    changes.push_back(std::to_string(change.at.time_since_epoch() / 1ms) +
                      names[static_cast<int>(change.state)]);
  }
  EXPECT_THAT(changes,
              ElementsAre("0 up", "2 in step", "2 down", "2 up", "3 down", "3 up", "5 in step"));
}

// For clients that move, the log keeps when each server that they move to received which update.
TEST(RecorderFaults, KeepsWhatServersHeldOfClientsThatMove) {
  const Plan plan = HandPlan()
                        .client("kiwi", 0)
                        .client("emu", 0)
                        .update(0, at_ms(1))
                        .update(1, at_ms(1))
                        .update(0, at_ms(2))
                        .move(0, at_ms(3), 2);
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}, Scheme::kFlood), plan, RecordLevel::kSummary);
  toy.all_up();
  toy.play();
  toy.stop(2);
  toy.start(2);
  toy.repair(1, 2, "kiwi");
  toy.settle();
  toy.hear_line(2, "AT S3 +0.0 nobodys +1.0+1.0 5");
  std::vector<std::string> told;
  for (const HoldingLog& log : toy.recorder.holdings()) {
    told.push_back(std::to_string(log.at.time_since_epoch() / 1us) + " us: S" +
                   std::to_string(log.server + 1) +
                   (log.update == kNoIndex ? " forgets" : " holds " + std::to_string(log.update)));
  }
  EXPECT_THAT(told, ElementsAre("2 us: S3 holds 0", "6 us: S3 holds 2", "6 us: S3 forgets",
                                "7 us: S3 holds 2"));
}

}  // namespace
}  // namespace sim
