#include <gtest/gtest.h>

#include <string_view>

#include "sim/script/read/json_positions.h"

namespace sim {
namespace {

constexpr std::string_view kText = R"(
{
  "name": "t",
  "herds": [
    {"name": "a", "servers": [
      "A", "B",
      {"name": "C"}
    ]},
    [], {}, [[1, 2.5e-3], true,
     null],
    {
      "q\"\\": "} ] , { \" :",
      "last"
        :
        -1
    }
  ],
  "\u0061bout": {"deep":
    {"er": []}}
}
)";

TEST(JsonPositions, FindsEveryValue) {
  struct Row {
    std::string_view path;
    int line;
  };
  constexpr Row kRows[] = {
      {"", 2},
      {"name", 3},
      {"herds", 4},
      {"herds.0", 5},
      {"herds.0.servers", 5},
      {"herds.0.servers.0", 6},
      {"herds.0.servers.1", 6},
      {"herds.0.servers.2", 7},
      {"herds.0.servers.2.name", 7},
      {"herds.1", 9},
      {"herds.2", 9},
      {"herds.3.0.1", 9},
      {"herds.3.1", 9},
      {"herds.3.2", 10},
      {"herds.4", 11},
      {"herds.4.q\"\\", 12},
      {"herds.4.last", 13},
      {"about", 18},
      {"about.deep", 18},
      {"about.deep.er", 19},
  };
  const JsonPositions positions(kText);
  for (const auto& [path, line] : kRows) EXPECT_EQ(positions.line_of(path), line) << path;
}

TEST(JsonPositions, GivesTheNearestValueAroundWhatIsNotThere) {
  const JsonPositions positions(kText);
  EXPECT_EQ(positions.line_of("nothing"), 2);
  EXPECT_EQ(positions.line_of("herds.0.servers.2.port"), 7);
  EXPECT_EQ(positions.line_of("herds.4.last.deeper.still"), 13);
  EXPECT_EQ(positions.line_of("herds.9"), 4);
}

TEST(JsonPositions, EndsOnTextThatIsNotJson) {
  for (const std::string_view text : {"", "\"", "{\"a", "]]", "{\"a\\", "{,,}", "nul", "[\"\\"}) {
    EXPECT_EQ(JsonPositions(text).line_of("a.b"), 1) << text;
  }
}

}  // namespace
}  // namespace sim
