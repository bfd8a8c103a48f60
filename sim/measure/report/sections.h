// The static parts of a run's page, as HTML: readable without the page's program. Each function
// returns one <section>, and says in it why something is missing.
#pragma once

#include <string>
#include <string_view>

#include "sim/measure/report/run_folder.h"

namespace sim {

std::string verdict_section(RunFolder& folder);
std::string herds_section(RunFolder& folder);
// An empty figure that the page's program fills, for the rows of a timeline, with the list of
// events.
std::string timeline_section(RunFolder& folder);
std::string distributions_section(RunFolder& folder);
std::string topology_section(RunFolder& folder);
std::string update_section(RunFolder& folder);
std::string clients_section(RunFolder& folder);
std::string queries_section(RunFolder& folder);
std::string about_section(RunFolder& folder);

// Returns a section's HTML with this anchor and heading around `inner`. `lead` says in a sentence
// what the section shows.
std::string section(std::string_view anchor, std::string_view heading, std::string_view lead,
                    std::string_view inner);

// Returns the place that the page's program fills with the figure of this name, from `file`;
// `empty_means` says in words what it means if the file has no rows.
std::string figure_place(std::string_view name, RunFolder& folder, const std::string& file,
                         std::string_view empty_means);

// Returns the anchor of the section that explains a metric of summary.csv.
std::string_view anchor_of(std::string_view metric);

}  // namespace sim
