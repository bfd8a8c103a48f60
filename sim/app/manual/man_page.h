// The manual page of herdsim, for section 1, from the words of the command line.
#pragma once

#include <string>
#include <string_view>

#include "sim/app/manual/program_words.h"

namespace sim {

// Returns the page as roff with the macros of man(7). `version`: of the program, as "1.2.3".
std::string man_page(const ProgramWords& words, std::string_view version);

// Returns text that roff shows as it is: a backslash, a hyphen, and a dot or a quote at the
// beginning of a line have no meaning of their own.
std::string roff_text(std::string_view text);

}  // namespace sim
