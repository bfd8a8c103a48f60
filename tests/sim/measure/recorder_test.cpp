#include "sim/measure/metrics/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sim/measure/recorder_words.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Scheme;
using herd::Verdict;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Plan one_update() { return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)); }
Plan two_updates() {
  return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)).update(0, at_ms(2));
}

// One line arrives each microsecond, in the order of sending. By hand:
//   1 A>H   accepted, H sends to A and Ho      6 W>B   accepted, B sends to Ho and W
//   2 A>W   accepted, W sends to A and B       7 Ho>B  duplicate
//   3 H>A   echo                               8 Ho>H  echo
//   4 H>Ho  accepted, Ho sends to B and H      9 B>Ho  duplicate
//   5 W>A   echo                              10 B>W   echo
TEST(Recorder, CountsTheFloodOfThePaper) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up().play();
  const Recorder& recorder = toy.recorder;
  EXPECT_THAT(all(recorder.accepted()),
              ElementsAre("10 messages, reached 5, 6 duplicates, 4 echoes, 0 stale, 0 lost"));
  EXPECT_THAT(all(recorder.deliveries()),
              ElementsAre("0 to 2 in 1 hops, 1000 ns", "0 to 4 in 1 hops, 2000 ns",
                          "2 to 3 in 2 hops, 4000 ns", "4 to 1 in 2 hops, 6000 ns"));
  EXPECT_EQ(recorder.delivery_count(), 4U);
  EXPECT_THAT(recorder.delivery_percentiles({0, 26, 75, 100}), ElementsAre(1us, 2us, 4us, 6us));
  EXPECT_EQ(recorder.accepted()[0].last_delivery - recorder.accepted()[0].accepted, 6us);
  const std::string plain = "1 messages, 0 duplicates, 0 echoes, 0 lost, 0 drops";
  const std::string held = "1 messages, 1 duplicates, 0 echoes, 0 lost, 0 drops";
  const std::string echo = "1 messages, 1 duplicates, 1 echoes, 0 lost, 0 drops";
  // The directions A>H H>A, A>W W>A, B>Ho Ho>B, B>W W>B, H>Ho Ho>H.
  EXPECT_THAT(all(recorder.directions()),
              ElementsAre(plain, echo, plain, echo, held, held, echo, plain, plain, echo));
  EXPECT_EQ(recorder.servers()[kAlford].accepted, 1U);
  EXPECT_EQ(recorder.servers()[kAlford].messages_in, 2U);
  EXPECT_EQ(recorder.servers()[kAlford].messages_out, 2U);
  EXPECT_EQ(recorder.servers()[kAlford].duplicates_in, 2U);
  EXPECT_EQ(recorder.servers()[kHoliday].accepted, 0U);
  EXPECT_EQ(recorder.servers()[kHoliday].duplicates_in, 1U);
  EXPECT_EQ(recorder.messages(), 10U);
  EXPECT_EQ(recorder.in_flight(), 0U);
  EXPECT_THAT(recorder.violations(), IsEmpty());
}

TEST(Recorder, CountsTheSameIfLinesAreReportedTogether) {
  for (const Scheme& scheme : {Scheme::kFloodEcho, Scheme::kFlood}) {
    ToyHerd each(paper_herd(scheme), two_updates());
    ToyHerd together(paper_herd(scheme), two_updates());
    together.relays_at_once = true;
    each.all_up().play();
    together.all_up().play();
    EXPECT_EQ(all(together.recorder.accepted()), all(each.recorder.accepted()));
    EXPECT_EQ(all(together.recorder.deliveries()), all(each.recorder.deliveries()));
    EXPECT_EQ(all(together.recorder.directions()), all(each.recorder.directions()));
    EXPECT_EQ(together.recorder.messages(), each.recorder.messages());
    EXPECT_EQ(together.recorder.in_flight(), 0U);
    EXPECT_THAT(together.recorder.violations(), IsEmpty());
  }
}

TEST(Recorder, CountsAFloodWithSplitHorizon) {
  ToyHerd toy(paper_herd(Scheme::kFlood), one_update());
  toy.all_up().play();
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("6 messages, reached 5, 2 duplicates, 0 echoes, 0 stale, 0 lost"));
  EXPECT_THAT(toy.recorder.delivery_percentiles({25, 50, 75, 100}),
              ElementsAre(1us, 2us, 3us, 4us));
}

TEST(Recorder, KnowsLatenciesWithoutDeliveries) {
  for (const RecordLevel level : {RecordLevel::kSummary, RecordLevel::kUpdates}) {
    ToyHerd toy(paper_herd(), one_update(), level);
    EXPECT_THAT(toy.recorder.delivery_percentiles({50}), ElementsAre(std::nullopt));
    toy.all_up().play();
    EXPECT_THAT(toy.recorder.deliveries(), IsEmpty());
    EXPECT_EQ(toy.recorder.delivery_count(), 4U);
    EXPECT_THAT(toy.recorder.delivery_percentiles({0, 26, 75, 100}),
                ElementsAre(1us, 2us, 4us, 6us));
  }
}

// The level decides what is kept of deliveries, and changes nothing else.
TEST(Recorder, CountsTheSameAtEveryLevel) {
  ToyHerd whole(paper_herd(), two_updates());
  whole.all_up().play();
  for (const RecordLevel level : {RecordLevel::kSummary, RecordLevel::kUpdates}) {
    ToyHerd toy(paper_herd(), two_updates(), level);
    toy.all_up().play();
    EXPECT_EQ(all(toy.recorder.accepted()), all(whole.recorder.accepted()));
    EXPECT_EQ(all(toy.recorder.directions()), all(whole.recorder.directions()));
    EXPECT_EQ(toy.recorder.delivery_count(), whole.recorder.delivery_count());
  }
}

// Many messages on one link, lost and received.
TEST(Recorder, KeepsTheOrderOfManyOnOneLink) {
  HandPlan plan;
  plan.client("kiwi");
  for (int i = 1; i <= 50; ++i) plan.update(0, at_ms(i));
  ToyHerd toy(small_herd(2, {{0, 1}}, Scheme::kFlood), plan);
  toy.all_up();
  for (std::uint32_t i = 0; i < 30; ++i) toy.hear(0, i);
  for (int i = 0; i < 10; ++i) toy.deliver(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 20U);
  EXPECT_EQ(toy.recorder.servers()[1].messages_in, 10U);
  toy.link_down(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  EXPECT_EQ(toy.recorder.servers()[1].messages_in, 10U);
  toy.link_up(0, 1);
  for (std::uint32_t i = 30; i < 50; ++i) toy.hear(0, i);
  toy.settle();
  EXPECT_THAT(toy.recorder.violations(), IsEmpty());
  EXPECT_EQ(toy.recorder.directions()[0].messages, 50U);
  EXPECT_EQ(toy.recorder.directions()[0].lost, 20U);
  EXPECT_EQ(toy.recorder.servers()[0].messages_out, 50U);
  EXPECT_EQ(toy.recorder.servers()[1].messages_in, 30U);
  EXPECT_EQ(toy.recorder.servers()[1].messages_out, 0U);
  EXPECT_EQ(toy.recorder.delivery_count(), 30U);
}

TEST(Recorder, CountsHopsAlongALine) {
  ToyHerd toy(small_herd(4, {{0, 1}, {1, 2}, {2, 3}}), one_update());
  toy.all_up().play();
  EXPECT_THAT(all(toy.recorder.deliveries()),
              ElementsAre("0 to 1 in 1 hops, 1000 ns", "1 to 2 in 2 hops, 3000 ns",
                          "2 to 3 in 3 hops, 5000 ns"));
}

TEST(Recorder, CountsStaleOnes) {
  ToyHerd toy(small_herd(2, {{0, 1}}), two_updates());
  toy.all_up();
  toy.hear(0, 0);
  toy.hear(1, 1);  // newer, before the first has arrived
  toy.settle();
  // S1 > S2 is stale; S2 > S1 is accepted and echoed.
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("1 messages, reached 1, 0 duplicates, 0 echoes, 1 stale, 0 lost",
                          "2 messages, reached 2, 1 duplicates, 1 echoes, 0 stale, 0 lost"));
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
}

TEST(Recorder, KeepsWhatWasSuperseded) {
  ToyHerd toy(small_herd(1, {}), two_updates());
  toy.hear(0, 1);
  toy.hear(0, 0);
  toy.hear(0, 1);
  ASSERT_THAT(toy.recorder.superseded(), SizeIs(2));
  EXPECT_EQ(toy.recorder.superseded()[0].time_ns, ToyHerd::kBase + 1'000'000);
  EXPECT_EQ(toy.recorder.superseded()[1].time_ns, ToyHerd::kBase + 2'000'000);
  EXPECT_THAT(toy.recorder.accepted(), SizeIs(1));
}

TEST(Recorder, CountsWhatACutLosesBothWays) {
  ToyHerd toy(small_herd(2, {{0, 1}}), two_updates());
  toy.all_up();
  toy.hear(0, 0);
  toy.deliver(0, 1);  // its echo is in flight
  toy.hear(0, 1);     // the next update is in flight too
  EXPECT_EQ(toy.recorder.in_flight(), 2U);
  toy.link_down(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("2 messages, reached 2, 0 duplicates, 0 echoes, 0 stale, 1 lost",
                          "1 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 1 lost"));
  EXPECT_THAT(all(toy.recorder.directions()),
              ElementsAre("2 messages, 0 duplicates, 0 echoes, 1 lost, 1 drops",
                          "1 messages, 0 duplicates, 0 echoes, 1 lost, 1 drops"));
  EXPECT_TRUE(toy.recorder.accepted()[0].met_fault);
  EXPECT_TRUE(toy.recorder.accepted()[1].met_fault);
}

// One endpoint closes first. The other still sends, and its messages are lost.
TEST(Recorder, CountsWhatIsSentIntoAHalfClosedLink) {
  ToyHerd toy(small_herd(2, {{0, 1}}), two_updates());
  toy.all_up();
  toy.hear(0, 0);
  toy.end_down(1, 0);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  toy.hear(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 1U);
  toy.end_down(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  EXPECT_EQ(toy.recorder.directions()[0].lost, 2U);
  EXPECT_EQ(toy.recorder.link_drops(), 1U);
}

// One endpoint closes first. Until the other learns of the cut, it may read messages that were sent
// before.
TEST(Recorder, ReadsWhatCameBeforeTheCut) {
  ToyHerd toy(small_herd(2, {{0, 1}}, Scheme::kFlood), one_update());
  toy.all_up();
  toy.hear(0, 0);
  toy.end_down(0, 1);
  EXPECT_EQ(toy.recorder.in_flight(), 1U);
  toy.deliver(0, 1);
  toy.end_down(1, 0);
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("1 messages, reached 2, 0 duplicates, 0 echoes, 0 stale, 0 lost"));
  EXPECT_THAT(toy.recorder.violations(), IsEmpty());
}

TEST(Recorder, ANewConnectionStartsEmpty) {
  ToyHerd toy(small_herd(2, {{0, 1}}, Scheme::kFlood), two_updates());
  toy.all_up();
  toy.hear(0, 0);
  toy.link_down(0, 1);
  toy.link_up(0, 1);
  toy.hear(0, 1);
  toy.settle();
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("1 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 1 lost",
                          "1 messages, reached 2, 0 duplicates, 0 echoes, 0 stale, 0 lost"));
  EXPECT_THAT(toy.recorder.violations(), IsEmpty());
}

TEST(Recorder, WhatIsUnderWayAtTheEndIsLost) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up();
  toy.hear(kAlford, 0);
  EXPECT_EQ(toy.recorder.in_flight(), 2U);
  toy.recorder.finish(toy.now);
  EXPECT_EQ(toy.recorder.in_flight(), 0U);
  EXPECT_THAT(all(toy.recorder.accepted()),
              ElementsAre("2 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 2 lost"));
}

TEST(Recorder, MeasuresHowLongLinksWereDown) {
  ToyHerd toy(paper_herd(), Plan());
  toy.now = at_ms(5);
  toy.all_up();  // time before the first handshake is not down time
  toy.now = at_ms(100);
  toy.end_down(kAlford, kHamilton);  // the down time begins when the first endpoint goes down
  toy.now = at_ms(101);
  toy.end_down(kHamilton, kAlford);
  toy.now = at_ms(150);
  toy.end_up(kHamilton, kAlford);
  toy.now = at_ms(152);
  toy.end_up(kAlford, kHamilton);  // and ends when the last endpoint is up
  toy.now = at_ms(200);
  toy.link_down(kAlford, kHamilton);
  toy.link_down(kBall, kWelsh);
  toy.now = at_ms(210);
  toy.link_up(kAlford, kHamilton);
  toy.now = at_ms(300);
  toy.recorder.finish(toy.now);  // Ball - Welsh never came back
  EXPECT_EQ(toy.recorder.link_drops(), 3U);
  EXPECT_EQ(toy.recorder.link_down_time(*toy.spec.find_link(kAlford, kHamilton)), 62ms);
  EXPECT_EQ(toy.recorder.link_down_time(*toy.spec.find_link(kBall, kWelsh)), 100ms);
  EXPECT_EQ(toy.recorder.link_down_time(*toy.spec.find_link(kBall, kHoliday)), 0ms);
  EXPECT_EQ(toy.recorder.directions()[0].drops, 2U);
  EXPECT_EQ(toy.recorder.directions()[1].drops, 2U);
  std::vector<std::string> changes;
  for (const LinkChange& change : toy.recorder.link_changes()) {
    if (change.at > at_ms(5)) {
      changes.push_back(std::to_string(change.at.time_since_epoch() / 1ms) + " " +
                        std::to_string(change.link) +
                        (change.state == LinkState::kUp ? " up" : " down"));
    }
  }
  EXPECT_THAT(changes,
              ElementsAre("100 0 down", "152 0 up", "200 0 down", "200 3 down", "210 0 up"));
}

TEST(Recorder, ALinkThatWasNeverWholeIsNoDrop) {
  ToyHerd toy(small_herd(2, {{0, 1}}), Plan());
  toy.end_up(0, 1);
  toy.end_down(0, 1);
  toy.link_up(0, 1);
  EXPECT_EQ(toy.recorder.link_drops(), 0U);
  EXPECT_THAT(toy.recorder.link_changes(), SizeIs(1));
}

// The links' states, and those that the flood of an update met.
TEST(Recorder, KnowsWhatAFloodMet) {
  struct Row {
    const char* name;
    void (*run)(ToyHerd&);
    bool fault, change;
  };
  const Row rows[] = {
      {"nothing", [](ToyHerd& t) { t.play(); }, false, false},
      {"a link that is down",
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.play();
       },
       true, false},
      {"a link that came back before",
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.link_up(kBall, kWelsh);
         t.play();
       },
       false, false},
      {"a link that goes",
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.link_down(kBall, kWelsh);
         t.settle();
       },
       true, true},
      {"a link that comes",
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.hear(kAlford, 0);
         t.link_up(kBall, kWelsh);
         t.settle();
       },
       true, true},
      {"a link that goes and comes",
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.link_down(kBall, kWelsh);
         t.link_up(kBall, kWelsh);
         t.settle();
       },
       false, true},
      {"a link that goes after it",
       [](ToyHerd& t) {
         t.play();
         t.link_down(kBall, kWelsh);
       },
       false, false},
      {"a link that is coming",
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.end_up(kBall, kWelsh);
         t.hear(kAlford, 0);
       },
       true, true},
  };
  for (const Row& row : rows) {
    ToyHerd toy(paper_herd(), one_update());
    toy.all_up();
    row.run(toy);
    EXPECT_EQ(toy.recorder.accepted()[0].met_fault, row.fault) << row.name;
    EXPECT_EQ(toy.recorder.accepted()[0].met_change, row.change) << row.name;
  }
}

TEST(Recorder, KnowsTheLinksOfEachUpdate) {
  ToyHerd toy(paper_herd(), two_updates());
  toy.all_up();
  toy.hear(kAlford, 0);
  toy.settle();
  toy.link_down(kBall, kWelsh);
  toy.hear(kAlford, 1);
  toy.settle();
  const auto& topologies = toy.recorder.topologies();
  EXPECT_THAT(topologies[toy.recorder.accepted()[0].topology],
              ElementsAre(true, true, true, true, true));
  EXPECT_THAT(topologies[toy.recorder.accepted()[1].topology],
              ElementsAre(true, true, true, false, true));
}

TEST(Recorder, SeesARecordThatGoesBack) {
  ToyHerd toy(small_herd(2, {{0, 1}}), two_updates());
  toy.judge = [](std::uint32_t, Verdict) { return Verdict::kAccepted; };
  toy.hear(0, 1);
  toy.hear(0, 0);
  EXPECT_THAT(toy.recorder.violations(),
              ElementsAre("server S1: its record of kiwi went back in client time, from "
                          "1000000000.002000000 to 1000000000.001000000"));
}

// A herd is judged by the order that it claims.
TEST(Recorder, SeesARecordThatGoesBackInServerTime) {
  HerdSpec spec = small_herd(2, {{0, 1}});
  spec.order = herd::RecordOrder::kServerTime;
  ToyHerd honest(spec, two_updates());
  honest.hear(0, 1);
  honest.hear(0, 0, "+5.000000000");
  EXPECT_EQ(honest.recorder.accepted().size(), 2U);
  EXPECT_THAT(honest.recorder.violations(), IsEmpty()) << "back in client time alone";
  EXPECT_LT(honest.recorder.order_time(0), honest.recorder.order_time(1));

  ToyHerd toy(spec, two_updates());
  toy.judge = [](std::uint32_t, Verdict) { return Verdict::kAccepted; };
  toy.hear(0, 0, "+5.000000000");
  toy.hear(0, 1);
  EXPECT_THAT(toy.recorder.violations(),
              ElementsAre(testing::HasSubstr(
                  "server S1: its record of kiwi went back in server time, from ")));
}

// A line that no neighbour sent belongs to no update, and so do the messages that follow from it.
TEST(Recorder, CountsNothingOfALineThatNobodySent) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}), one_update());
  toy.all_up();
  const std::string line = "AT S1 +0.0 kiwi +1.0+1.0 5";
  toy.receive(0, 1, line);
  EXPECT_EQ(toy.recorder.messages(), 0U);
  EXPECT_EQ(toy.recorder.servers()[1].messages_in, 1U);
  toy.hear(0, 0);
  toy.settle();
  EXPECT_THAT(toy.recorder.violations(),
              testing::Contains("server S2: an AT line came from S1 that the neighbour did not "
                                "send: 'AT S1 +0.0 kiwi +1.0+1.0 5'"));
  toy.receive(2, 1, "AT S1 +0.0 emu +1.0+1.0 5");
  const std::uint64_t messages = toy.recorder.messages();
  EXPECT_EQ(toy.recorder.accepted()[0].messages, messages);
}

TEST(Recorder, CountsRefusalsAndQueries) {
  ToyHerd toy(paper_herd(), Plan());
  toy.recorder.line_refused(herd::ServerId{kBall}, "x", {}, false);
  toy.recorder.line_refused(herd::ServerId{kBall}, "x", {}, true);
  toy.recorder.query_heard(herd::ServerId{kWelsh}, {});
  EXPECT_EQ(toy.recorder.servers()[kBall].invalid_lines, 2U);
  EXPECT_EQ(toy.recorder.servers()[kWelsh].queries, 1U);
  EXPECT_EQ(toy.recorder.servers()[kAlford].invalid_lines, 0U);
}

TEST(Recorder, NumbersSubjectsAsThePlanDoes) {
  ToyHerd toy(small_herd(1, {}), HandPlan().client("a").client("b"));
  toy.hear_line(0, "AT S1 +0.5 c +1.0+1.0 7");
  toy.hear_line(0, "AT S1 +0.5 b +1.0+1.0 7");
  EXPECT_THAT(toy.recorder.subjects(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(toy.recorder.accepted()[0].subject, 2U);
  EXPECT_EQ(toy.recorder.accepted()[1].subject, 1U);
}

}  // namespace
}  // namespace sim
