// How the checker judges restarts, lost messages and repairs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "tests/sim/measure/judged.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using herd::Scheme;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A sequence of steps of a herd, and the checker's result: no sentence or one.
struct FaultCase {
  const char* name;
  herd::Recovery recovery;
  Plan plan;
  std::function<void(ToyHerd&)> run;
  const char* sentence;  // a part of the only sentence; empty: no violation
};
void PrintTo(const FaultCase& c, std::ostream* out) { *out << c.name; }

class CheckerOfFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(CheckerOfFaults, Says) {
  const FaultCase& c = GetParam();
  HerdSpec spec = paper_herd();
  spec.recovery = c.recovery;
  ToyHerd toy(std::move(spec), c.plan);
  toy.all_up();
  c.run(toy);
  toy.recorder.finish(toy.now);
  expect_judged(toy, c.sentence);
}

std::vector<FaultCase> fault_cases() {
  constexpr auto kNothing = herd::Recovery::kNone;
  constexpr auto kSync = herd::Recovery::kSync;
  const auto cut_off_ball = [](ToyHerd& t) {
    t.link_down(kBall, kHoliday);
    t.link_down(kBall, kWelsh);
    t.play();
    t.link_up(kBall, kHoliday);
    t.link_up(kBall, kWelsh);
  };
  const auto restart_ball = [](ToyHerd& t) {
    t.now += std::chrono::milliseconds(1);
    t.stop(kBall);
    t.now += std::chrono::milliseconds(1);
    t.start(kBall);
    t.now += std::chrono::milliseconds(1);
  };
  return {
      // Without recovery, a server that lost its memory does not get it back.
      {"ForgetsInARestart", kNothing, one_update(),
       [=](ToyHerd& t) {
         t.play();
         restart_ball(t);
       },
       ""},
      {"ForgetsAfterItsRestart", kNothing, one_update(),
       [=](ToyHerd& t) {
         restart_ball(t);
         t.play();
         t.lose_memory(kBall);
       },
       "server Ball lacks update 0 of kiwi at Alford"},
      // Another server's restart is not an excuse.
      {"ForgetsInAnothersRestart", kNothing, one_update(),
       [=](ToyHerd& t) {
         t.play();
         restart_ball(t);
         t.lose_memory(kHamilton);
       },
       "server Hamilton lacks update 0 of kiwi at Alford"},
      {"MissesWhatWasHeardWhileItWasDown", kNothing, one_update(),
       [](ToyHerd& t) {
         t.stop(kBall);
         t.play();
         t.start(kBall);
       },
       ""},
      {"IsDownAtTheEnd", kNothing, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.stop(kBall);
       },
       ""},
      {"TakesOlderAfterItsRestart", kNothing, three_updates(),
       [=](ToyHerd& t) {
         t.hear(kAlford, 2);
         t.settle();
         restart_ball(t);
         t.hear(kBall, 0);  // kiwi's first update, while all others hold its second
         t.settle();
       },
       ""},

      // With recovery no server has an excuse.
      {"CutOff", kNothing, one_update(), cut_off_ball, ""},
      {"SyncCutOff", kSync, one_update(), cut_off_ball,
       "server Ball lacks update 0 of kiwi at Alford"},
      {"SyncIsWhole", kSync, one_update(),
       [=](ToyHerd& t) {
         cut_off_ball(t);
         t.repair(kHoliday, kBall, "kiwi");
         t.settle();
       },
       ""},
      {"SyncIsWholeAfterARestart", kSync, three_updates(),
       [=](ToyHerd& t) {
         t.play();
         restart_ball(t);
         t.repair(kWelsh, kBall, "kiwi");
         t.repair(kHoliday, kBall, "emu");
         t.repair(kHoliday, kBall, "kiwi");
         t.settle();
       },
       ""},
      {"SyncIsDownAtTheEnd", kSync, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.stop(kBall);
       },
       ""},
      {"SyncPromisesNothingAcrossACut", kSync, one_update(),
       [](ToyHerd& t) {
         t.link_down(kAlford, kHamilton);
         t.link_down(kAlford, kWelsh);
         t.play();
       },
       ""},
      // An undisturbed flood has its closed form with sync too.
      {"SyncForgetsToSendOn", kSync, one_update(),
       [](ToyHerd& t) {
         t.copies = [](std::uint32_t server, ToyHerd::From, std::uint32_t to) {
           return server == kHamilton && to == kHoliday ? 0 : 1;
         };
         t.play();
       },
       "took 9 messages"},
      // A repair is one message more than the closed form.
      {"SyncRepairsWhatIsThere", kSync, one_update(),
       [](ToyHerd& t) {
         t.play();
         t.repair(kWelsh, kBall, "kiwi");
         t.settle();
       },
       ""},
      {"SyncRepairsWhatIsNotHeld", kSync, three_updates(),
       [](ToyHerd& t) {
         t.play();
         t.recorder.repair_sent(ToyHerd::id(kWelsh), t.neighbor(kWelsh, kBall),
                                ToyHerd::view(kKiwiAtT1), t.moment());
       },
       "server Welsh: it sent Ball a repair that is not what it holds: "},
  };
}

INSTANTIATE_TEST_SUITE_P(Runs, CheckerOfFaults, testing::ValuesIn(fault_cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Checker, ExcusesNoServerThatIsNotToldAgain) {
  for (const bool restarted : {true, false}) {
    HerdSpec spec = paper_herd();
    spec.recovery = herd::Recovery::kSync;
    ToyHerd toy(std::move(spec), one_update());
    toy.all_up();
    if (restarted) {
      toy.play();
      toy.stop(kBall);
      toy.start(kBall);
    } else {
      toy.stop(kBall);
      toy.play();
      toy.start(kBall);
    }
    EXPECT_THAT(judged(toy),
                ElementsAre("server Ball lacks update 0 of kiwi at Alford, which Alford holds, a "
                            "server that it is connected to"));
  }
}

// S2 holds a newer update when the update arrives, so it does not send the update to S3. Then S2
// dies, and the newer one is lost with it.
TEST(Checker, ExcusesWhatALostOneOvertook) {
  for (const bool in_time : {true, false}) {
    ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}, Scheme::kFlood),
                HandPlan().client("kiwi").update(0, at_ms(1)).update(0, at_ms(2)));
    toy.all_up();
    if (!in_time) {  // another server died, long before
      toy.stop(2);
      toy.start(2);
      toy.now += std::chrono::milliseconds(1);
    }
    toy.hear(1, 1);
    toy.hear(0, 0);
    toy.deliver(0, 1);
    toy.now += std::chrono::milliseconds(1);
    if (in_time) {
      toy.stop(1);
      toy.start(1);
      EXPECT_THAT(judged(toy), IsEmpty());
    } else {
      toy.settle();
      for (const std::uint32_t s : {0U, 1U, 2U}) toy.lose_memory(s);
      toy.plant(0, "AT S1 +0.000000000 kiwi +34.068930-118.445127 1000000000.001000000");
      EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("server S2 lacks update 0 of kiwi at S1"),
                                           HasSubstr("server S3 lacks update 0 of kiwi at S1")));
    }
  }
}

}  // namespace
}  // namespace sim
