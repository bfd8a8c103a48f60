#include "sim/measure/report/html.h"

#include <gtest/gtest.h>

#include "sim/measure/report/compress.h"

namespace sim {
namespace {

TEST(HtmlRow, HasACellForEachText) {
  EXPECT_EQ(html_row("td", {"a", "b"}), "<tr><td>a</td><td>b</td></tr>\n");
}

TEST(Base64, IsThatOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(CspHash, IsThatOfTheStandard) {
  // The example of the specification, for alert('Hello, world.');
  EXPECT_EQ(csp_hash("alert('Hello, world.');"),
            "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
}

TEST(Gzip, IsTheSameForTheSameBytes) {
  const std::string text(100'000, 'x');
  const std::string packed = gzip(text);
  EXPECT_EQ(packed, gzip(text));
  EXPECT_LT(packed.size(), 1000U);
  EXPECT_EQ(packed.substr(0, 3), "\x1F\x8B\x08");
  EXPECT_EQ(packed.substr(4, 4), std::string(4, '\0'));  // no time
}

}  // namespace
}  // namespace sim
