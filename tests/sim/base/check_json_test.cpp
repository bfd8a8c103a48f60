#include "sim/base/json/check_json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/random.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

using std::string_view_literals::operator""sv;

std::string fault(std::string_view text) {
  const auto found = find_json_fault(text);
  return found ? std::to_string(found->line) + ":" + std::to_string(found->column) : "";
}

TEST(CheckJson, TakesWhatTheGrammarTakes) {
  const std::string_view good[] = {
      "{}",
      "[]",
      " [ ] ",
      "{ }\n",
      "null",
      "true",
      "false",
      "0",
      "-0",
      "-0.5e+10",
      "1E5",
      "12.25e-3",
      "\"\"",
      "\"a\xC3\xA9\xF0\x9F\x98\x80\"",
      R"("\"\\\/\b\f\n\r\t\u00e9")",
      R"({"a":1,"b":[{},[]]})",
      "\t[\r\n1 , 2\n]",
      // Valid, though values cannot hold them.
      R"("\ud83d")",
      R"("\udc00\ud83d")",
      R"({"a":1,"a":2})",
      R"({"\u0000":1})",
      "1e999",
      "123456789012345678901234567890",
  };
  for (const std::string_view text : good) EXPECT_EQ(fault(text), "") << text;
  EXPECT_EQ(fault(std::string(100'000, '[') + std::string(100'000, ']')), "");
}

TEST(CheckJson, SaysWhereATextIsWrong) {
  struct Row {
    std::string_view text, where;
  };
  const Row rows[] = {
      {"", "1:1"},
      {" ", "1:2"},
      {"{", "1:2"},
      {"[1,]", "1:4"},
      {"[1 2]", "1:4"},
      {"{\"a\"}", "1:5"},
      {"{\"a\":}", "1:6"},
      {"{\"a\":1,}", "1:8"},
      {"{a:1}", "1:2"},
      {"[1}", "1:3"},
      {"{\"a\":1]", "1:7"},
      {"[]]", "1:3"},
      {"[]\n[]", "2:1"},
      {"01", "1:2"},
      {"1.", "1:3"},
      {"-", "1:2"},
      {"+1", "1:1"},
      {".5", "1:1"},
      {"1e", "1:3"},
      {"tru", "1:1"},
      {"NaN", "1:1"},
      {"\"a", "1:3"},
      {"\"\n\"", "1:2"},
      {R"("\x")", "1:3"},
      {R"("\u12g4")", "1:6"},
      {"\"\0\""sv, "1:2"},
      {"[1]\0"sv, "1:4"},
      {"// c\n1", "1:1"},
      {"[\n1,\n\"\xFF\"]", "3:2"},
      {"\"\xED\xA0\x80\"", "1:2"},
      {"\xEF\xBB\xBF{}", "1:1"},
  };
  for (const Row& row : rows) EXPECT_EQ(fault(row.text), row.where) << row.text;
}

// jansson takes less than the grammar, and nothing that it does not take.
TEST(CheckJson, AgreesWithAParser) {
  const std::string body =
      R"({"a": [1, -2.5e3, true, null, "x\n\u00e9"], "b": {"c": [], "d": {}}, "e": "y"})";
  constexpr std::string_view kPieces = "{}[]\",:\\0-.eEtu a\n";
  herd::Random random(7, "json");
  int good = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = body;
    const std::uint64_t changes = 1 + random.below(3);
    for (std::uint64_t k = 0; k < changes; ++k) {
      const std::size_t at = random.below(text.size());
      if (random.below(2) == 0) {
        text[at] = kPieces[random.below(kPieces.size())];
      } else {
        text.erase(at, 1 + random.below(3));
      }
    }
    const bool parsed = parse_json(text, JSON_DECODE_ANY | JSON_ALLOW_NUL) != nullptr;
    ASSERT_EQ(fault(text).empty(), parsed) << text;
    good += parsed ? 1 : 0;
  }
  EXPECT_GT(good, 1000);
}

TEST(CheckJson, DecodesStrings) {
  EXPECT_EQ(json_string_text(R"("")"), "");
  EXPECT_EQ(json_string_text(R"("a\"\\\/\b\f\n\r\tb")"), "a\"\\/\b\f\n\r\tb");
  EXPECT_EQ(json_string_text(R"("\u0041\u00e9\u20AC")"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(json_string_text(R"("\ud83d\ude00!")"), "\xF0\x9F\x98\x80!");
  EXPECT_EQ(json_string_text(R"("\ud83d!")"), "\xEF\xBF\xBD!");
  EXPECT_EQ(json_string_text(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(json_string_text(R"("\ude00\ud83d")"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(json_string_text(R"("a\u0000b")"), "a\0b"sv);
}

}  // namespace
}  // namespace sim
