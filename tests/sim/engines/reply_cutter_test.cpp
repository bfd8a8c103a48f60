#include "sim/engines/foreign/reply_cutter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using After = ReplyCutter::After;

Dialect ending(ReplyEnd end, bool pipelining = false) {
  Dialect dialect;
  dialect.reply_end = std::move(end);
  dialect.pipelining = pipelining;
  return dialect;
}

// A text, and the size of the reply in it: at once, if nothing follows, and at the end of the
// connection; 0: no complete reply.
struct Case {
  const char* name;
  Dialect dialect;
  bool of_query;
  std::string text;
  std::size_t at_once, quiet, end;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Replies : public testing::TestWithParam<Case> {};

std::size_t whole(ReplyCutter& cutter, const Case& c, After what) {
  return cutter.whole(c.of_query, what).value_or(0);
}

TEST_P(Replies, AreCutWhereTheyEnd) {
  const Case& c = GetParam();
  const ReplyRule rule(c.dialect);
  ReplyCutter cutter(rule);
  ASSERT_TRUE(cutter.add(c.text));
  EXPECT_EQ(whole(cutter, c, After::kBytes), c.at_once);
  ReplyCutter quiet(rule);
  ASSERT_TRUE(quiet.add(c.text));
  EXPECT_EQ(whole(quiet, c, After::kQuiet), c.quiet);
  ReplyCutter over(rule);
  ASSERT_TRUE(over.add(c.text));
  EXPECT_EQ(whole(over, c, After::kEnd), c.end);
}

TEST_P(Replies, AreTheSameByteByByte) {
  const Case& c = GetParam();
  if (c.dialect.pipelining || std::holds_alternative<ReplyMatch>(c.dialect.reply_end)) return;
  const ReplyRule rule(c.dialect);
  ReplyCutter cutter(rule);
  std::size_t first = 0;
  for (const char byte : c.text) {
    ASSERT_TRUE(cutter.add(std::string_view(&byte, 1)));
    first = whole(cutter, c, After::kBytes);
    if (first != 0) break;
  }
  EXPECT_EQ(first, c.at_once);
  if (first != 0) return;
  EXPECT_EQ(whole(cutter, c, After::kQuiet), c.quiet);
}

std::vector<Case> cases() {
  const Dialect line = ending(ReplyLine{});
  const Dialect idle = ending(ReplyIdle{10ms});
  const Dialect eof = ending(ReplyEof{});
  const Dialect match = ending(ReplyMatch{"b+"});
  const Dialect pipelined = ending(ReplyMatch{"b+"}, true);
  const std::string at = "AT A kiwi\n";
  return {
      {"Nothing", line, false, "", 0, 0, 0},
      {"HalfALine", line, false, "AT", 0, 0, 0},
      {"Line", line, false, "AT\n", 3, 3, 3},
      {"LineOfMany", line, false, "AT\nx\n", 3, 3, 3},
      {"EmptyLinesBefore", line, false, "\r\n\nAT\n", 6, 6, 6},
      {"EmptyLines", line, false, "\r\n\n", 0, 0, 0},
      {"QueryRefused", line, true, "? x\n", 4, 4, 4},
      {"QueryAtOnly", line, true, at, 0, 0, 0},
      {"QueryAtAndEmptyLine", line, true, at + "\n", 0, 11, 11},
      {"QueryWhole", line, true, at + "{}\n\n", 14, 14, 14},
      {"QueryWithCr", line, true, "AT A\r\n{}\r\n\r\nx", 12, 12, 12},
      {"QueryNoEmptyLine", line, true, at + "{}\n", 0, 13, 13},
      {"QueryNoEnding", line, true, at + "{}", 0, 12, 12},
      {"QueryNextBehind", line, true, at + "{}\nAT\n", 13, 13, 13},
      {"QueryOpenBracket", line, true, at + "{\"a\": [\n\n", 0, 19, 19},
      {"QueryOpenBracketNoEmptyLine", line, true, at + "{\"a\": [\n", 0, 0, 0},
      {"QueryBracketsInText", line, true, at + "{\"}\\\"}\": 1", 0, 0, 0},
      {"QueryEmptyLineInJson", line, true, at + "{\n\n}\n\n", 16, 16, 16},
      {"QueryEmptyLineBeforeJson", line, true, at + "\n{}\n\n", 15, 15, 15},
      {"QueryText", line, true, at + "sorry\nno\n\n", 20, 20, 20},
      {"QueryTextNoEmptyLine", line, true, at + "sorry\n", 0, 0, 0},
      {"QueryJsonOnly", line, true, "{}\n\n", 4, 4, 4},
      {"ATBird", line, true, "ATBIRD x\n", 9, 9, 9},
      {"Idle", idle, false, "AT", 0, 2, 2},
      {"IdleLines", idle, false, "AT\nx\n", 0, 5, 5},
      {"Eof", eof, false, "AT\nx", 0, 0, 4},
      {"Match", match, false, "aabbaa", 6, 6, 6},
      {"MatchPipelined", pipelined, false, "aabbaa", 4, 4, 4},
      {"NoMatch", match, false, "aa", 0, 0, 0},
  };
}

INSTANTIATE_TEST_SUITE_P(Texts, Replies, testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReplyCutter, GoesOnBehindAReply) {
  const ReplyRule rule(ending(ReplyLine{}, true));
  ReplyCutter cutter(rule);
  ASSERT_TRUE(cutter.add("AT A\n{}\n\n? x\nAT B"));
  EXPECT_EQ(cutter.whole(true, After::kBytes), 9U);
  cutter.drop(9);
  EXPECT_EQ(cutter.whole(false, After::kBytes), 4U);
  cutter.drop(4);
  EXPECT_EQ(cutter.text(), "AT B");
  EXPECT_EQ(cutter.whole(false, After::kBytes), std::nullopt);
}

TEST(ReplyCutter, TakesNoMoreThanAReplyMayHave) {
  const ReplyRule rule(ending(ReplyEof{}));
  ReplyCutter cutter(rule);
  EXPECT_TRUE(cutter.add(std::string(ReplyCutter::kMostBytes, 'x')));
  EXPECT_FALSE(cutter.add("x"));
  EXPECT_EQ(cutter.text().size(), ReplyCutter::kMostBytes);
  cutter.clear();
  EXPECT_TRUE(cutter.add("x"));
}

TEST(ReplyCutter, FindsAMatchInALongTextAtLastWhenNothingFollows) {
  const ReplyRule rule(ending(ReplyMatch{"b"}));
  ReplyCutter cutter(rule);
  const std::string many(std::size_t{1} << 20, 'a');
  ASSERT_TRUE(cutter.add(many));
  EXPECT_EQ(cutter.whole(false, After::kBytes), std::nullopt);
  ASSERT_TRUE(cutter.add("b"));
  // The text is not searched again for one more byte.
  EXPECT_EQ(cutter.whole(false, After::kBytes), std::nullopt);
  EXPECT_EQ(cutter.whole(false, After::kQuiet), many.size() + 1);
}

}  // namespace
}  // namespace sim
