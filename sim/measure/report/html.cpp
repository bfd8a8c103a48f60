#include "sim/measure/report/html.h"

namespace sim {

std::string html_row(std::string_view cell, std::initializer_list<std::string> cells) {
  std::string out = "<tr>";
  for (const std::string& each : cells) {
    out.append("<").append(cell).append(">").append(each);
    out.append("</").append(cell).append(">");
  }
  return out + "</tr>\n";
}

}  // namespace sim
