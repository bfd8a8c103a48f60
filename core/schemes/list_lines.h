// Lines of schemes that end in a list of entries or of clients' hashes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/line_fields.h"
#include "core/record_entry.h"
#include "core/schemes/propagator.h"

namespace herd {

// Say a line that begins with `head` and lists the items; several lines with this head if one would
// be too long. A line without items is only the head. Precondition: the link is up.
void say_entries(PropagatorHost& host, NeighborId to, std::string_view head,
                 std::span<const RecordEntry> entries, Moment now);
void say_hashes(PropagatorHost& host, NeighborId to, std::string_view head,
                std::span<const std::uint64_t> hashes, Moment now);

// Return the rest of a line as a list; nullopt if an item is wrong. The list may be empty.
std::optional<std::vector<RecordEntry>> read_entries(LineFields& fields);
std::optional<std::vector<std::uint64_t>> read_hashes(LineFields& fields);

}  // namespace herd
