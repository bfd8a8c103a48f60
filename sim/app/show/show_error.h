// Why a results folder cannot be shown.
#pragma once

#include <string>

namespace sim {

// A sentence that names the folder, the file or the herd.
struct ShowError {
  std::string what;
};

}  // namespace sim
