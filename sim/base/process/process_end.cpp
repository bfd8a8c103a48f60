#include "sim/base/process/process_end.h"

#include <cstring>
#include <system_error>

namespace sim {

std::string ProcessEnd::words() const {
  switch (kind) {
    case Kind::kExited:
      return "exit status " + std::to_string(value);
    case Kind::kKilled: {
      const char* const name = ::sigabbrev_np(value);
      return "killed by " +
             (name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(value));
    }
    case Kind::kNotStarted:
      if (value == 0) return "cannot be started: its keeper ended first";
      return "cannot be started: " + std::generic_category().message(value);
    case Kind::kNoSuchFolder:
      return "cannot be started in its folder: " + std::generic_category().message(value);
  }
  return "";
}

}  // namespace sim
