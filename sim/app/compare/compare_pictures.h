// The pictures of a comparison's page, as SVG.
#pragma once

#include <string>
#include <string_view>

#include "sim/app/compare/comparison.h"
#include "sim/app/compare/pooled_curves.h"

namespace sim {

// Returns the changes in percent with their intervals, a row for each figure that is not the same.
// Empty if there is none.
std::string interval_picture(const ComparedHerd& herd);

// Returns two distributions over each other on a logarithmic axis of time. Empty if a curve has no
// values above 0.
std::string curves_picture(std::string_view metric, const PooledCurve& base,
                           const PooledCurve& other, std::string_view base_label,
                           std::string_view other_label);

}  // namespace sim
