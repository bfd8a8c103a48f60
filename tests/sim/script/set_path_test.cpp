#include "sim/script/read/set_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;

struct Set {
  std::string json;
  std::vector<std::string> places;
  std::string error;  // the first error
};

Set set(const std::string& root, const std::string& path, const std::string& value) {
  const OwnedJson at = parse_json(root);
  const OwnedJson json = parse_json(value, JSON_DECODE_ANY);
  Problems problems;
  Set out;
  out.places = set_path(at.get(), path, json.get(), problems);
  char* const text = json_dumps(at.get(), JSON_COMPACT);
  out.json = text;
  std::free(text);
  if (problems.any()) {
    const Problem& first = problems.all().front();
    out.error = first.path + ": " + first.wrong + " (" + first.right + ")";
  }
  return out;
}

TEST(SetPath, SetsKeysAndItems) {
  EXPECT_EQ(set(R"({"a":[{"b":1},{"b":2}]})", "a.1.b", "3").json, R"({"a":[{"b":1},{"b":3}]})");
  EXPECT_EQ(set(R"({"a":[1,2]})", "a.0", R"("x")").json, R"({"a":["x",2]})");
  EXPECT_EQ(set("{}", "a", "[1]").json, R"({"a":[1]})");
}

TEST(SetPath, MakesWhatIsMissingAndSaysWhereItBegan) {
  const Set made = set("{}", "a.b.c", "1");
  EXPECT_EQ(made.json, R"({"a":{"b":{"c":1}}})");
  EXPECT_THAT(made.places, ElementsAre("a"));
}

TEST(SetPath, AStarIsEveryItem) {
  const Set each = set(R"({"a":[{"b":[1,2]},{"b":[3]}]})", "a.*.b.*", R"({"c":0})");
  EXPECT_EQ(each.json, R"({"a":[{"b":[{"c":0},{"c":0}]},{"b":[{"c":0}]}]})");
  EXPECT_THAT(each.places, ElementsAre("a.0.b.0", "a.0.b.1", "a.1.b.0"));
}

TEST(SetPath, ItemsAreSetToValuesOfTheirOwn) {
  const OwnedJson root(json_loads(R"({"a":[0,0]})", 0, nullptr));
  const OwnedJson value(json_loads(R"({"b":1})", 0, nullptr));
  const OwnedJson other(json_integer(2));
  Problems problems;
  set_path(root.get(), "a.*", value.get(), problems);
  set_path(root.get(), "a.0.b", other.get(), problems);
  json_t* const items = json_object_get(root.get(), "a");
  EXPECT_EQ(json_integer_value(json_object_get(json_array_get(items, 0), "b")), 2);
  EXPECT_EQ(json_integer_value(json_object_get(json_array_get(items, 1), "b")), 1);
  EXPECT_FALSE(problems.any());
}

TEST(SetPath, AStarIsAnOrdinaryKeyOfAnObject) {
  EXPECT_EQ(set(R"({"a":{"b":1}})", "a.*", "2").json, R"({"a":{"b":1,"*":2}})");
}

TEST(SetPath, ASweptKeyIsOneName) {
  EXPECT_EQ(set("{}", "sweep.herds.*.servers", "[5]").json, R"({"sweep":{"herds.*.servers":[5]}})");
  EXPECT_EQ(set(R"({"sweep":{"seed":{"count":2}}})", "sweep.seed.count", "3").json,
            R"({"sweep":{"seed":{"count":3}}})");
  EXPECT_EQ(set("{}", "sweep", "{}").json, R"({"sweep":{}})");
}

TEST(SetPath, WhatLeadsNowhereIsReportedAndThePlaceIsThePath) {
  struct Row {
    const char *root, *path, *error;
  };
  constexpr Row kRows[] = {
      {R"({"a":[1]})", "a.1", R"(a.1: "1" is not in the list "a" (an index from 0 to 0))"},
      {R"({"a":[]})", "a.*", R"(a.*: "*" is not in the list "a" (it is empty))"},
      {R"({"a":1})", "a.b", R"(a.b: "a" is neither an object nor a list (all of "a" at once))"},
      {"{}", "a.*.b", "a.*.b: leads to what is not there (a list can only be given whole)"},
      {"{}", "a.0", "a.0: leads to what is not there (a list can only be given whole)"},
      {"{}", "a..b", "a..b: is not a path (as herds.0.propagation)"},
      {"{}", "", ": is not a path (as herds.0.propagation)"},
  };
  for (const Row& row : kRows) {
    const Set failed = set(row.root, row.path, "5");
    EXPECT_EQ(failed.error, row.error);
    EXPECT_THAT(failed.places, ElementsAre(row.path));
    EXPECT_EQ(failed.json, row.root);
  }
}

}  // namespace
}  // namespace sim
