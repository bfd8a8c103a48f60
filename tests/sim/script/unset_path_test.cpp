#include "sim/script/read/unset_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

using testing::ElementsAre;

struct Unset {
  std::string json;
  std::vector<std::string> places;
  std::string error;
};

Unset unset(const char* json, const std::string& path) {
  const OwnedJson root = parse_json(json);
  Problems problems;
  Unset out;
  out.places = unset_path(root.get(), path, problems);
  out.json = dump_json(root.get(), 0);
  if (problems.any()) out.error = problems.all().front().wrong + '|' + problems.all().front().right;
  return out;
}

TEST(UnsetPath, TakesMembersAway) {
  const Unset done = unset(R"({"a":{"b":1,"c":2}})", "a.b");
  EXPECT_EQ(done.json, R"({"a":{"c":2}})");
  EXPECT_THAT(done.places, ElementsAre("a.b"));
  EXPECT_EQ(done.error, "");
}

TEST(UnsetPath, EveryItemThatHasTheKey) {
  const Unset done = unset(R"({"a":[{"b":1},{},{"b":3}]})", "a.*.b");
  EXPECT_EQ(done.json, R"({"a":[{},{},{}]})");
  EXPECT_THAT(done.places, ElementsAre("a.2.b", "a.0.b"));
}

TEST(UnsetPath, TakesItemsOfListsAway) {
  EXPECT_EQ(unset(R"({"a":[1,2,3]})", "a.1").json, R"({"a":[1,3]})");
  EXPECT_EQ(unset(R"({"a":[1,2,3]})", "a.*").json, R"({"a":[]})");
}

TEST(UnsetPath, WhatIsNotThereIsAnError) {
  for (const char* const path : {"b", "a.1.b", "a.0.x.y", "a.-1", "", "a..b", "a.0.bb.c"}) {
    const Unset done = unset(R"({"a":[{"bb":1}]})", path);
    EXPECT_EQ(done.json, R"({"a":[{"bb":1}]})") << path;
    EXPECT_THAT(done.places, ElementsAre(path));
    EXPECT_TRUE(done.error.starts_with("is not in the scenario")) << path;
  }
  EXPECT_EQ(unset(R"({"herds":[{"recovery":1}]})", "herds.0.recovry").error,
            "is not in the scenario, so there is nothing to unset|did you mean \"recovery\"?");
}

}  // namespace
}  // namespace sim
