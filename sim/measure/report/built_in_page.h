// The program, the style and the licences of report.html, built into herdsim.
#pragma once

#include <string_view>

namespace sim {

struct BuiltInPage {
  std::string_view script;    // empty if herdsim was built without esbuild
  std::string_view style;     // likewise
  std::string_view licences;  // plain text, of the libraries in the script
};

BuiltInPage built_in_page();

}  // namespace sim
