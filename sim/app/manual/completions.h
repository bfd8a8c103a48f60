// Completion scripts for shells. Each is a whole file, complete in itself: it calls neither herdsim
// nor another script's functions.
#pragma once

#include <string>
#include <string_view>

#include "sim/app/manual/program_words.h"

namespace sim {

std::string bash_completion(const ProgramWords& words);
std::string zsh_completion(const ProgramWords& words);
std::string fish_completion(const ProgramWords& words);

// Returns the words with a space between each two.
std::string spaced(const std::vector<std::string>& words);

// Returns the text in single quotes, for a POSIX shell: a quote inside becomes '\''.
std::string shell_quoted(std::string_view text);

}  // namespace sim
