// Tests what a fleet checks in answers, and the violations that it reports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "sim/run/clients/fleet.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"
#include "tests/sim/run/fleet_play.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A script, the lines that come back, and the violation that the fleet reports.
struct AnswerCase {
  const char* name;
  Plan plan;
  std::vector<std::string> answers;
  const char* violation;  // a part of the only violation; empty: there is none
  bool finished = false;  // whether the client's connection then ends in order
};
void PrintTo(const AnswerCase& c, std::ostream* out) { *out << c.name; }

class FleetAnswers : public testing::TestWithParam<AnswerCase> {};

TEST_P(FleetAnswers, AreChecked) {
  const AnswerCase& c = GetParam();
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

std::vector<AnswerCase> answers() {
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

INSTANTIATE_TEST_SUITE_P(Lines, FleetAnswers, testing::ValuesIn(answers()),
                         [](const auto& test) { return std::string(test.param.name); });

// A client's first lines, what its server answers before it closes the connection in order, and the
// violation that the fleet reports.
std::vector<AnswerCase> ends() {
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

TEST(Fleet, SeesAnswersInTheWrongOrder) {
  FleetPlay play(kiwi().update(0, at_ms(1)).update(0, at_ms(2)));
  play.start().until_ms(2);
  play.say(0, kAnswer2);
  play.say(0, kAnswer1);
  EXPECT_THAT(play.log().violations, ElementsAre(HasSubstr("other fields than the IAMAT"),
                                                 HasSubstr("other fields than the IAMAT")));
}

TEST(Fleet, KeepsAHundredViolationsAndCountsAll) {
  FleetPlay play(kiwi());
  play.start();
  for (int i = 0; i < 150; ++i) play.say(0, std::string(500, 'x'));
  EXPECT_EQ(play.log().violation_count, 150U);
  EXPECT_THAT(play.log().violations, SizeIs(100));
  EXPECT_THAT(play.log().violations[0], HasSubstr(": '" + std::string(200, 'x') + "...'"));
}

}  // namespace
}  // namespace sim
