// Folders as descriptors: whose they are, and whether a path still leads to them.
#pragma once

#include <filesystem>

#include "sim/base/io/owned_fd.h"

namespace sim {

// Opens a folder. Not open if the path names no folder, or a link; errno then says why.
OwnedFd open_folder(const std::filesystem::path& path);

// Whether the folder belongs to this process's user. Some file systems give all files to one owner;
// there the answer is whether a new file would have the folder's owner.
bool is_own_folder(int folder);

// Whether the path names the folder that is open here.
bool is_same_folder(int folder, const std::filesystem::path& path);

// Returns a path that leads to the open folder whatever its name is meanwhile. It is valid in this
// process, as long as the descriptor is open. Returns `name` if the system has no such paths.
std::filesystem::path path_of_folder(int folder, const std::filesystem::path& name);

// Locks the folder, or file, for this process without waiting. Returns 0 or an errno; EWOULDBLOCK
// if another process has the lock.
int lock_folder(int folder);

// Whether the folder is on NFS.
bool is_on_nfs(int folder);

}  // namespace sim
