#include "sim/worlds/places/key_censor.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/worlds/places/places_answer.h"

namespace sim {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kKey = "AIzaSyA-adv+key/with=odd&chars";

// Other forms of the key; made with Python's urllib, json, html, base64 and bytes.hex.
const std::string_view kForms[] = {
    "AIzaSyA-adv+key/with=odd&chars",
    "aizasya-ADV+KEY/WITH=ODD&CHARS",
    "AIzaSyA-adv%2Bkey%2Fwith%3Dodd%26chars",
    "AIzaSyA-adv%2bkey%2fwith%3dodd%26chars",
    "%41IzaSyA-adv+k%65y/with=odd&chars",
    "AIzaSyA-adv%252Bkey%252Fwith%253Dodd%2526chars",
    "AIzaSyA-adv%25252Bkey/with%3Dodd&chars",
    R"(AIzaSyA-adv+key\/with=odd&chars)",
    R"(\u0041\u0049zaSyA\u002dadv+key\/with\u003Dodd\u0026chars)",
    R"(\\u0041IzaSyA-adv+key\/with=odd&chars)",
    R"(\x41IzaSyA-adv+key/with=odd\x26chars)",
    "AIzaSyA-adv+key/with=odd&amp;chars",
    "&#65;IzaSyA-adv&#43;key&#x2F;with=odd&#X26;chars",
    "QUl6YVN5QS1hZHYra2V5L3dpdGg9b2RkJmNoYXJz",
    "eHhBSXphU3lBLWFkditrZXkvd2l0aD1vZGQmY2hhcnN5eQ==",  // with xx before it and yy behind it
    "eEFJemFTeUEtYWR2K2tleS93aXRoPW9kZCZjaGFyc3k",       // with x and y
    "eEFJemFTeUEtYWR2K2tleS93aXRo\nPW9kZCZjaGFyc3k",     // in two lines
    "41497a615379412d6164762b6b65792f776974683d6f6464266368617273",
    "41497A615379412D6164762B6B65792F776974683D6F6464266368617273",
};

TEST(KeyCensor, FindsTheKeyInAnyForm) {
  for (const std::string_view form : kForms) {
    SCOPED_TRACE(form);
    EXPECT_TRUE(repeats_key(form, kKey));
    EXPECT_TRUE(repeats_key("{\"url\": \"http://x/?key=" + std::string(form) + "&a=b\"}", kKey));
  }
}

TEST(KeyCensor, LeavesOtherTextsAlone) {
  for (const std::string_view text :
       {""sv, "AIza"sv, "AIzaSyA-adv+key/with=odd&char"sv, "AIzaSyA-adv key/with=odd&chars"sv,
        "%41%49"sv, "\\\\\\"sv, "\\u"sv, "&#"sv, "&#65"sv, "%"sv, "%25"sv, "%252"sv, "&"sv}) {
    EXPECT_FALSE(repeats_key(text, kKey)) << text;
    EXPECT_FALSE(repeats_key(text, "")) << text;
  }
}

TEST(KeyCensor, AShortKeyCountsOnlyAsItIs) {
  EXPECT_TRUE(repeats_key("the key s3cret", "s3cret"));
  EXPECT_FALSE(repeats_key("the key S3CRET", "s3cret"));
}

// A body cannot make the search take long.
TEST(KeyCensor, IsFastForBodiesMadeToBeSlow) {
  const std::string key = std::string(38, 'a') + 'b';
  const std::string backslashes(std::size_t{512} << 10, '\\');
  for (const std::string& body :
       {std::string(std::size_t{512} << 10, 'a'), backslashes, std::string(1 << 18, '%')}) {
    EXPECT_FALSE(repeats_key(body, key));
  }
}

TEST(KeyCensor, NoAnswerOfPlacesShowsTheKey) {
  for (const std::string_view form : kForms) {
    // Within JSON, a quote needs no escape here, and backslashes are those of JSON.
    const std::string text(form);
    if (text.find('\n') != text.npos || text.find("\\x") != text.npos) continue;
    for (const std::string& body :
         {R"({"status": "OK", "results": [{"name": ")" + text + R"("}]})",
          R"({"status": "REQUEST_DENIED", "error_message": "bad key )" + text + R"("})",
          R"({"status": "REQUEST_DENIED", "error_message": "no", "request": ")" + text + R"("})",
          R"({"status": "ZERO_RESULTS", "results": [], ")" + text + R"(": 1})"}) {
      SCOPED_TRACE(body);
      const PlacesAnswer answer = PlacesReply::from_body(body, kKey).cut(20);
      EXPECT_FALSE(repeats_key(answer.body.str(), kKey)) << answer.body.str();
      EXPECT_FALSE(repeats_key(answer.error, kKey)) << answer.error;
      EXPECT_NE(answer.body.str().find("withheld"), std::string::npos);
      EXPECT_EQ(answer.places, 0);
    }
  }
}

}  // namespace
}  // namespace sim
