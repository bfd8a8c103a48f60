#include "sim/measure/report/pack_columns.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(PackColumns, WritesTextAsWordsAndTheirPlaces) {
  const CsvColumns table("herd\nring\nstar\nring\n");
  EXPECT_EQ(pack_columns(table, {{"herd", PackAs::kText}}, {0, 1, 2}),
            R"({"rows":3,"of":3,"columns":{"herd":{"words":["ring","star"],"at":[0,1,0]}}})");
}

TEST(PackColumns, WritesWholeNumbersAsSteps) {
  const CsvColumns table("n\n5\n7\n\n4\n");
  EXPECT_EQ(pack_columns(table, {{"n"}}, {0, 1}),
            R"({"rows":2,"of":4,"columns":{"n":{"scale":1,"steps":[5,2]}}})");
}

TEST(PackColumns, KeepsTheThreeDecimalsOfTimesAndTheUnknown) {
  const CsvColumns table("at,n\n1.500,1\n,2\n-0.001,3\n");
  EXPECT_EQ(pack_columns(table, {{"at"}}, {0, 1, 2}),
            R"({"rows":3,"of":3,"columns":{"at":{"scale":1000,"steps":[1500,null,-1501]}}})");
}

TEST(PackColumns, WritesLongerDecimalsAsTheyAre) {
  const CsvColumns table("ratio\n1.3333333333333333\n\n");
  EXPECT_EQ(pack_columns(table, {{"ratio"}}, {0}),
            R"({"rows":1,"of":2,"columns":{"ratio":{"values":[1.3333333333333333]}}})");
}

TEST(PackColumns, LeavesOutColumnsThatTheFileLacks) {
  const CsvColumns table("a\n1\n");
  EXPECT_EQ(pack_columns(table, {{"a"}, {"b"}}, {0}),
            R"({"rows":1,"of":1,"columns":{"a":{"scale":1,"steps":[1]}}})");
}

TEST(PackColumns, QuotesWhatJsonMustQuote) { EXPECT_EQ(json_quoted("a\"b\n"), R"("a\"b\n")"); }

}  // namespace
}  // namespace sim
