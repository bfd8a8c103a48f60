#include "sim/base/text/markup.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(HtmlText, LeavesNoCharacterThatHtmlReads) {
  EXPECT_EQ(html_text("</script><img onerror='alert(1)'>"),
            "&lt;/script&gt;&lt;img onerror=&#39;alert(1)&#39;&gt;");
  EXPECT_EQ(html_text("a & \"b\""), "a &amp; &quot;b&quot;");
}

TEST(HtmlText, ShowsControlCharactersAndBrokenBytes) {
  EXPECT_EQ(html_text("a\nb"), "a\\x0ab");
  EXPECT_EQ(html_text("\xFF"), "\xEF\xBF\xBD");
}

TEST(XmlText, EscapesWhatEndsTheText) {
  EXPECT_EQ(xml_text("a & <b> \"c\" 'd'"), "a &amp; &lt;b&gt; \"c\" 'd'");
}

TEST(XmlText, ReplacesWhatXmlDoesNotHave) {
  EXPECT_EQ(xml_text("a\nb\x7F"),
            "a\xEF\xBF\xBD"
            "b\x7F");
  EXPECT_EQ(xml_text("\xEF\xBF\xBE.\xEF\xBF\xBF"), "\xEF\xBF\xBD.\xEF\xBF\xBD");
  EXPECT_EQ(xml_text("\xFF"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace sim
