#include "sim/measure/checker/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sim/measure/judged.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using herd::Scheme;
using herd::Verdict;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A sequence of steps of a herd, and the checker's result: no sentence or one.
struct CheckerCase {
  const char* name;
  Scheme scheme;
  Plan plan;
  std::function<void(ToyHerd&)> run;
  const char* sentence;  // a part of the only sentence; empty: no violation
};
void PrintTo(const CheckerCase& c, std::ostream* out) { *out << c.name; }

class CheckerOnPaper : public testing::TestWithParam<CheckerCase> {};

TEST_P(CheckerOnPaper, Says) {
  const CheckerCase& c = GetParam();
  ToyHerd toy(paper_herd(c.scheme), c.plan);
  toy.all_up();
  c.run(toy);
  toy.recorder.finish(toy.now);
  expect_judged(toy, c.sentence);
}

// Drops the messages from `from` to `to`.
auto forgets(std::uint32_t from, std::uint32_t to) {
  return [=](std::uint32_t server, ToyHerd::From, std::uint32_t peer) {
    return server == from && peer == to ? 0 : 1;
  };
}
auto repeats(std::uint32_t from, std::uint32_t to) {
  return [=](std::uint32_t server, ToyHerd::From, std::uint32_t peer) {
    return server == from && peer == to ? 2 : 1;
  };
}

std::vector<CheckerCase> checker_cases() {
  return {
      {"NothingHappens", Scheme::kFloodEcho, Plan(), [](ToyHerd&) {}, ""},
      {"FloodEcho", Scheme::kFloodEcho, three_updates(), [](ToyHerd& t) { t.play(); }, ""},
      {"Flood", Scheme::kFlood, three_updates(), [](ToyHerd& t) { t.play(); }, ""},
      // A newer update overtakes an older one. Stale arrivals have no closed form.
      {"Overtaken", Scheme::kFloodEcho, three_updates(),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.deliver(kAlford, kWelsh);
         t.hear(kBall, 2);
         t.settle();
       },
       ""},
      // The same client time at two servers: the ledger uses the order of the servers.
      {"TiedClientTimes", Scheme::kFlood,
       HandPlan()
           .client("kiwi")
           .stamped(0, at_ms(1), 7, {1, 1})
           .stamped(0, at_ms(1), 7, {1, 2})
           .stamped(0, at_ms(1), 7, {1, 1}),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.hear(kHoliday, 1);
         t.hear(kBall, 2);
         t.settle();
       },
       ""},

      // No record goes back in client time.
      {"ClientRepeatsOlder", Scheme::kFloodEcho, three_updates(),
       [](ToyHerd& t) {
         t.hear(kAlford, 2);
         t.settle();
         t.hear(kAlford, 0);
         t.hear(kHoliday, 1);
         t.settle();
       },
       ""},
      {"TakesOlder", Scheme::kFloodEcho, three_updates(),
       [](ToyHerd& t) {
         t.hear(kAlford, 2);
         t.settle();
         t.judge = [](std::uint32_t server, Verdict honest) {
           return server == kAlford ? Verdict::kAccepted : honest;
         };
         // It sends the record to no neighbour, because they would count it as stale.
         t.copies = [](std::uint32_t, ToyHerd::From, std::uint32_t) { return 0; };
         // The link goes down during the flood, so the closed form does not apply. Only the step
         // back remains to be found.
         t.end_down(kBall, kWelsh);
         t.hear(kAlford, 0);
         t.end_up(kBall, kWelsh);
         t.plant(kAlford,
                 "AT Alford +0.000000000 kiwi +34.068930-118.445127 "
                 "1000000000.003000000");
       },
       "server Alford: its record of kiwi went back in client time"},

      // No server holds a record that no client sent.
      {"HoldsWhatWasSent", Scheme::kFloodEcho, one_update(), [](ToyHerd& t) { t.play(); }, ""},
      {"HoldsWhatNobodySent", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.plant(kBall, "AT Ball +0.000000000 ghost +1.0+1.0 1000000000.5");
       },
       "server Ball holds a record that no client sent: 'AT Ball +0.000000000 ghost"},
      {"WrongOrigin", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         for (std::uint32_t s = 0; s < 5; ++s) t.lose_memory(s);
         t.plant(kBall, "AT Ball +0.000000000 kiwi +34.068930-118.445127 1000000000.001000000");
       },
       "server Ball holds a record that no client sent: 'AT Ball"},
      {"WrongLocation", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         for (std::uint32_t s = 0; s < 5; ++s) t.lose_memory(s);
         t.plant(kBall, "AT Alford +0.000000000 kiwi +34.068931-118.445127 1000000000.001000000");
       },
       "holds a record that no client sent"},

      // Every line on an uncut connection is answered with its own fields, once, in order.
      {"AnswersWrongly", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.clients.violations.push_back("client kiwi at Alford: an answer that nobody asked for");
         t.clients.violation_count = 1;
       },
       "client kiwi at Alford: an answer that nobody asked for"},

      // Every line that arrives was sent.
      {"ArrivesUnsent", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.receive(kHamilton, kAlford, kKiwiAtT1);
       },
       "server Alford: an AT line came from Hamilton that the neighbour did not send: 'AT Alford "},
      {"ArrivesAltered", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         while (t.deliver(kAlford, kHamilton) || t.deliver(kHamilton, kHoliday) ||
                t.deliver(kHoliday, kBall) || t.deliver(kBall, kWelsh)) {
         }
         t.tamper = [](const std::string&) {
           return std::string("AT Alford +0.000000000 kiwi +34.068930-118.445127 1000000000.0005");
         };
         // The receiver holds the newer update and counts the line as stale: only the line itself
         // shows the change.
         t.deliver(kHamilton, kAlford);
         t.tamper = nullptr;
         t.settle();
       },
       "server Alford: an AT line came from Hamilton that is not the one that the neighbour "
       "sent: "},
      {"ArrivesInAnothersName", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         while (t.deliver(kAlford, kHamilton) || t.deliver(kHamilton, kHoliday) ||
                t.deliver(kHoliday, kBall) || t.deliver(kBall, kWelsh)) {
         }
         // The line counts as the echo that it should have been: only the line itself shows the
         // change.
         t.tamper = [](const std::string&) {
           return std::string("AT Alford +0.0 emu +34.068930-118.445127 1000000000.001000000");
         };
         t.judge = [](std::uint32_t, Verdict) { return Verdict::kDuplicate; };
         t.deliver(kHamilton, kAlford);
         t.tamper = nullptr;
         t.judge = nullptr;
         t.settle();
       },
       "server Alford: an AT line came from Hamilton that is not the one that the neighbour "
       "sent: "},

      // The closed forms.
      {"ForgetsToSendOn", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.copies = forgets(kHamilton, kHoliday);
         t.play();
       },
       "update 0 of kiwi at Alford took 9 messages, 4 deliveries, 5 duplicates and 4 echoes where "
       "the closed form is 10 messages, 4 deliveries, 6 duplicates and 4 echoes"},
      {"SendsTwice", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.copies = repeats(kAlford, kWelsh);
         t.play();
       },
       "took 11 messages, 4 deliveries, 7 duplicates and 4 echoes where the closed form is 10 "},
      {"EchoesWhereItShouldNot", Scheme::kFlood, one_update(),
       [](ToyHerd& t) {
         t.copies = [](std::uint32_t, ToyHerd::From, std::uint32_t) { return 1; };
         t.play();
       },
       "took 10 messages, 4 deliveries, 6 duplicates and 4 echoes where the closed form is 6 "
       "messages, 4 deliveries, 2 duplicates and 0 echoes"},
      {"DoesNotEchoWhereItShould", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.copies = [](std::uint32_t, ToyHerd::From from, std::uint32_t to) {
           return from == to ? 0 : 1;
         };
         t.play();
       },
       "took 6 messages, 4 deliveries, 2 duplicates and 0 echoes where the closed form is 10 "},
      // With one link down all the time the ring is a line of five.
      {"FloodOnWhatIsLeft", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.play();
       },
       ""},
      {"ForgetsOnWhatIsLeft", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.copies = forgets(kHamilton, kAlford);
         t.play();
       },
       "took 7 messages, 4 deliveries, 3 duplicates and 3 echoes where the closed form is 8 "},
      // A link that goes down during a flood invalidates the closed form.
      {"LinkGoesDuringFlood", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.deliver(kAlford, kWelsh);
         t.link_down(kBall, kWelsh);
         t.settle();
       },
       ""},
      {"LinkComesDuringFlood", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.hear(kAlford, 0);
         t.deliver(kAlford, kWelsh);
         t.link_up(kBall, kWelsh);
         t.settle();
       },
       ""},
      {"LinkHalfUpAtFirst", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kBall, kWelsh);
         t.end_up(kWelsh, kBall);
         t.hear(kAlford, 0);
         t.end_up(kBall, kWelsh);
         t.settle();
       },
       ""},

      // Connected servers hold the same records, except after faults.
      {"DifferWithoutExcuse", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.lose_memory(kBall);
       },
       "server Ball lacks update 0 of kiwi at Alford, which Alford holds, a server that it is "
       "connected to, and which met no fault"},
      {"DifferWithAnOlderRecord", Scheme::kFloodEcho, three_updates(),
       [](ToyHerd& t) {
         t.play();
         t.plant(kHamilton, kKiwiAtT1);
       },
       "server Hamilton lacks update 2 of kiwi at Alford"},
      {"DifferAcrossACut", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kAlford, kHamilton);
         t.link_down(kAlford, kWelsh);
         t.play();
       },
       ""},
      // The paper's herd never repairs: the link that was down excuses the difference for good.
      {"DifferAfterACutHealed", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.link_down(kAlford, kHamilton);
         t.link_down(kAlford, kWelsh);
         t.play();
         t.link_up(kAlford, kHamilton);
         t.link_up(kAlford, kWelsh);
       },
       ""},
      {"DifferByWhatACutLost", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.hear(kAlford, 0);
         t.link_down(kAlford, kHamilton);
         t.link_down(kAlford, kWelsh);
         t.link_up(kAlford, kHamilton);
         t.link_up(kAlford, kWelsh);
         t.settle();
       },
       ""},
      // A server that is cut off at the end has no promise to keep.
      {"DifferWhereNotConnected", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.lose_memory(kBall);
         t.link_down(kBall, kHoliday);
         t.link_down(kBall, kWelsh);
       },
       ""},
      // A fault after the end of the flood is not an excuse.
      {"DifferBeforeACut", Scheme::kFloodEcho, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.lose_memory(kBall);
         t.link_down(kAlford, kHamilton);
         t.link_up(kAlford, kHamilton);
       },
       "server Ball lacks update 0 of kiwi at Alford"},
  };
}

INSTANTIATE_TEST_SUITE_P(Runs, CheckerOnPaper, testing::ValuesIn(checker_cases()),
                         [](const auto& test) { return std::string(test.param.name); });

// A server counts a record once as a duplicate although it does not hold it. The sums are right,
// but the closed form shows it.
TEST(Checker, SeesADeliveryThatIsCalledADuplicate) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  toy.all_up();
  toy.judge = [](std::uint32_t server, Verdict honest) {
    return server == 1 ? Verdict::kDuplicate : honest;
  };
  toy.play();
  EXPECT_THAT(judged(toy),
              ElementsAre(HasSubstr("server S2 lacks update 0 of kiwi at S1"),
                          HasSubstr("took 1 messages, 0 deliveries, 1 duplicates and 0 echoes "
                                    "where the closed form is 2 messages, 1 deliveries, 1 "
                                    "duplicates and 1 echoes")));
}

// At the end some messages have neither arrived nor been lost, because finish() was not called.
TEST(Checker, SeesMessagesThatDoNotBalance) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up();
  toy.quiet = false;  // only the sums are judged
  toy.hear(kAlford, 0);
  toy.deliver(kAlford, kHamilton);
  EXPECT_THAT(judged(toy), ElementsAre("4 messages between the servers are not 1 deliveries, 0 "
                                       "deliveries again, 0 duplicates, 0 "
                                       "stale and 0 lost, although every message is one of these"));
  toy.recorder.finish(toy.now);
  EXPECT_THAT(judged(toy), IsEmpty());
}

TEST(Checker, LeavesARunThatIsNotQuietItsFloods) {
  ToyHerd toy(paper_herd(), one_update());
  toy.all_up();
  toy.hear(kAlford, 0);
  toy.recorder.finish(toy.now);
  toy.quiet = false;
  EXPECT_THAT(judged(toy), IsEmpty());
}

TEST(Checker, JudgesEachPartByItself) {
  // S1 - S2   S3 - S4: the link between the pairs is down from before the updates.
  const Plan plan =
      HandPlan().client("kiwi", 0).client("emu", 2).update(0, at_ms(1)).update(1, at_ms(2));
  ToyHerd toy(small_herd(4, {{0, 1}, {1, 2}, {2, 3}}), plan);
  toy.all_up();
  toy.link_down(1, 2);
  toy.copies = [](std::uint32_t server, ToyHerd::From, std::uint32_t) { return server < 2; };
  toy.play();  // S3 sends to no neighbour, although all links of its part are up
  EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("update 1 of emu at S3 took 0 messages")));
}

TEST(Checker, NamesAnUpdateThatNoClientSent) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  toy.all_up();
  toy.hear_line(0, "AT S1 +0.000000000 ghost +1.0+1.0 5");
  toy.settle();
  EXPECT_THAT(judged(toy),
              ElementsAre("an update of ghost at S1 was sent by no client, with the time "
                          "5.000000000"));
}

TEST(Checker, NamesARecordThatNoServerAccepted) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  toy.all_up();
  toy.play();
  toy.plant(1, "AT S1 +0.000000000 ghost +1.0+1.0 5");
  EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("server S2 holds a record that no client sent")));
}

// The same client, time and place, but not the words of the server that heard it.
TEST(Checker, NamesARecordThatReadsOtherwiseElsewhere) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  toy.all_up();
  toy.play();
  const std::string line(toy.outcome().servers[1].records->at(0).view().line);
  toy.plant(1, line.substr(0, 6) + "-9.0" + line.substr(line.find(' ', 6)));
  EXPECT_THAT(judged(toy),
              ElementsAre(HasSubstr("server S2 holds a record of the same update in other words: "
                                    "'AT S1 -9.0")));
}

TEST(Checker, NamesLinesThatAreNeverAnswered) {
  ToyHerd toy(small_herd(1, {}), one_update());
  toy.play();
  toy.clients.unanswered = {{0, "client kiwi at S1: never answered"}, {0, ""}};
  EXPECT_THAT(judged(toy), IsEmpty()) << "the run was cut short, or is busy";
  toy.clients_left_waiting = true;
  const HerdOutcome outcome = toy.outcome();
  const Violations found = check(outcome, UpdateLedger(outcome), ClockKind::kVirtual);
  EXPECT_THAT(found.sentences, ElementsAre("client kiwi at S1: never answered"));
  EXPECT_EQ(found.count, 2U);
}

// A server that is down or paused answers no client; the script asked for that. One that waits for
// Places may still answer.
TEST(Checker, LeavesServersThatCannotAnswerTheirLines) {
  ToyHerd toy(small_herd(4, {}), one_update());
  toy.clients_left_waiting = true;
  toy.clients.unanswered = {{0, "S1"}, {1, "S2"}, {2, "S3"}, {3, "S4"}};
  EXPECT_THAT(judged(toy), ElementsAre("S1", "S2", "S3", "S4"));
  toy.paused = {0};
  EXPECT_THAT(judged(toy), ElementsAre("S2", "S3", "S4"));
  toy.stop(2);
  EXPECT_THAT(judged(toy), ElementsAre("S2", "S4"));
  toy.asking_places = {3};
  EXPECT_THAT(judged(toy), ElementsAre("S2"));
  toy.stop(1);
  EXPECT_THAT(judged(toy), IsEmpty());
}

TEST(Checker, KeepsAHundredSentencesAndCountsAll) {
  ToyHerd toy(small_herd(2, {{0, 1}}), one_update());
  toy.all_up();
  toy.play();
  for (int i = 0; i < 150; ++i) toy.receive(0, 1, "AT S1 +0.0 kiwi +34.068930-118.445127 1");
  const HerdOutcome outcome = toy.outcome();
  const Violations found = check(outcome, UpdateLedger(outcome), ClockKind::kVirtual);
  EXPECT_EQ(found.count, 150U);
  EXPECT_EQ(found.sentences.size(), 100U);
  EXPECT_THAT(found.sentences, Each(HasSubstr("that the neighbour did not send")));
}

}  // namespace
}  // namespace sim
