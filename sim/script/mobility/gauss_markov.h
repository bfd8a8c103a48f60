// The Gauss-Markov model: B. Liang, Z. J. Haas, "Predictive Distance-Based Mobility Management for
// PCS Networks", INFOCOM 1999; in the form with a speed and a heading of T. Camp, J. Boleng, V.
// Davies, "A Survey of Mobility Models for Ad Hoc Network Research", WCMC 2(5), 2002.
#pragma once

#include <optional>

#include "core/geodesy.h"
#include "core/random.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Returns the track of one client until `until`. Each step goes along a great circle at one speed.
// From step to step, speed and heading follow
//   x' = memory x + (1 - memory) mean + sqrt(1 - memory^2) deviation w,   w normal.
//
// They begin in the stationary distribution: at the mean plus the deviation times w. The mean
// heading is uniform. The speed is limited to between 0 and twice the mean, which does not change
// the mean. If a step would leave the area, the heading and its mean are mirrored at the edge.
//
// `start` is in the area. If it is nullopt, the start is drawn; every square metre has the same
// probability. The area's height is at least four steps at the mean speed.
Track gauss_markov_track(const GaussMarkovMobility& mobility, std::optional<GeoPoint> start,
                         Duration until, herd::Random& random);

}  // namespace sim
