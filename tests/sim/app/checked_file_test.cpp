#include "sim/app/cli/checked_file.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

// Returns the parts with bars between them.
std::string parts(std::string_view line, const std::string& file = "a.json") {
  const CheckedProblem problem = read_problem_line(line, file);
  return problem.file + '|' + std::to_string(problem.line) + '|' + problem.path + '|' +
         problem.message;
}

TEST(CheckedFile, TakesALineApart) {
  EXPECT_EQ(parts("a.json:4: herds.0.links: \"rang\" is no topology: what? (a ring)"),
            "a.json|4|herds.0.links|\"rang\" is no topology: what? (a ring)");
  EXPECT_EQ(parts("a.json:1: scenario: is not JSON: column 2: x"),
            "a.json|1|scenario|is not JSON: column 2: x");
  EXPECT_EQ(parts("a.json: scenario: cannot be read: No such file"),
            "a.json|0|scenario|cannot be read: No such file");
}

TEST(CheckedFile, AWarningLosesItsMark) {
  EXPECT_EQ(parts("a.json:7: drain: warning: is long"), "a.json|7|drain|is long");
}

TEST(CheckedFile, AFileMayHaveAnyName) {
  EXPECT_EQ(parts("b: 1:2: c:9: seed: wrong", "b: 1:2: c"), "b: 1:2: c|9|seed|wrong");
}

TEST(CheckedFile, TheProblemMayBeInAFileThatTheScenarioNames) {
  EXPECT_EQ(parts("data/x.csv:12: lat: is no latitude"), "data/x.csv|12|lat|is no latitude");
}

TEST(CheckedFile, ALineOfAnotherFormIsAllMessage) {
  EXPECT_EQ(parts("nothing of the kind"), "a.json|0||nothing of the kind");
}

TEST(CheckedFile, GithubGetsCommandsWithoutTheCharactersThatEndThem) {
  CheckedFile file;
  file.file = "a,b:c.json";
  file.errors = {"a,b:c.json:3: seed: 100% wrong\nreally"};
  file.warnings = {"a,b:c.json:5: drain: warning: is long"};
  EXPECT_EQ(checked_for_github({file}),
            "::error file=a%2Cb%3Ac.json,line=3::seed: 100%25 wrong%0Areally\n"
            "::warning file=a%2Cb%3Ac.json,line=5::drain: is long\n");
}

TEST(CheckedFile, GithubGetsNoLineForAFileThatCannotBeRead) {
  CheckedFile file;
  file.file = "a.json";
  file.errors = {"a.json: scenario: cannot be read"};
  EXPECT_EQ(checked_for_github({file}), "::error file=a.json::scenario: cannot be read\n");
}

TEST(CheckedFile, JsonIsValidIfAllFilesAre) {
  CheckedFile good;
  good.file = "good.json";
  good.is_valid = true;
  CheckedFile bad;
  bad.file = "bad.json";
  bad.errors = {"bad.json:1: seed: wrong"};
  const auto is_valid = [](const std::string& text) {
    const OwnedJson document = parse_json(text);
    EXPECT_EQ(json_integer_value(json_object_get(document.get(), "format")), 1);
    return json_is_true(json_object_get(document.get(), "valid"));
  };
  EXPECT_TRUE(is_valid(checked_json({good})));
  EXPECT_FALSE(is_valid(checked_json({good, bad})));
}

TEST(CheckedFile, SaysHowManyPointsOfASweepWereChecked) {
  CheckedFile sweep;
  sweep.file = "s.json";
  EXPECT_EQ(verdict_line(sweep), "");
  sweep.is_valid = true;
  EXPECT_EQ(verdict_line(sweep), "s.json: ok\n");
  sweep.points = 100;
  sweep.checked = 10;
  EXPECT_EQ(verdict_line(sweep),
            "s.json: ok (10 of 100 points checked, for there is so much in each)\n");
}

}  // namespace
}  // namespace sim
