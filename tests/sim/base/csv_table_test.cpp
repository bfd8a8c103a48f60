#include "sim/base/text/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<std::string_view, 2> kColumns = {"name", "lat"};

TEST(CsvTable, FindsItsColumnsInAnyOrderAmongOthers) {
  CsvTable table("lat,note,name\n1,\"a, b\",kiwi\n\n2,,lemon\n", kColumns);
  EXPECT_FALSE(table.is_empty());
  EXPECT_THAT(table.missing(), IsEmpty());
  EXPECT_EQ(table.width(), 3U);
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.size(), 3U);
  EXPECT_EQ(table.line(), 2U);
  EXPECT_EQ(table.field(0), "kiwi");
  EXPECT_EQ(table.field(1), "1");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.line(), 4U);
  EXPECT_EQ(table.field(0), "lemon");
  EXPECT_FALSE(table.next());
  EXPECT_EQ(table.error(), "");
}

TEST(CsvTable, ShowsRecordsOfAnotherWidth) {
  CsvTable table("name,lat\nkiwi\n", kColumns);
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.width(), 2U);
}

TEST(CsvTable, ReadsNoRecordIfTheHeaderLacksAColumn) {
  CsvTable table("lat,nam\n1,kiwi\n", kColumns);
  EXPECT_THAT(table.missing(), ElementsAre("name"));
  EXPECT_EQ(table.line(), 1U);
  EXPECT_FALSE(table.next());
}

TEST(CsvTable, ReadsNoRecordIfTheHeaderNamesAColumnTwice) {
  CsvTable table("lat,name,lat\n1,kiwi,2\n", kColumns);
  EXPECT_THAT(table.repeated(), ElementsAre("lat"));
  EXPECT_THAT(table.missing(), IsEmpty());
  EXPECT_FALSE(table.next());
  CsvTable other("lat,name,note,note\n1,kiwi,,\n", kColumns);
  EXPECT_THAT(other.repeated(), IsEmpty());
  EXPECT_TRUE(other.next());
}

TEST(CsvTable, TellsAnEmptyTextFromABadHeader) {
  CsvTable empty("\n", kColumns);
  EXPECT_TRUE(empty.is_empty());
  EXPECT_FALSE(empty.next());
  CsvTable bad("\"name", kColumns);
  EXPECT_FALSE(bad.is_empty());
  EXPECT_NE(bad.error(), "");
  EXPECT_THAT(bad.missing(), IsEmpty());
  EXPECT_FALSE(bad.next());
}

}  // namespace
}  // namespace sim
