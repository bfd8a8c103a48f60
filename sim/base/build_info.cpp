#include "sim/base/build_info.h"

namespace sim {

#ifdef __clang__
const std::string_view kBuildCompiler = __VERSION__;
#else
const std::string_view kBuildCompiler = "GCC " __VERSION__;
#endif
#ifdef NDEBUG
const bool kHasAssertions = false;
#else
const bool kHasAssertions = true;
#endif
const std::string_view kBuildArchitecture = HERDSIM_ARCHITECTURE;
const std::string_view kBuildType = HERDSIM_BUILD_TYPE;
const std::string_view kDataFolder = HERDSIM_DATA_FOLDER;

std::string version_text() {
  std::string out = "herdsim " HERDSIM_VERSION;
  out.append("\ncommit    ").append(kBuildCommit);
  out.append("\ncompiler  ").append(kBuildCompiler);
  out.append("\nbuild     ").append(kBuildType);
  return out;
}

}  // namespace sim
