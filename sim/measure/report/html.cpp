#include "sim/measure/report/html.h"

#include "sim/base/text/utf8.h"

namespace sim {

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_row(std::string_view cell, std::initializer_list<std::string> cells) {
  std::string out = "<tr>";
  for (const std::string& each : cells) {
    out.append("<").append(cell).append(">").append(each);
    out.append("</").append(cell).append(">");
  }
  return out + "</tr>\n";
}

}  // namespace sim
