#include "sim/worlds/places/places_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jansson.h>

#include <string>
#include <string_view>

#include "core/random.h"
#include "sim/base/json/parse_json.h"
#include "sim/worlds/places/places_summary.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A Nearby Search answer with every kind of field that Google documents, for places that do not
// exist: unknown fields, numbers that a parser would spell differently, escapes, brackets within
// strings.
constexpr std::string_view kHead =
    "{\r\n"
    "  \"html_attributions\" : [ \"a ] } \\\" b\" ],\r\n"
    "  \"next_page_token\" : \"CpQCAgEAA\\/FxW\",\r\n"
    "\r\n\r\n"
    "  \"results\" : [";
constexpr std::string_view kOne =
    "{\n"
    "      \"business_status\": \"OPERATIONAL\",\n"
    "      \"geometry\": {\"location\": {\"lat\": 34.06890000, \"lng\": -1.184451e2},\n"
    "        \"viewport\": {\"northeast\": {\"lat\": 34.1, \"lng\": -118.4},\n"
    "                     \"southwest\": {\"lat\": 34.0, \"lng\": -118.5}}},\n"
    "      \"icon\": \"https:\\/\\/maps.example\\/icon.png\",\n"
    "      \"icon_background_color\": \"#7B9EB0\",\n"
    "      \"name\": \"Caf\\u00e9 ]}, \\\"One\\\"\",\n"
    "      \"opening_hours\": {\"open_now\": false},\n"
    "      \"photos\": [{\"height\": 3024, \"html_attributions\": [\"<a "
    "href=\\\"x\\\">A<\\/a>\"],\n"
    "                  \"photo_reference\": \"Aap_u\", \"width\": 4032}],\n"
    "      \"place_id\": \"P1\",\n"
    "      \"plus_code\": {\"compound_code\": \"3H9X+H2\", \"global_code\": \"85633H9X+H2\"},\n"
    "      \"price_level\": 2, \"rating\": 4.0, \"reference\": \"P1\", \"scope\": \"GOOGLE\",\n"
    "      \"types\": [\"cafe\", \"food\"], \"user_ratings_total\": 12345678901234567890,\n"
    "      \"vicinity\": \"1 Way\"\n"
    "    }";
constexpr std::string_view kTwo = " , {\"name\": \"Two\", \"results\": [1, 2, 3]}";
constexpr std::string_view kThree = ",\n[],\n\"[\" ";
constexpr std::string_view kTail =
    "\n  ],\r\n"
    "  \"status\" : \"OK\",\n\n\n"
    "  \"later\" : {\"results\": []}\r\n"
    "}\r\n\r\n";

// Returns the folded text.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '\r' && c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != '\n') {
      out += '\n';
    }
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

OwnedJson parse(const std::string& text) {
  return parse_json(text, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL);
}

std::string text_at(const OwnedJson& json, const char* name) {
  return std::string(string_of(json_object_get(json.get(), name)));
}

// Checks what holds for every answer, whatever the provider sent.
void expect_framable(const PlacesAnswer& answer, int bound) {
  const OwnedJson json = parse(answer.body.str());
  ASSERT_TRUE(json_is_object(json.get())) << answer.body.str();
  EXPECT_EQ(text_at(json, "status"), answer.status);
  const json_t* results = json_object_get(json.get(), "results");
  ASSERT_TRUE(json_is_array(results));
  EXPECT_EQ(json_array_size(results), static_cast<std::size_t>(answer.places));
  EXPECT_LE(answer.places, bound);
  EXPECT_EQ(answer.body.str().find("\n\n"), std::string::npos);
  EXPECT_EQ(answer.body.str().find('\r'), std::string::npos);
  EXPECT_NE(answer.body.str().front(), '\n');
  EXPECT_NE(answer.body.str().back(), '\n');
  const bool good = answer.status == "OK" || answer.status == "ZERO_RESULTS";
  EXPECT_EQ(good, answer.error.empty());
  if (!good) {
    EXPECT_EQ(answer.places, 0);
    EXPECT_NE(text_at(json, "error_message"), "");
  }
}

TEST(PlacesAnswer, EverythingButSurplusResultsStays) {
  const std::string body = joined({kHead, kOne, kTwo, kThree, kTail});
  PlacesReply reply = PlacesReply::from_body(body);
  struct Row {
    int bound, places;
    std::string want;
  };
  const Row rows[] = {
      {20, 4, joined({kHead, kOne, kTwo, kThree, kTail})},
      {4, 4, joined({kHead, kOne, kTwo, kThree, kTail})},
      {3, 3, joined({kHead, kOne, kTwo, ",\n[] ", kTail})},
      {2, 2, joined({kHead, kOne, kTwo, " ", kTail})},
      {1, 1, joined({kHead, kOne, " ", kTail})},
      {0, 0, joined({kHead, " ", kTail})},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.bound);
    const PlacesAnswer answer = reply.cut(row.bound);
    EXPECT_EQ(answer.body.str(), folded(row.want));
    EXPECT_EQ(answer.places, row.places);
    EXPECT_EQ(answer.status, "OK");
    expect_framable(answer, row.bound);
  }
}

TEST(PlacesAnswer, NewlinesFoldWhereverTheyStand) {
  const auto answer = PlacesReply::from_body(
                          "\n\r\n{\r\"status\":\n\r\n\n\"ZERO_RESULTS\",\r\r\"results\":[]}\r\n\n")
                          .cut(5);
  EXPECT_EQ(answer.body.str(), "{\n\"status\":\n\"ZERO_RESULTS\",\n\"results\":[]}");
  EXPECT_EQ(answer.status, "ZERO_RESULTS");
}

TEST(PlacesAnswer, KeysMayBeEscapedAndHidden) {
  const auto answer =
      PlacesReply::from_body(
          R"({"a": {"results": [1,2]}, "b": "\"results\": [", "res\u0075lts": [{"a":1},2,3],)"
          R"( "status": "OK"})")
          .cut(1);
  EXPECT_EQ(answer.body.str(),
            R"({"a": {"results": [1,2]}, "b": "\"results\": [", "res\u0075lts": [{"a":1}],)"
            R"( "status": "OK"})");
}

TEST(PlacesAnswer, WhatIsNoAnswerBecomesAnHonestError) {
  struct Row {
    const char* name;
    std::string body;
    const char* error;
  };
  const Row rows[] = {
      {"empty", "", "not JSON"},
      {"HTML", "<html>no</html>", "not JSON"},
      {"cut off", joined({kHead, kOne}), "not JSON"},
      {"two objects", R"({"status": "OK", "results": []} {})", "not JSON"},
      {"not UTF-8", "{\"status\": \"OK\", \"results\": [\"\xff\"]}", "not JSON"},
      {"array", R"(["status", "OK"])", "no status"},
      {"no status", R"({"results": []})", "no status"},
      {"status a number", R"({"status": 200, "results": []})", "no status"},
      {"status odd", R"({"status": "O\nK", "results": []})", "no status"},
      {"no results", R"({"status": "OK"})", "no results"},
      {"results an object", R"({"status": "OK", "results": {}})", "no results"},
      {"results null", R"({"status": "ZERO_RESULTS", "results": null})", "no results"},
      {"deep", std::string(100'000, '['), "not JSON"},
      {"a bare surrogate in UTF-8", "{\"status\": \"OK\", \"results\": [\"\xED\xA0\xBD\"]}",
       "not JSON"},
      {"NaN", R"({"status": "OK", "results": [NaN]})", "not JSON"},
      {"a call", R"(cb({"status": "OK", "results": []});)", "not JSON"},
      {"Google's newer error, but good", R"({"error": {"status": "OK", "message": "m"}})",
       "no status"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const PlacesAnswer answer = PlacesReply::from_body(row.body).cut(20);
    EXPECT_EQ(answer.status, "UNKNOWN_ERROR");
    EXPECT_THAT(answer.error, HasSubstr(row.error));
    expect_framable(answer, 20);
  }
  EXPECT_EQ(PlacesReply::failure("why \"not\"").cut(3).body.str(),
            R"({"html_attributions": [], "results": [], "status": "UNKNOWN_ERROR", )"
            R"("error_message": "why \"not\""})");
}

// Valid JSON passes as it is, also if a parser with values of its own refuses it.
TEST(PlacesAnswer, OddButValidJsonPasses) {
  const std::string_view results[] = {
      R"([{"name": "caf\ud83d"}])",
      R"([{"name": "a", "name": "b"}])",
      R"([{"cid": 12345678901234567890123, "r": 1e400, "s": 4.9e-324}])",
      R"([{"na\u0000me": "a\u0000b"}])",
      "[\"a\xE2\x80\xA8\xC2\x85\"]",
  };
  for (const std::string_view each : results) {
    const std::string body = R"({"status": "OK", "results": )" + std::string(each) + "}";
    const PlacesAnswer answer = PlacesReply::from_body(body).cut(20);
    EXPECT_EQ(answer.body.str(), body);
    EXPECT_EQ(answer.places, 1);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(summarize_places(answer.body.str()).places, 1U);
  }
  const std::string deep = R"({"results": [)" + std::string(50'000, '[') +
                           std::string(50'000, ']') + R"(, 2], "status": "OK"})";
  EXPECT_EQ(PlacesReply::from_body(deep).cut(20).body.str(), deep);
  EXPECT_EQ(PlacesReply::from_body(deep).cut(1).places, 1);
}

// The last of several members counts, as for most parsers.
TEST(PlacesAnswer, TheLastOfTwoMembersCounts) {
  const PlacesAnswer answer =
      PlacesReply::from_body(
          R"({"status": "NO", "results": [7], "results": [1, 2, 3], "status": "OK"})")
          .cut(1);
  EXPECT_EQ(answer.body.str(),
            R"({"status": "NO", "results": [7], "results": [1], "status": "OK"})");
  EXPECT_EQ(answer.status, "OK");
}

TEST(PlacesAnswer, AByteOrderMarkIsLeftOut) {
  EXPECT_EQ(
      PlacesReply::from_body("\xEF\xBB\xBF{\"results\": [], \"status\": \"OK\"}").cut(1).body.str(),
      R"({"results": [], "status": "OK"})");
}

TEST(PlacesAnswer, OtherStatusesPassWithoutResults) {
  struct Row {
    const char* name;
    std::string body, want;
  };
  const Row rows[] = {
      {"as Google sends it",
       "{\n   \"error_message\" : \"The provided API key is invalid.\",\n   \"html_attributions\" "
       ": "
       "[],\n   \"results\" : [],\n   \"status\" : \"REQUEST_DENIED\"\n}\n",
       "{\n   \"error_message\" : \"The provided API key is invalid.\",\n   \"html_attributions\" "
       ": "
       "[],\n   \"results\" : [],\n   \"status\" : \"REQUEST_DENIED\"\n}"},
      {"no message", R"({"results": [], "status": "OVER_QUERY_LIMIT", "x": 1.0})",
       R"({"error_message": "Places answered OVER_QUERY_LIMIT", "results": [], )"
       R"("status": "OVER_QUERY_LIMIT", "x": 1.0})"},
      {"empty message", R"({"error_message": "", "results": [], "status": "INVALID_REQUEST"})",
       R"({"error_message": "Places answered INVALID_REQUEST", "results": [], )"
       R"("status": "INVALID_REQUEST"})"},
      {"message of another kind", R"({"error_message": [7], "results": [], "status": "NOT_FOUND"})",
       R"({"error_message": "Places answered NOT_FOUND", "results": [], "status": "NOT_FOUND"})"},
      {"results all the same",
       R"({"results": [{"a": 1}, 2], "error_message": "m", "status": "UNKNOWN_ERROR"})",
       R"({"results": [], "error_message": "m", "status": "UNKNOWN_ERROR"})"},
      {"no results", R"({"error_message": "m", "status": "OVER_QUERY_LIMIT"})",
       R"({"results": [], "error_message": "m", "status": "OVER_QUERY_LIMIT"})"},
      {"quotes the key", R"({"error_message": "bad s3cret", "results": [], "status": "NO"})",
       R"({"error_message": "withheld, because it quotes the API key", "results": [], "status": "NO"})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const PlacesAnswer answer = PlacesReply::from_body(row.body, "s3cret").cut(20);
    EXPECT_EQ(answer.body.str(), row.want);
    EXPECT_THAT(answer.error, HasSubstr(answer.status));
    EXPECT_THAT(answer.error, Not(HasSubstr("s3cret")));
    expect_framable(answer, 20);
  }
}

// Bodies broken at random: whatever comes, the answer can be framed.
TEST(PlacesAnswer, AnyBytesEndInAnAnswer) {
  const std::string body = joined({kHead, kOne, kTwo, kThree, kTail});
  const std::string_view pieces = "{}[]\",:\\\n\r0a \x80";
  herd::Random random(11, "places");
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = body;
    const std::uint64_t changes = 1 + random.below(3);
    for (std::uint64_t k = 0; k < changes; ++k) {
      const std::size_t at = random.below(broken.size());
      const char piece = pieces[random.below(pieces.size())];
      switch (random.below(3)) {
        case 0:
          broken[at] = piece;
          break;
        case 1:
          broken.insert(at, 1, piece);
          break;
        default:
          broken.erase(at, 1 + random.below(4));
          break;
      }
    }
    const int bound = static_cast<int>(random.below(6));
    expect_framable(PlacesReply::from_body(broken).cut(bound), bound);
    // The scanner must stay within any text at all.
    for (const JsonMember& member : json_members(broken)) {
      ASSERT_LE(member.value.end, broken.size());
      for (const TextRange& element : json_elements(broken, member.value.begin)) {
        ASSERT_LE(element.end, broken.size());
      }
    }
    if (HasFailure()) FAIL() << broken;
  }
}

}  // namespace
}  // namespace sim
