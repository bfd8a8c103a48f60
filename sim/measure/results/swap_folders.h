// Puts a finished folder in another's place.
#pragma once

#include <filesystem>

namespace sim {

// Both return 0 or an errno, and take two folders on one file system. Where they fail, `folder` is
// as it was.

// Swaps the two in one step: at no time is there no `folder`, or half of one. ENOSYS, EINVAL or
// EOPNOTSUPP where the kernel or the file system (NFS among others) cannot.
int exchange_folders(const std::filesystem::path& fresh, const std::filesystem::path& folder);

// For file systems that cannot: `folder` moves to kPrevious in `fresh`, then `fresh` takes its
// place. Between these two steps there is no `folder`; restore_previous() mends what a crash there
// leaves. On success the old content is `folder`/kPrevious.
int replace_folder(const std::filesystem::path& fresh, const std::filesystem::path& folder);

inline constexpr const char* kPrevious = ".previous";

// Puts `folder` back from `fresh`/kPrevious where it is missing and that is there; else nothing.
void restore_previous(const std::filesystem::path& fresh, const std::filesystem::path& folder);

}  // namespace sim
