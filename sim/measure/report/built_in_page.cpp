#include "sim/measure/report/built_in_page.h"

#include <cstddef>

extern "C" {
extern const char herdsim_page_script[];
extern const char herdsim_page_script_end[];
extern const char herdsim_page_style[];
extern const char herdsim_page_style_end[];
extern const char herdsim_page_licences[];
extern const char herdsim_page_licences_end[];
}

namespace sim {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

BuiltInPage built_in_page() {
  return {between(herdsim_page_script, herdsim_page_script_end),
          between(herdsim_page_style, herdsim_page_style_end),
          between(herdsim_page_licences, herdsim_page_licences_end)};
}

}  // namespace sim
