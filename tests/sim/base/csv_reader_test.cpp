#include "sim/base/text/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;

using Records = std::vector<std::vector<std::string>>;

Records records(std::string_view text, CsvReader::BlankLines blank_lines) {
  Records out;
  CsvReader reader(text, blank_lines);
  std::vector<std::string> fields;
  while (reader.next(fields)) out.push_back(fields);
  EXPECT_EQ(reader.error(), "");
  return out;
}

TEST(CsvReader, SkipsBlankLines) {
  EXPECT_THAT(records("a\n\n\r\nb,\n\n", CsvReader::BlankLines::kSkip),
              ElementsAre(ElementsAre("a"), ElementsAre("b", "")));
}

TEST(CsvReader, TakesBlankLinesForRecords) {
  EXPECT_THAT(records("\na\n\r\nb,\n\n", CsvReader::BlankLines::kRecord),
              ElementsAre(ElementsAre(""), ElementsAre("a"), ElementsAre(""), ElementsAre("b", ""),
                          ElementsAre("")));
}

TEST(CsvReader, CountsBlankLinesEitherWay) {
  for (const auto blank_lines : {CsvReader::BlankLines::kSkip, CsvReader::BlankLines::kRecord}) {
    CsvReader reader("a\n\n\"b", blank_lines);
    std::vector<std::string> fields;
    while (reader.next(fields)) continue;
    EXPECT_EQ(reader.line(), 3U);
    EXPECT_EQ(reader.error(), "a quoted field that is never closed");
  }
}

}  // namespace
}  // namespace sim
