// A comparison as text for a terminal, as Markdown, JSON, CSV, or as a page.
#pragma once

#include <string>

#include "sim/app/compare/comparison.h"
#include "sim/measure/results/text_columns.h"

namespace sim {

// A table of at most 100 columns for each herd; figures that are the same share a line. Gates that
// failed are red if the screen has colours.
std::string comparison_text(const Comparison& comparison, const Screen& screen = {});

// The same as GitHub's Markdown, for a comment on a change.
std::string comparison_markdown(const Comparison& comparison);

// One object; its `format` counts up if a program that reads it would have to change.
std::string comparison_json(const Comparison& comparison);

// One row for each figure; results/README.md has the columns.
std::string comparison_csv(const Comparison& comparison);

// A page that a browser opens from the disk, without a network and without a program in it.
std::string comparison_html(const Comparison& comparison);

}  // namespace sim
