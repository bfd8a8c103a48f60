// Puts a finished folder in the place of another.
#pragma once

#include <filesystem>

namespace sim {

// Both functions return 0 or an errno, and take two folders on one file system. After an error,
// `folder` is as it was.

// Swaps the two folders in one step, so that a complete `folder` exists at every moment. Returns
// ENOSYS, EINVAL or EOPNOTSUPP if the kernel or the file system (for example NFS) does not support
// it.
int exchange_folders(const std::filesystem::path& fresh, const std::filesystem::path& folder);

// For other file systems: moves `folder` to kPrevious in `fresh`, then moves `fresh` to `folder`.
// Between these steps there is no `folder`; restore_previous() repairs the state after a crash. On
// success the old content is in `folder`/kPrevious.
int replace_folder(const std::filesystem::path& fresh, const std::filesystem::path& folder);

inline constexpr const char* kPrevious = ".previous";

// Moves `fresh`/kPrevious back to `folder` if `folder` does not exist and the former does. Does
// nothing otherwise.
void restore_previous(const std::filesystem::path& fresh, const std::filesystem::path& folder);

}  // namespace sim
