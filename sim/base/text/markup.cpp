#include "sim/base/text/markup.h"

#include <algorithm>
#include <iterator>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

// Returns what stands for a character of markup; empty if the character is none.
std::string_view reference(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return {};
  }
}

// The same in an attribute in quotes.
std::string_view reference_in_attribute(char c) {
  switch (c) {
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return reference(c);
  }
}

void append(std::string& out, std::string_view reference, char c) {
  if (reference.empty()) {
    out += c;
  } else {
    out += reference;
  }
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) append(out, reference_in_attribute(c), c);
  return out;
}

std::string xml_text(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  constexpr std::string_view kNotInXml[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};
  const std::string utf8 = to_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const std::string_view character = std::string_view(utf8).substr(i, 3);
    if (std::find(std::begin(kNotInXml), std::end(kNotInXml), character) != std::end(kNotInXml)) {
      out += kReplacement;
      i += 2;
    } else if (static_cast<unsigned char>(utf8[i]) < 0x20) {
      out += kReplacement;
    } else {
      append(out, reference(utf8[i]), utf8[i]);
    }
  }
  return out;
}

}  // namespace sim
