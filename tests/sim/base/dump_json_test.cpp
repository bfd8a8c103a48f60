#include "sim/base/json/dump_json.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

std::string dumped_by_jansson(const json_t* json, std::size_t flags) {
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(json, flags | JSON_ENCODE_ANY),
                                                         &std::free);
  return text.get();
}

TEST(DumpJson, LaysOutAsJanssonDoes) {
  for (const char* text :
       {"{}", "[]", "[[], {}]", R"({"a": [1, -2, {"b": null, "c": true}], "d": {"e": false}})",
        "\"text\"", "9223372036854775807", "-9223372036854775808", "null", "true", "[0]"}) {
    const OwnedJson json = parse_json(text, JSON_DECODE_ANY);
    EXPECT_EQ(dump_json(json.get(), 2), dumped_by_jansson(json.get(), JSON_INDENT(2)));
    EXPECT_EQ(dump_json(json.get(), 3), dumped_by_jansson(json.get(), JSON_INDENT(3)));
    EXPECT_EQ(dump_json(json.get(), 0), dumped_by_jansson(json.get(), JSON_COMPACT));
  }
}

TEST(DumpJson, EscapesAsJanssonDoes) {
  std::string bytes;
  for (char c = 1; c > 0 && c < 127; ++c) bytes += c;
  bytes += std::string("\0 é→𝄞\x7f", 12);
  const OwnedJson text(json_stringn(bytes.data(), bytes.size()));
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(dump_json(text.get(), 0), dumped_by_jansson(text.get(), 0));
  const OwnedJson object(json_object());
  json_object_set_new(object.get(), "a \"key\"\n", json_integer(1));
  EXPECT_EQ(dump_json(object.get(), 0), R"({"a \"key\"\n":1})");
}

TEST(DumpJson, RealsAreAsShortAsTheyCanBe) {
  const std::pair<double, const char*> rows[] = {{0.1, "0.1"},
                                                 {1.0 / 3, "0.3333333333333333"},
                                                 {0.1 + 0.2, "0.30000000000000004"},
                                                 {2, "2.0"},
                                                 {-0.0, "0.0"},
                                                 {-2.5, "-2.5"},
                                                 {1e-7, "0.0000001"},
                                                 {1e22, "10000000000000000000000.0"}};
  for (const auto& [value, text] : rows) {
    const OwnedJson json(json_real(value));
    EXPECT_EQ(dump_json(json.get(), 2), text);
  }
}

TEST(DumpJson, RealsReadBackAsTheSameReals) {
  std::mt19937_64 random(7);  // NOLINT: the same numbers every time
  const OwnedJson list(json_array());
  for (const double value : {1e300, 5e-324, std::numeric_limits<double>::max(), 9.3e18, 4.0}) {
    json_array_append_new(list.get(), json_real(value));
  }
  std::uniform_real_distribution<double> any(-1e6, 1e6);
  for (int i = 0; i < 1000; ++i) json_array_append_new(list.get(), json_real(any(random)));
  const OwnedJson back = parse_json(dump_json(list.get(), 2));
  EXPECT_TRUE(json_equal(back.get(), list.get()));
}

TEST(DumpJson, NothingIsNoText) { EXPECT_EQ(dump_json(nullptr, 2), ""); }

}  // namespace
}  // namespace sim
