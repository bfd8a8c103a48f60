// ATS: several records in one line of a link.
//
//     ATS = "ATS" 1*( name skew client location time )
//
// It means the same as that many AT lines, one after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/parse.h"
#include "core/record.h"

namespace herd {

// Returns true if a line's first word is ATS, even if the rest is wrong.
bool is_batch_line(std::string_view line);
// Sets `out` to the AT lines of an ATS line, or to none if anything in it is wrong: then returns
// the error. Reuses the memory of `out`. Precondition: is_batch_line(line).
std::optional<ParseError> parse_batch(std::string_view line, std::vector<std::string>& out);

// Appends a record to an ATS line, which it begins if `line` is empty.
void append_to_batch(std::string& line, const RecordView& record);

}  // namespace herd
