#include "sim/run/clients/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/worlds/places/places_summary.h"
#include "sim/worlds/world/places_status.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::uint32_t lost(const FleetLog& log) {
  return std::accumulate(log.connections_lost.begin(), log.connections_lost.end(), 0U);
}

std::vector<Duration> handover_latencies(const FleetLog& log) {
  std::vector<Duration> out;
  for (const HandoverLog& each : log.handovers) {
    if (each.last_answer && each.first_answer) {
      out.push_back(*each.first_answer - *each.last_answer);
    }
  }
  return out;
}

constexpr const char* kReport1 = "IAMAT kiwi +34.068930-118.445127 1000000000.001000000";
constexpr const char* kAnswer1 =
    "AT A +0.000000005 kiwi +34.068930-118.445127 1000000000.001000000";
constexpr const char* kAnswer2 =
    "AT A +0.000000005 kiwi +34.068930-118.445127 1000000000.002000000";

std::string sent(std::uint32_t connection, const std::string& line) {
  return "send " + std::to_string(connection) + " [" + line + "]\n";
}

HandPlan kiwi() { return HandPlan().client("kiwi", 0); }

TEST(Fleet, IsReadyOnceAllAreConnected) {
  FleetPlay play(HandPlan().client("a", 0).client("b", 2));
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  EXPECT_EQ(play.world.take(), "connect 0 to 0\nconnect 1 to 2\n");
  play.connected(1);
  EXPECT_THAT(play.ready, IsEmpty());
  play.connected(0);
  EXPECT_THAT(play.ready, ElementsAre(std::nullopt));
}

TEST(Fleet, ConnectsOnlySoManyAtOnce) {
  HandPlan plan;
  for (int i = 0; i < 200; ++i) plan.client("c" + std::to_string(i));
  FleetPlay play(plan);
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  const std::string first = play.world.take();
  EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 128);
  play.connected(5);
  EXPECT_EQ(play.world.take(), "connect 128 to 0\n");
  for (std::uint32_t i = 0; i < 200; ++i) {
    EXPECT_THAT(play.ready, IsEmpty());
    if (i != 5) play.connected(i);
  }
  EXPECT_THAT(play.ready, ElementsAre(std::nullopt));
}

TEST(Fleet, SaysOnceWhoCannotConnect) {
  FleetPlay play(HandPlan().client("a", 0).client("b", 2));
  play.fleet.connect([&](const auto& error) { play.ready.push_back(error); });
  play.gone(1, false);
  play.connected(0);
  EXPECT_THAT(play.ready, ElementsAre("client b cannot connect to server C: broken"));
}

TEST(Fleet, SendsWhatIsPlannedWhenItIsPlanned) {
  FleetPlay play(kiwi()
                     .update(0, at_ms(1))
                     .query(0, at_ms(2), "WHATSAT kiwi 10 5")
                     .line(0, at_ms(2), "HELLO  there"));
  play.start();
  EXPECT_EQ(play.world.wake(), at_ms(1));
  EXPECT_EQ(play.until_ms(1), sent(0, kReport1));
  EXPECT_EQ(play.fleet.progress().updates_sent, 1U);
  EXPECT_EQ(play.world.wake(), at_ms(2));
  // No answer has come: the loop is open.
  EXPECT_EQ(play.until_ms(2), sent(0, "WHATSAT kiwi 10 5") + sent(0, "HELLO  there"));
  EXPECT_EQ(play.log().actions_done, 3U);
  EXPECT_EQ(play.world.wake(), std::nullopt);
}

TEST(Fleet, WaitsBehindEventsThatAreStillToBePlayed) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)).line(0, at_ms(3), "HELLO"));
  EventGate gate([&] { play.fleet.time_reached(); });
  play.fleet.set_gate(gate);
  play.start();
  EXPECT_EQ(play.until_ms(1), "") << "no event has been played yet";
  gate.open_before(at_ms(2));
  EXPECT_EQ(play.world.take(), sent(0, kReport1));
  EXPECT_EQ(play.until_ms(5), "");
  EXPECT_FALSE(play.idle());
  gate.open_before(Instant::max());
  EXPECT_THAT(play.world.take(), testing::EndsWith(sent(0, "HELLO")));
  EXPECT_EQ(play.log().actions_done, 3U);
  EXPECT_EQ(play.log().schedule_lag.max(), Duration(std::chrono::milliseconds(3)));
}

TEST(Fleet, DoesNothingBeforeItsTime) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.world.advance(at_ms(-20), play.fleet);
  play.start();
  EXPECT_EQ(play.until_ms(0), "");
  EXPECT_FALSE(play.idle());
}

TEST(Fleet, CatchesUpWhereItIsWokenLate) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)).line(0, at_ms(9), "x"));
  play.start();
  // The fleet is woken once, at 5 ms, and sends both with the client times of the plan.
  play.world.oversleep(at_ms(5), play.fleet);
  EXPECT_EQ(play.world.take(),
            sent(0, kReport1) + sent(0, "IAMAT kiwi +34.068930-118.445127 1000000000.002000000"));
  EXPECT_EQ(play.world.wake(), at_ms(9));
}

TEST(Fleet, AScriptedReportGoesOutWordForWord) {
  Plan plan = kiwi();
  plan.lines.push_back("  IAMAT fox  +1.50-002.5 12.50");
  plan.subjects.push_back("fox");
  plan.updates.push_back({at_ms(1), 0, 1, 12'500'000'000, {}, 0});
  plan.actions.push_back({at_ms(1), 0, ActionKind::kUpdate, 0});
  FleetPlay play(plan);
  play.start();
  EXPECT_EQ(play.until_ms(1), sent(0, "  IAMAT fox  +1.50-002.5 12.50"));
  // The answer must repeat the time as it was written.
  play.say(0, "AT A -1.0 fox +1.50-002.5 12.50");
  EXPECT_THAT(play.log().violations, IsEmpty());
  FleetPlay other(plan);
  other.start().until_ms(1);
  other.say(0, "AT A -1.0 fox +1.50-002.5 12.5");
  EXPECT_THAT(other.log().violations, SizeIs(1));
}

TEST(Fleet, NotesWhenEachAnswerCame) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(10);
  play.say(0, kAnswer1);
  play.until_ms(30);
  play.say(0, kAnswer2);
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(10), at_ms(30)));
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, IsIdleOnceAllIsDoneAndAnswered) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start();
  EXPECT_FALSE(play.idle());
  play.until_ms(1);
  play.say(0, kAnswer1);
  EXPECT_FALSE(play.idle());  // another update is planned
  play.until_ms(2);
  EXPECT_FALSE(play.idle());  // and its answer is due
  play.say(0, kAnswer2);
  EXPECT_TRUE(play.idle());
}

TEST(Fleet, IsIdleWithoutAPlan) {
  FleetPlay play(kiwi());
  EXPECT_TRUE(play.start().idle());
}

TEST(Fleet, IsIdleOnceStopped) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(9)));
  play.start().until_ms(1);
  play.fleet.stop();
  EXPECT_FALSE(play.idle());
  play.say(0, kAnswer1);
  EXPECT_TRUE(play.idle());
  EXPECT_EQ(play.until_ms(20), "");
  EXPECT_EQ(play.log().actions_done, 1U);
}

TEST(Fleet, WhatACutConnectionOwesIsOwedNoMore) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.start().until_ms(1);
  play.gone(0, false);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().answered, ElementsAre(std::nullopt));
  EXPECT_EQ(lost(play.log()), 1U);
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, LinesWaitWhileItReconnects) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(99), "");
  EXPECT_FALSE(play.idle());
  EXPECT_EQ(play.fleet.progress().updates_sent, 2U);
  // After 100 ms it redials, then sends the lines in order, with their own times.
  const std::string redialled = play.until_ms(100);
  EXPECT_EQ(redialled, "connect 1 to 0\n" + sent(1, kReport1) +
                           sent(1, "IAMAT kiwi +34.068930-118.445127 1000000000.002000000"));
  play.connected(1);
  play.say(1, kAnswer1);
  play.say(1, kAnswer2);
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(100), at_ms(100)));
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, LinesOfADialThatFailedGoOutOnTheNext) {
  FleetPlay play(kiwi().update(0, at_ms(1)));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(100), "connect 1 to 0\n" + sent(1, kReport1));
  play.gone(1, false);  // before it was connected
  EXPECT_FALSE(play.idle());
  EXPECT_EQ(play.until_ms(299), "");  // now it waits twice as long
  EXPECT_EQ(play.until_ms(300), "connect 2 to 0\n" + sent(2, kReport1));
  play.connected(2);
  play.gone(2, false);  // the server may have it, so it is not sent again
  EXPECT_TRUE(play.idle());
  EXPECT_EQ(play.until_ms(400), "connect 3 to 0\n");
  EXPECT_EQ(lost(play.log()), 3U);
}

TEST(Fleet, OneClientsCutDoesNotHoldTheOthersBack) {
  FleetPlay play(
      HandPlan().client("a", 0).client("b", 1).line(1, at_ms(50), "x").line(0, at_ms(60), "y"));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(99), sent(1, "x"));
  EXPECT_EQ(play.until_ms(100), "connect 2 to 0\n" + sent(2, "y"));
}

TEST(Fleet, MoveFinishesTheOldConnectionAndItsLateAnswersCount) {
  FleetPlay play(kiwi().update(0, at_ms(1)).move(0, at_ms(2), 1).update(0, at_ms(3)));
  play.start();
  play.until_ms(1);
  EXPECT_EQ(play.until_ms(2), "finish 0\nconnect 1 to 1\n");
  EXPECT_EQ(play.until_ms(3), sent(1, "IAMAT kiwi +34.068930-118.445127 1000000000.003000000"));
  play.connected(1);
  play.until_ms(5);
  play.say(0, kAnswer1);
  EXPECT_FALSE(play.idle());
  play.gone(0, true);
  play.until_ms(7);
  play.say(1, "AT B +0.5 kiwi +34.068930-118.445127 1000000000.003000000");
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().answered, ElementsAre(at_ms(5), at_ms(7)));
  EXPECT_THAT(play.log().violations, IsEmpty());
  EXPECT_EQ(lost(play.log()), 0U);
  EXPECT_EQ(play.log().handovers.size(), 1U);
}

TEST(Fleet, AMoveWhileReconnectingTakesTheLinesAlong) {
  FleetPlay play(kiwi().line(0, at_ms(1), "x").move(0, at_ms(2), 2));
  play.start();
  play.gone(0, false);
  EXPECT_EQ(play.until_ms(2), "connect 1 to 2\n" + sent(1, "x"));
  play.connected(1);
  EXPECT_EQ(play.until_ms(200), "");  // there is nothing left to redial
}

TEST(Fleet, HandoverIsFromTheLastAnswerOfTheOldToTheFirstOfTheNew) {
  FleetPlay play(kiwi()
                     .update(0, at_ms(1))
                     .move(0, at_ms(5), 1)
                     .line(0, at_ms(6), "x")
                     .line(0, at_ms(6), "y"));
  play.start().until_ms(2);
  play.say(0, kAnswer1);
  play.until_ms(6);
  play.connected(1);
  play.until_ms(9);
  play.say(1, "? x");
  play.until_ms(20);
  play.say(1, "? y");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(7)));
}

TEST(Fleet, HandoverCountsFromALateAnswerOfTheOld) {
  FleetPlay play(
      kiwi().update(0, at_ms(1)).update(0, at_ms(2)).move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(2);
  play.say(0, kAnswer1);
  play.until_ms(6);
  play.say(0, kAnswer2);  // comes after the move
  play.until_ms(10);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(4)));
}

TEST(Fleet, HandoverCountsFromALateAnswerThatIsTheFirst) {
  FleetPlay play(kiwi().update(0, at_ms(1)).move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(6);
  play.say(0, kAnswer1);
  play.until_ms(10);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(4)));
}

TEST(Fleet, AHandoverWithoutAnAnswerBeforeHasNoLatency) {
  FleetPlay play(kiwi().move(0, at_ms(3), 1).line(0, at_ms(4), "x"));
  play.start().until_ms(4);
  play.say(1, "? x");
  EXPECT_THAT(handover_latencies(play.log()), IsEmpty());
  EXPECT_EQ(play.log().handovers.size(), 1U);
}

TEST(Fleet, EachServerThatItReachesInItsFlightIsAHandover) {
  HandPlan plan = kiwi().line(0, at_ms(1), "x").line(0, at_ms(251), "y");
  plan.servers = 3;
  plan.clients[0].on_loss = NextServer::kNext;
  FleetPlay play(plan);
  play.start().until_ms(2);
  play.say(0, "? x");
  play.gone(0, false);
  play.until_ms(102);
  play.connected(1);
  play.until_ms(150);
  play.gone(1, false);  // before its first answer
  EXPECT_EQ(play.until_ms(250), "connect 2 to 2\n");
  play.connected(2);
  const std::vector<HandoverLog>& handovers = play.log().handovers;
  ASSERT_THAT(handovers, SizeIs(2));
  EXPECT_EQ(handovers[0].from, 0U);
  EXPECT_EQ(handovers[0].to, 1U);
  EXPECT_EQ(handovers[0].connected, at_ms(102));
  EXPECT_EQ(handovers[1].from, 1U);
  EXPECT_EQ(handovers[1].to, 2U);
  EXPECT_EQ(handovers[1].left, at_ms(150));
  EXPECT_EQ(handovers[1].connected, at_ms(250));
  play.until_ms(251);
  play.say(2, "? y");
  EXPECT_TRUE(handovers[1].first_answer);
  EXPECT_THAT(handover_latencies(play.log()), IsEmpty());
}

TEST(Fleet, AServerReachedAgainEndsTheSameHandover) {
  FleetPlay play(kiwi().line(0, at_ms(1), "x").move(0, at_ms(3), 1).line(0, at_ms(200), "y"));
  play.start().until_ms(2);
  play.say(0, "? x");
  play.until_ms(4);
  play.connected(1);
  play.gone(1, false);
  play.until_ms(110);
  play.connected(2);
  play.until_ms(202);
  play.say(2, "? y");
  ASSERT_THAT(play.log().handovers, SizeIs(1));
  EXPECT_EQ(play.log().handovers[0].connected, at_ms(4));
  EXPECT_THAT(handover_latencies(play.log()), ElementsAre(std::chrono::milliseconds(200)));
}

// A script, the lines that come back, and the violation that the fleet reports.
struct Case {
  const char* name;
  Plan plan;
  std::vector<std::string> answers;
  const char* violation;  // a part of the only violation; empty: there is none
  bool finished = false;  // whether the client's connection then ends in order
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class FleetAnswers : public testing::TestWithParam<Case> {};

TEST_P(FleetAnswers, AreChecked) {
  const Case& c = GetParam();
  FleetPlay play(c.plan);
  play.start().until_ms(2);
  for (const std::string& line : c.answers) play.say(0, line);
  if (c.finished) play.gone(0, true);
  if (std::string(c.violation).empty()) {
    EXPECT_THAT(play.log().violations, IsEmpty());
  } else {
    EXPECT_THAT(play.log().violations,
                ElementsAre(HasSubstr("client kiwi at A: " + std::string(c.violation))));
  }
  EXPECT_EQ(play.log().violation_count, play.log().violations.size());
}

std::vector<Case> answers() {
  const Plan report = kiwi().update(0, at_ms(1));
  const Plan two = kiwi().update(0, at_ms(1)).update(0, at_ms(2));
  const Plan moved = kiwi().update(0, at_ms(1)).move(0, at_ms(2), 1);
  const Plan query = kiwi().query(0, at_ms(1), "WHATSAT kiwi 10 5");
  const auto line = [](const std::string& text) { return kiwi().line(0, at_ms(1), text); };
  const std::string at = "AT A +0.5 kiwi +1.0+1.0 7.5";
  constexpr const char* kOther = "the answer to an IAMAT has other fields than the IAMAT: 'AT ";
  return {
      {"Right", report, {kAnswer1}, ""},
      {"RightWithNegativeSkew",
       report,
       {"AT A -12.5 kiwi +34.068930-118.445127 1000000000.001000000"},
       ""},
      {"WrongServer",
       report,
       {"AT B +0.5 kiwi +34.068930-118.445127 1000000000.001000000"},
       kOther},
      {"WrongClient", report, {"AT A +0.5 emu +34.068930-118.445127 1000000000.001000000"}, kOther},
      {"WrongLocation",
       report,
       {"AT A +0.5 kiwi +34.068930-118.445128 1000000000.001000000"},
       kOther},
      {"LocationWrittenOtherwise",
       report,
       {"AT A +0.5 kiwi +34.06893-118.445127 1000000000.001000000"},
       kOther},
      {"WrongTime", report, {"AT A +0.5 kiwi +34.068930-118.445127 1000000000.001000001"}, kOther},
      {"TimeWrittenOtherwise",
       report,
       {"AT A +0.5 kiwi +34.068930-118.445127 1000000000.001"},
       kOther},
      {"NoSkew",
       report,
       {"AT A kiwi +34.068930-118.445127 1000000000.001000000"},
       "the answer to an IAMAT is not an AT: 'AT A kiwi"},
      {"RefusedReport",
       report,
       {std::string("? ") + kReport1},
       "the answer to an IAMAT is not an AT: '? "},
      {"InOrder", two, {kAnswer1, kAnswer2}, ""},
      {"Unasked", report, {kAnswer1, kAnswer1}, "an answer that no command asked for: 'AT A"},
      {"UnaskedFromTheStart", kiwi(), {"HELLO"}, "an answer that no command asked for: 'HELLO'"},
      {"Finished", moved, {kAnswer1}, "", true},
      {"Missing", moved, {}, "never answered on a connection that was not cut: 'IAMAT kiwi", true},
      {"TwoMissing",
       two,
       {},
       "never answered on a connection that was not cut: 'IAMAT kiwi +34.068930-118.445127 "
       "1000000000.001000000' and 1 line after it",
       true},

      {"Echo", line("HELLO"), {"? HELLO"}, ""},
      {"EchoOfAnEmptyLine", line(""), {"? "}, ""},
      {"EchoOfSpaces", line("  a \t b "), {"?   a \t b "}, ""},
      {"EchoWithoutCr", line("HELLO\r"), {"? HELLO"}, ""},
      {"EchoOfAnotherLine",
       line("HELLO"),
       {"? HALLO"},
       "a bad command was not echoed in its answer: '? HALLO'"},
      {"EchoCutShort", line("HELLO"), {"? HELL"}, "a bad command was not echoed in its answer"},
      {"EchoWithoutItsMark",
       line("HELLO"),
       {"HELLO"},
       "a bad command was not echoed in its answer: 'HELLO'"},
      {"LongestLine", line(std::string(8192, 'x')), {"? " + std::string(8192, 'x')}, ""},
      {"OverlongLine", line(std::string(8193, 'x')), {"? " + std::string(64, 'x')}, ""},
      {"OverlongLineInFull",
       line(std::string(8193, 'x')),
       {"? " + std::string(8193, 'x')},
       "a bad command was not echoed in its answer"},

      {"Query", query, {at, R"({"status": "OK", "results": [{}, {}]})", ""}, ""},
      {"QueryOnManyLines", query, {at, "{\"results\":", " [{}],", "\"status\": \"OK\"}", ""}, ""},
      {"QueryRefused", query, {"? WHATSAT kiwi 10 5"}, ""},
      {"QueryRefusedWrongly",
       query,
       {"? WHATSAT kiwi 10 6"},
       "a bad command was not echoed in its answer"},
      {"QueryWithoutAt",
       query,
       {"{}", R"({"status": "OK", "results": []})", ""},
       "the answer to a WHATSAT has no AT for its client: '{}'"},
      {"QueryWithAnothersAt",
       query,
       {"AT A +0.5 emu +1.0+1.0 7.5", R"({"status": "OK", "results": []})", ""},
       "the answer to a WHATSAT has no AT for its client: 'AT A +0.5 emu"},
      {"QueryWithoutJson",
       query,
       {at, "so sorry", ""},
       "the answer to a WHATSAT is not Places JSON: 'so sorry\\x0a', to the client's line "
       "'WHATSAT kiwi 10 5'"},
      {"QueryWithNothing", query, {at, ""}, "the answer to a WHATSAT is not Places JSON"},
      {"QueryThatFailed",
       query,
       {at, R"({"status": "UNKNOWN_ERROR", "results": [], "error_message": "x"})", ""},
       ""},
      {"QueryWithTwoEmptyLines",
       query,
       {at, R"({"status": "OK", "results": []})", "", ""},
       "an answer that no command asked for: ''"},
  };
}

// A client's first lines, what its server answers before it closes the connection in order, and the
// violation that the fleet reports.
std::vector<Case> ends() {
  const std::string link = "LINK h a b c", long_line(8193, 'x'), echo(64, 'x');
  const auto lines = [](const std::vector<std::string>& all) {
    HandPlan plan = kiwi();
    for (const std::string& each : all) plan.line(0, at_ms(1), each);
    return plan;
  };
  constexpr const char* kNever = "never answered on a connection that was not cut: ";
  HandPlan long_report = kiwi();
  long_report.subjects[0] = std::string(8170, 'k');
  long_report.update(0, at_ms(1));
  const std::string begin = ("IAMAT " + long_report.subjects[0]).substr(0, 64);
  return {
      {"ABadLink", lines({link, "x", "y"}), {"? " + link}, "", true},
      {"ABadLinkWithSpaces", lines({" LINK\th a b c ", "x"}), {"?  LINK\th a b c "}, "", true},
      {"ABadLinkIsOwedAnAnswer", lines({link, "x"}), {}, kNever, true},
      {"ALinkThatIsNotFirst", lines({"x", link, "y"}), {"? x", "? " + link}, kNever, true},
      {"ALinkThatIsNotWellFormed", lines({"LINK h a b", "x"}), {"? LINK h a b"}, kNever, true},
      {"AnOverlongLine", lines({long_line, "x"}), {"? " + echo}, "", true},
      {"WhatCameBeforeIt", lines({"x", long_line, "y"}), {}, kNever, true},
      {"TheLongestLine",
       lines({std::string(8192, 'x'), "x"}),
       {"? " + std::string(8192, 'x')},
       kNever,
       true},
      {"AnOverlongReportThatIsTaken",
       long_report,
       {"AT A +0.5 " + long_report.subjects[0] + " +34.068930-118.445127 1000000000.001000000"},
       "a bad command was not echoed in its answer",
       true},
      {"AnOverlongReport", long_report.line(0, at_ms(1), "x"), {"? " + begin}, "", true},
      {"AHandshakeThatFails", lines({link, "x", "y"}), {"NONCE 5f3a", "? x"}, "", true},
      {"AHandshakeThatGoesOn",
       lines({link, "x", "y"}),
       {"NONCE 5f3a", "? x", "? y"},
       "an answer after that to the line that ends the connection: '? y'",
       true},
      {"AnAnswerAfterTheEnd",
       lines({link, "x"}),
       {"? " + link, "? x"},
       "an answer after that to the line that ends the connection: '? x', to the client's line 'x'",
       true},
  };
}

INSTANTIATE_TEST_SUITE_P(Ends, FleetAnswers, testing::ValuesIn(ends()),
                         [](const auto& test) { return std::string(test.param.name); });

// At the end of the run only a connection that is at rest owes answers.
TEST(Fleet, NotesWhatIsNeverAnswered) {
  FleetPlay play(HandPlan()
                     .client("kiwi", 0)
                     .client("emu", 1)
                     .update(0, at_ms(1))
                     .line(0, at_ms(1), "x")
                     .line(0, at_ms(1), "y")
                     .update(1, at_ms(1)));
  play.start().until_ms(2);
  play.world.busy = {1};
  play.fleet.stop();
  ASSERT_THAT(play.log().unanswered, SizeIs(1));
  EXPECT_EQ(play.log().unanswered[0].server, 0U);
  EXPECT_EQ(play.log().unanswered[0].sentence,
            std::string("client kiwi at A: never answered on a connection that was not cut: '") +
                kReport1 + "' and 2 lines after it");
}

INSTANTIATE_TEST_SUITE_P(Lines, FleetAnswers, testing::ValuesIn(answers()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Fleet, SeesAnswersInTheWrongOrder) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(2);
  play.say(0, kAnswer2);
  play.say(0, kAnswer1);
  EXPECT_THAT(play.log().violations, ElementsAre(HasSubstr("other fields than the IAMAT"),
                                                 HasSubstr("other fields than the IAMAT")));
}

TEST(Fleet, KeepsWhatCameOfEachQuery) {
  FleetPlay play(kiwi()
                     .query(0, at_ms(1), "WHATSAT kiwi 10 5")
                     .query(0, at_ms(1), "WHATSAT ghost 10 5")
                     .query(0, at_ms(1), "WHATSAT kiwi 1 5")
                     .update(0, at_ms(1)));
  play.start().until_ms(2);
  play.say(0, "AT B +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OK",)");
  EXPECT_EQ(play.log().queries[0].answered, std::nullopt);
  play.until_ms(3);
  play.say(0, R"("results": [1, 2, 3]})");
  play.until_ms(4);
  play.say(0, "");
  play.say(0, "? WHATSAT ghost 10 5");
  play.say(0, "AT B +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OVER_QUERY_LIMIT", "results": []})");
  play.say(0, "");
  play.say(0, kAnswer1);
  const auto& queries = play.log().queries;
  EXPECT_EQ(queries[0].answered, at_ms(4));
  EXPECT_EQ(queries[0].status, "OK");
  EXPECT_EQ(queries[0].places, 3U);
  EXPECT_EQ(queries[0].server, 0U);
  EXPECT_EQ(queries[1].answered, at_ms(4));
  EXPECT_EQ(queries[1].status, "?");
  EXPECT_EQ(queries[1].places, std::nullopt);
  EXPECT_EQ(queries[2].status, "OVER_QUERY_LIMIT");
  EXPECT_EQ(queries[2].places, 0U);
  EXPECT_TRUE(play.idle());
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, AQueryCutInItsPlacesIsUnanswered) {
  FleetPlay play(
      kiwi().query(0, at_ms(1), "WHATSAT kiwi 10 5").query(0, at_ms(300), "WHATSAT kiwi 10 5"));
  play.start().until_ms(1);
  play.say(0, "AT A +0.5 kiwi +1.0+1.0 7.5");
  play.say(0, R"({"status": "OK")");
  play.gone(0, false);
  play.until_ms(300);
  play.connected(1);
  // The next connection starts afresh.
  play.say(1, "AT A +0.5 kiwi +1.0+1.0 7.5");
  play.say(1, R"({"status": "ZERO_RESULTS", "results": []})");
  play.say(1, "");
  EXPECT_EQ(play.log().queries[0].answered, std::nullopt);
  EXPECT_EQ(play.log().queries[0].status, "");
  EXPECT_EQ(play.log().queries[1].status, "ZERO_RESULTS");
  EXPECT_THAT(play.log().violations, IsEmpty());
}

TEST(Fleet, KeepsAHundredViolationsAndCountsAll) {
  FleetPlay play(kiwi());
  play.start();
  for (int i = 0; i < 150; ++i) play.say(0, std::string(500, 'x'));
  EXPECT_EQ(play.log().violation_count, 150U);
  EXPECT_THAT(play.log().violations, SizeIs(100));
  EXPECT_THAT(play.log().violations[0], HasSubstr(": '" + std::string(200, 'x') + "...'"));
}

TEST(PlacesSummary, IsOfAStatusAndResults) {
  struct Row {
    const char* json;
    bool well_formed;
    const char* status;
    std::optional<std::uint64_t> places;
  };
  const Row rows[] = {
      {R"({"status": "OK", "results": [{"name": "x"}, 2]})", true, "OK", 2},
      {R"({"results": [], "status": "ZERO_RESULTS", "more": null})", true, "ZERO_RESULTS", 0},
      {R"({"status": "", "results": []})", true, "", 0},
      {R"({"status": "OK"})", false, "", std::nullopt},
      {R"({"results": []})", false, "", std::nullopt},
      {R"({"status": 5, "results": []})", false, "", std::nullopt},
      {R"({"status": "OK", "results": {}})", false, "", std::nullopt},
      {R"(["status", "results"])", false, "", std::nullopt},
      {R"({"status": "OK", "results": [)", false, "", std::nullopt},
      {R"({"status": "OK", "results": []} x)", false, "", std::nullopt},
      {"", false, "", std::nullopt},
  };
  for (const Row& row : rows) {
    const PlacesSummary summary = summarize_places(row.json);
    EXPECT_EQ(summary.well_formed, row.well_formed) << row.json;
    EXPECT_EQ(summary.status, row.status) << row.json;
    EXPECT_EQ(summary.places, row.places) << row.json;
  }
}

TEST(PlacesSummary, TwoStatusesAreAnswers) {
  EXPECT_TRUE(is_places_answer("OK"));
  EXPECT_TRUE(is_places_answer("ZERO_RESULTS"));
  for (const char* status : {"", "?", "ok", "OVER_QUERY_LIMIT", "UNKNOWN_ERROR"}) {
    EXPECT_FALSE(is_places_answer(status)) << status;
  }
}

}  // namespace
}  // namespace sim
