// Why an attempt could not be carried out.
#pragma once

#include <string>

namespace sim {

struct AttemptError {
  enum class Kind { kUsage, kNotCarriedOut, kInterrupted };
  Kind kind = Kind::kNotCarriedOut;
  std::string what;
};

}  // namespace sim
