// What this program was built from.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// The commit of the source, as 40 hexadecimal digits, with "-dirty" behind them if tracked files
// were changed; "unknown" if the source is not the work tree of a git repository.
extern const std::string_view kBuildCommit;
extern const std::string_view kBuildCompiler;  // for example "GCC 12.2.0"
extern const std::string_view kBuildType;      // for example "Release"
// The kind of processor that the program is for, as "x86_64" or "aarch64". Results in virtual time
// may differ between kinds, because they compute with reals.
extern const std::string_view kBuildArchitecture;
extern const bool kHasAssertions;  // which cost speed

// The folder of the installed data files, as a path from the folder of the program.
extern const std::string_view kDataFolder;  // for example "../share/herdsim"

// Returns the version, the commit, the compiler and the build type, one line each.
std::string version_text();

}  // namespace sim
