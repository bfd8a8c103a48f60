#pragma once

#include <jansson.h>

#include <string>
#include <string_view>

namespace sim {

// Returns a figure of a metric in words, as "1.20 ms"; "unknown" if it is no number.
std::string figure_words(std::string_view metric, const json_t* figure);

// Returns what an expectation of run.json wants, as "at least 3 and at most 5".
std::string bound_words(const json_t* expectation);

}  // namespace sim
