// Creates files in places that other users may write to. They could have put a link there, or a
// file of their own, under the name that is about to be written.
#pragma once

#include <string>

#include "sim/base/io/owned_fd.h"

namespace sim {

// Both return an open descriptor for writing, or one that is not open, and set errno then.

// Creates the file for our own use. Replaces a file or a link of that name and never writes through
// it. A device is opened as it is.
OwnedFd create_file(const std::string& path);

// Opens the file that a user named for output, and empties it. It may be a device or a pipe, and a
// link leads where it points. But two things are an error, EPERM: a link that another user made
// (root may make links for all), and another user's file in a folder that others can write to.
OwnedFd open_named_output(const std::string& path);

// Whether a file or a link of this owner was made by this process's user, or by root.
bool is_trusted_owner(unsigned owner);

}  // namespace sim
