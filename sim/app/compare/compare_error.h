// Why results cannot be compared.
#pragma once

#include <string>

namespace sim {

struct CompareError {
  enum class Kind {
    kUsage,       // the command line is wrong, or the results have nothing to compare
    kUnreadable,  // a folder cannot be read
  };

  Kind kind = Kind::kUsage;
  std::string what;  // a sentence that names the side, the folder or the file
};

}  // namespace sim
