#include "sim/base/process/line_cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> cut(std::string_view text, std::size_t at_once, std::size_t max = 4) {
  LineCutter cutter(max);
  std::vector<std::string> lines;
  const auto take = [&](std::string_view line) { lines.emplace_back(line); };
  for (; !text.empty(); text.remove_prefix(std::min(at_once, text.size()))) {
    cutter.feed(text.substr(0, at_once), take);
  }
  cutter.finish(take);
  return lines;
}

TEST(LineCutter, DoesNotMindHowBytesCome) {
  for (std::size_t at_once = 1; at_once < 40; ++at_once) {
    EXPECT_THAT(cut("a\r\n\nbcde\nfghij\r\nklmn\r\no\rp\nabcdefgh\nrest", at_once),
                ElementsAre("a", "", "bcde", "fghi", "klmn", "o\rp", "abcd", "rest"));
  }
}

TEST(LineCutter, NothingIsNoLine) {
  EXPECT_THAT(cut("", 1), ElementsAre());
  EXPECT_THAT(cut("\n", 1), ElementsAre(""));
}

}  // namespace
}  // namespace sim
