// report.html: a results folder as one page that a browser opens from the disk, without a network.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"
#include "sim/measure/results/file_error.h"

namespace sim {

inline constexpr const char* kReportFile = "report.html";

// Whether the program has the page's program; else herdsim was built without esbuild.
bool has_report();
// The message for a user who asks for a page then.
inline constexpr const char* kNoReport =
    "no report.html: this herdsim was built without the page; install esbuild and D3's modules "
    "(make install-build), and build it again\n";

// Returns the page of a run or a sweep, from the files of its folder alone. The same files give the
// same page, byte for byte. It has at most 8 MB: the rows of single updates and messages are
// thinned out until it is small enough.
herd::Result<std::string, FileError> format_report(const std::filesystem::path& folder);

// Writes that page as the folder's report.html, and adds it to the list in its run.json.
// Precondition: has_report().
std::optional<FileError> write_report(const std::filesystem::path& folder);

}  // namespace sim
