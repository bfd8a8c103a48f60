#include "sim/base/text/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace sim {
namespace {

TEST(Pattern, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(Pattern("AT (.*)").problem(), std::nullopt);
  const Pattern wrong("AT (.*");
  EXPECT_EQ(wrong.problem(), "missing ): AT (.*");
  EXPECT_EQ(wrong.end_of_match("AT x"), std::nullopt);
  EXPECT_EQ(wrong.extract("AT x"), std::nullopt);
  EXPECT_TRUE(Pattern("(a)\\1").problem()) << "nothing that could take for ever";
}

TEST(Pattern, FindsWhereTheFirstMatchEnds) {
  EXPECT_EQ(Pattern("b+").end_of_match("aabbab"), 4U);
  EXPECT_EQ(Pattern("b+").end_of_match("aa"), std::nullopt);
  EXPECT_EQ(Pattern("").end_of_match("aa"), 0U);
  EXPECT_EQ(Pattern("a").end_of_match(""), std::nullopt);
}

TEST(Pattern, ExtractsTheFirstGroupOrAll) {
  EXPECT_EQ(Pattern("x=(\\d+) y=(\\d+)").extract("a x=1 y=2"), "1");
  EXPECT_EQ(Pattern("x=\\d+").extract("a x=1 y=2"), "x=1");
  EXPECT_EQ(Pattern("(?:x)(=)?").extract("a x"), "x") << "a group that took no part";
  EXPECT_EQ(Pattern("x()").extract("a x"), "") << "one that did";
  EXPECT_EQ(Pattern("z").extract("a x"), std::nullopt);
}

TEST(Pattern, TakesAnyBytes) {
  EXPECT_EQ(Pattern("AT (.+) z").extract("AT \xff\xfe z"), "\xff\xfe");
  EXPECT_EQ(Pattern("a.b").extract(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(Pattern("a.b").extract("a\nb"), std::nullopt);
  EXPECT_EQ(Pattern("(?s)a.b").extract("a\nb"), "a\nb");
}

}  // namespace
}  // namespace sim
