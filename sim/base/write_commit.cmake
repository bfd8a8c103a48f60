# Writes the C++ source FILE with the commit of the work tree SOURCE. Leaves the file alone if it
# says the same already, so that nothing is compiled again.
set(commit "unknown")
find_package(Git QUIET)
if(Git_FOUND)
  # The source may lie, unpacked, in the work tree of another project.
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --show-cdup WORKING_DIRECTORY ${SOURCE}
    OUTPUT_VARIABLE up RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0 AND up STREQUAL "")
    execute_process(
      COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=40 --exclude=*
      WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE described RESULT_VARIABLE status
      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(status EQUAL 0 AND described MATCHES "^[0-9a-f]+(-dirty)?$")
      set(commit ${described})
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${FILE} @ONLY CONTENT [[
#include "sim/base/build_info.h"

namespace sim {
const std::string_view kBuildCommit = "@commit@";
}  // namespace sim
]])
