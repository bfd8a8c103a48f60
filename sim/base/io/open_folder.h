// A folder that is open for reading, closed on every path.
#pragma once

#include <dirent.h>

#include <memory>

namespace sim {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
// Null if the folder could not be opened.
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

}  // namespace sim
