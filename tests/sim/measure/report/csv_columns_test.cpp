#include "sim/measure/report/csv_columns.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(CsvColumns, FindsCellsByTheNameOfTheirColumn) {
  const CsvColumns table("herd,update\nring,1\nstar,2\n");
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.at(1, "herd"), "star");
  EXPECT_EQ(table.at(0, "update"), "1");
}

TEST(CsvColumns, HasNoRowsWithoutAny) {
  EXPECT_EQ(CsvColumns("").rows(), 0U);
  EXPECT_EQ(CsvColumns("herd,update\n").rows(), 0U);
}

TEST(CsvColumns, ReadsWhatIsInQuotes) {
  const CsvColumns table("a,b\n\"x, \"\"y\"\"\nz\",\"\"\n");
  EXPECT_EQ(table.at(0, "a"), "x, \"y\"\nz");
  EXPECT_EQ(table.at(0, "b"), "");
}

TEST(CsvColumns, TakesAMissingColumnForUnknown) {
  const CsvColumns table("a\n1\n");
  EXPECT_FALSE(table.find("b"));
  EXPECT_EQ(table.at(0, "b"), "");
}

TEST(CsvColumns, EndsAtARowOfAnotherWidth) {
  const CsvColumns table("a,b\n1,2\n3\n4,5\n");
  EXPECT_EQ(table.rows(), 1U);
}

TEST(CsvColumns, EndsAtARowWithWrongQuotes) {
  const CsvColumns table("a,b\n1,2\n3,\"4\n");
  EXPECT_EQ(table.rows(), 1U);
}

TEST(CsvColumns, TakesABlankLineForARowOfOneEmptyCell) {
  const CsvColumns table("a\n1\n\n3\n");
  ASSERT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.at(1, "a"), "");
  EXPECT_EQ(table.at(2, "a"), "3");
  EXPECT_EQ(CsvColumns("a,b\n1,2\n\n3,4\n").rows(), 1U);
}

TEST(CsvColumns, ReadsALastRowWithoutANewline) {
  const CsvColumns table("a,b\n1,");
  ASSERT_EQ(table.rows(), 1U);
  EXPECT_EQ(table.at(0, "b"), "");
}

}  // namespace
}  // namespace sim
