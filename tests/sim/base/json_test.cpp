#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

std::string shown(const OwnedJson& json) {
  char* const text = json_dumps(json.get(), JSON_COMPACT | JSON_ENCODE_ANY);
  std::string out = text == nullptr ? "nothing" : text;
  std::free(text);
  return out;
}

TEST(MakeJson, WritesTextAsUtf8) {
  EXPECT_EQ(shown(json_text("Zürich")), "\"Zürich\"");
  EXPECT_EQ(shown(json_text("a\xff")), "\"a\xef\xbf\xbd\"") << "U+FFFD for a byte of no character";
  EXPECT_EQ(string_of(json_text(std::string_view("a\0b", 3)).get()), std::string_view("a\0b", 3));
}

TEST(MakeJson, WritesFiguresAsAPersonWould) {
  EXPECT_EQ(shown(json_figure(3.0)), "3");
  EXPECT_EQ(shown(json_figure(-0.5)), "-0.5");
  EXPECT_EQ(shown(json_figure(9007199254740992.0)), "9007199254740992");
  EXPECT_EQ(shown(json_figure(1e300)), "1.0000000000000001e300") << "it is no integer's";
  EXPECT_EQ(shown(json_figure(std::nullopt)), "null");
  EXPECT_EQ(shown(json_figure(std::numeric_limits<double>::infinity())), "null");
}

TEST(MakeJson, PutsObjectsAndArraysTogether) {
  OwnedJson list(json_array());
  add(list.get(), "a");
  add(list.get(), json_count(7U));
  const OwnedJson object(json_object());
  put(object.get(), "list", std::move(list));
  put(object.get(), "name", "before");
  put(object.get(), "name", std::string("after"));
  put(object.get(), "up", json_flag(true));
  put(object.get(), "k\xff", json_pair("x", "y"));
  put(object.get(), "texts", json_texts({"p", "q"}));
  EXPECT_EQ(shown(object),
            "{\"list\":[\"a\",7],\"name\":\"after\",\"up\":true,\"k\xef\xbf\xbd\":[\"x\",\"y\"],"
            "\"texts\":[\"p\",\"q\"]}");
}

TEST(MakeJson, CopiesTheWholeValue) {
  const OwnedJson object = parse_json(R"({"a":{"b":1}})");
  const OwnedJson copy = copy_of(object.get());
  put(json_object_get(copy.get(), "a"), "b", json_count(2));
  EXPECT_EQ(shown(object), R"({"a":{"b":1}})");
  EXPECT_EQ(shown(copy), R"({"a":{"b":2}})");
}

TEST(ParseJson, ReadsObjectsAndArraysAndOtherValuesIfAsked) {
  EXPECT_EQ(shown(parse_json(R"( [1, "a"] )")), R"([1,"a"])");
  EXPECT_EQ(parse_json("1"), nullptr);
  EXPECT_EQ(shown(parse_json("1", JSON_DECODE_ANY)), "1");
  json_error_t error;
  EXPECT_EQ(parse_json("[1,\n}", 0, &error), nullptr);
  EXPECT_EQ(error.line, 2);
}

TEST(ParseJson, ReadsStringsOfStringsOnly) {
  const OwnedJson json = parse_json(R"({"a": "text", "b": 1})");
  EXPECT_EQ(string_of(json_object_get(json.get(), "a")), "text");
  EXPECT_EQ(string_of(json_object_get(json.get(), "b")), "");
  EXPECT_EQ(string_of(json_object_get(json.get(), "c")), "");
}

}  // namespace
}  // namespace sim
