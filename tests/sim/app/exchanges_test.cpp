// The table of conversations of `herdsim try`: its texts, and how an answer is compared with them.
#include "sim/app/attempt/exchanges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

#include "core/parse.h"

namespace sim {
namespace {

TEST(FilledIn, HasTheClientTheServerAndLongWords) {
  EXPECT_EQ(filled_in("AT {server} {skew} {c} +1+1 5\n", "kiwi", "Ball"),
            "AT Ball {skew} kiwi +1+1 5\n");
  EXPECT_EQ(filled_in("? {x*5}{c}", "kiwi", "Ball"), "? xxxxxkiwi");
  EXPECT_EQ(filled_in("{d} { c}", "kiwi", "Ball"), "{d} { c}");
}

TEST(Fits, TakesAnyDifferenceOfClocksWithSignAndNineDecimals) {
  const std::string wanted = "AT Ball {skew9} kiwi";
  EXPECT_TRUE(fits(wanted, "AT Ball +0.000000001 kiwi"));
  EXPECT_TRUE(fits(wanted, "AT Ball -1234.123456789 kiwi"));
  for (const char* wrong : {"AT Ball 0.000000001 kiwi", "AT Ball +.000000001 kiwi",
                            "AT Ball +1 kiwi", "AT Ball +1.5 kiwi", "AT Ball +1.0000000001 kiwi",
                            "AT Ball  kiwi", "AT Ball +1.", "", "AT Holiday +0.000000001 kiwi",
                            "AT Ball +0.000000001 plum", "AT Ball +0.000000001 kiwi "}) {
    EXPECT_FALSE(fits(wanted, wrong)) << wrong;
  }
}

TEST(Fits, TakesTheDifferenceOfClocksInAnyFormIfTheFormIsNotJudged) {
  const std::string wanted = "AT Ball {skew} kiwi";
  for (const char* right : {"AT Ball +0.000000001 kiwi", "AT Ball 1.5 kiwi", "AT Ball -1 kiwi"}) {
    EXPECT_TRUE(fits(wanted, right)) << right;
  }
  for (const char* wrong : {"AT Ball kiwi", "AT Ball  kiwi", "AT Ball + kiwi", "AT Ball x kiwi"}) {
    EXPECT_FALSE(fits(wanted, wrong)) << wrong;
  }
}

TEST(Fits, ComparesTheRestByteForByte) {
  EXPECT_TRUE(fits("? x\r\n", "? x\r\n"));
  EXPECT_FALSE(fits("? x\r\n", "? x\n"));
  EXPECT_FALSE(fits("", "x"));
  EXPECT_TRUE(fits("AT A {skew} a\nAT A {skew} b\n", "AT A +0.000000001 a\nAT A -0.000000001 b\n"));
}

TEST(Exchanges, HaveAnAnswerForEachLine) {
  for (const Exchange& each : exchanges()) {
    if (each.how != Exchange::How::kLines) continue;
    EXPECT_EQ(std::count(each.sent.begin(), each.sent.end(), '\n'),
              std::count(each.expected.begin(), each.expected.end(), '\n'))
        << each.sent;
    EXPECT_FALSE(each.sentence.empty());
  }
}

// The parser of our own servers is asked whether a line is good: the table must agree.
TEST(Exchanges, SayTheSameOfEachLineAsTheParser) {
  for (const Exchange& each : exchanges()) {
    if (each.how != Exchange::How::kLines) continue;
    std::string sent = filled_in(each.sent, "kiwi", "Ball");
    std::string expected = filled_in(each.expected, "kiwi", "Ball");
    while (!sent.empty()) {
      const std::string line = sent.substr(0, sent.find('\n'));
      const std::string answer = expected.substr(0, expected.find('\n'));
      const bool is_iamat = std::holds_alternative<herd::Iamat>(herd::parse_client_line(line));
      const bool is_bad = std::holds_alternative<herd::ParseError>(herd::parse_client_line(line));
      EXPECT_EQ(is_iamat, answer.starts_with("AT ")) << line;
      if (is_bad) {
        EXPECT_EQ(answer, "? " + line);
      }
      sent.erase(0, line.size() + 1);
      expected.erase(0, answer.size() + 1);
    }
  }
}

}  // namespace
}  // namespace sim
