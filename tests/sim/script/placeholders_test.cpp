#include "sim/script/spec/placeholders.h"

#include <gmock/gmock.h>

namespace sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const Placeholder& each : placeholders_in(text)) {
    out.push_back(std::string(each.name) + "|" + std::string(each.argument));
  }
  return out;
}

std::string marked(std::string_view text) {
  return fill_in(text, [](const Placeholder& each) {
    return "<" + std::string(each.name) + "/" + std::string(each.argument) + ">";
  });
}

TEST(Placeholders, AreFoundWithTheirArguments) {
  EXPECT_THAT(words("--port={port} {port:S1}{neighbor_names}"),
              ElementsAre("port|", "port|S1", "neighbor_names|"));
}

TEST(Placeholders, OtherBracesAreText) {
  EXPECT_THAT(words(R"({"a": 1} {} {Port} { port } {port)"), ElementsAre());
  EXPECT_EQ(marked(R"({"a": {"b": 2}} {} {Port})"), R"({"a": {"b": 2}} {} {Port})");
}

TEST(Placeholders, ABraceBeforeOneIsText) {
  EXPECT_EQ(marked("{{port}}"), "{<port/>}");
  EXPECT_EQ(marked("{\"p\": {port}}"), "{\"p\": <port/>}");
}

TEST(Placeholders, AreFilledInWhereTheyStand) {
  EXPECT_EQ(marked("a{server}b{port:Ball}c"), "a<server/>b<port/Ball>c");
  EXPECT_EQ(marked(""), "");
}

}  // namespace
}  // namespace sim
