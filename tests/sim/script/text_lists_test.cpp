#include "sim/script/read/text_lists.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json/dump_json.h"
#include "sim/base/text/read_file.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/limits.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

// Returns the rest of a text and then the items of each list, a line each.
std::string split_up(std::string_view text) {
  const auto split = split_lists(text);
  if (!split) return "no lists";
  std::string out = split->rest;
  for (const TextList& list : split->lists) {
    out += "\n" + std::string(list.key) + ":";
    TextItems items(text, list);
    for (std::size_t i = 0; i < items.size(); ++i) out += ' ' + dump_json(items.item(i), 0);
    if (items.has_failed()) out += " failed";
  }
  return out;
}

TEST(TextLists, LeavesTheItemsOfLongListsInTheText) {
  EXPECT_EQ(
      split_up(R"( {"name": "t", "clients": [ {"id": "a,]\""} , [2]], "events":[3] , "x":1})"),
      R"( {"name": "t", "clients": [], "events":[] , "x":1})"
      "\nclients: {\"id\":\"a,]\\\"\"} [2]\nevents: 3");
}

TEST(TextLists, LeavesOtherListsInTheTree) {
  for (const std::string_view text :
       {"", "[1]", "{}", R"({"clients": []})", R"({"clients": [ ], "events": 3})",
        R"({"herds": [{"clients": [1]}]})", R"({"client\u0073": [1]})", R"({"a" 1})"}) {
    EXPECT_EQ(split_up(text), "no lists") << text;
  }
}

TEST(TextLists, TellsOfItemsThatCannotBeRead) {
  EXPECT_EQ(split_up(R"({"clients": [1,]})"), "{\"clients\": []}\nclients: 1 null failed");
  EXPECT_EQ(split_up(R"({"clients": [{"a":1,"a":2},5]})"),
            "{\"clients\": []}\nclients: null 5 failed");
  EXPECT_EQ(split_up(R"({"clients": [{], 1]})"), "{\"clients\": []}\nclients: null 1 failed");
}

TEST(TextLists, CountsTheLevelsAroundAnItem) {
  const auto nested = [](std::size_t levels) {
    return R"({"events": [)" + std::string(levels, '[') + std::string(levels, ']') + "]}";
  };
  EXPECT_EQ(split_up(nested(kMaxNesting - 2)).find("failed"), std::string::npos);
  EXPECT_NE(split_up(nested(kMaxNesting - 1)).find("failed"), std::string::npos);
}

std::string outcome_of(const herd::Result<ScenarioDocument, ScenarioErrors>& document) {
  if (!document) return testing::PrintToString(document.error());
  const auto scenario = to_scenario(*document);
  if (!scenario) return testing::PrintToString(scenario.error());
  return scenario->as_run + testing::PrintToString(scenario->warnings) +
         std::to_string(scenario->clients.size()) + ' ' + std::to_string(scenario->events.size());
}

// Whether a list is left in the text must change neither a scenario nor its errors.
void expect_same_outcome(const std::string& file, const std::string& text) {
  LoadOptions options;
  ASSERT_EQ(outcome_of(parse_document(file, text, options)),
            outcome_of(parse_whole_document(file, text, options)))
      << text;
}

std::vector<std::string> scenario_files() {
  const std::string root = HERDSIM_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* folder : {"/tests/data/scenarios/good", "/tests/data/scenarios/bad"}) {
    for (const auto& entry : std::filesystem::directory_iterator(root + folder)) {
      if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    }
  }
  return files;
}

TEST(TextLists, ReadEachScenarioAsAWholeTreeDoes) {
  std::size_t split = 0;
  for (const std::string& file : scenario_files()) {
    const std::string text = read_file(file).value_or("");
    if (split_lists(text)) ++split;
    expect_same_outcome(file, text);
  }
  EXPECT_GT(split, 100U);
}

TEST(TextLists, ReadEachDamagedScenarioAsAWholeTreeDoes) {
  const std::string text = test::text_of("", R"(,
    "clients": [
      {"id": "a{n}", "count": 2, "server": "Alford", "updates": "1/s"},
      {"id": "b", "server": "spread", "queries": {"every": "1s", "about": "a1"}}],
    "events": [{"at": "1s", "do": "heal"}, {"at": "1s", "do": "move", "client": "b", "to": "Ball"}])");
  for (std::size_t i = text.find("\"clients\""); i < text.size(); ++i) {
    expect_same_outcome("t.json", text.substr(0, i));
    expect_same_outcome("t.json", std::string(text).erase(i, 1));
    for (const char* added : {"\"", "[", "}", ",", "\\", "\xff"}) {
      expect_same_outcome("t.json", std::string(text).insert(i, added));
    }
  }
}

TEST(TextLists, NeedNoClientsInTheScenario) {
  LoadOptions options;
  options.clients = false;
  const std::string text = test::text_of("", R"(, "clients": [{"id": "a", "server": "Alford"}],
      "events": [{"at": "1s", "do": "move", "client": "a", "to": "Ball"}])");
  const auto scenario = parse_scenario("t.json", text, options);
  ASSERT_TRUE(scenario.ok());
  EXPECT_TRUE(scenario->clients.empty());
  EXPECT_EQ(scenario->events.size(), 1U);
}

TEST(TextLists, AreChangedByOverrides) {
  LoadOptions options;
  options.overrides = {{"clients.0.id", "b"}, {"events", "[]"}};
  const std::string text = test::text_of("", R"(, "clients": [{"id": "a", "server": "Alford"}],
      "events": [{"at": "1s", "do": "heal"}])");
  const auto scenario = parse_scenario("t.json", text, options);
  ASSERT_TRUE(scenario.ok());
  EXPECT_EQ(scenario->clients[0].id, "b");
  EXPECT_TRUE(scenario->events.empty());
}

}  // namespace
}  // namespace sim
