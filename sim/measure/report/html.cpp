#include "sim/measure/report/html.h"

#include <fmt/format.h>

#include "sim/measure/report/compress.h"

namespace sim {

std::string html_head(std::string_view title, std::string_view style, std::string_view script) {
  const std::string allowed = script.empty() ? "" : "script-src " + csp_hash(script) + "; ";
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; {}style-src {}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n",
      allowed, csp_hash(style), title, style);
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
