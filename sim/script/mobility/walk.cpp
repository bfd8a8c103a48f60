#include "sim/script/mobility/walk.h"

#include <cmath>

namespace sim {

Walk::Walk(herd::GeoPoint start, herd::Duration until)
    : until_(until), knots_{{herd::Duration(0), start}} {}

void Walk::go(herd::GeoPoint to, double speed_mps) {
  if (to == here()) return;
  go_ns(to, herd::distance_m(here(), to) / speed_mps * 1e9);
}

void Walk::go_in(herd::GeoPoint to, herd::Duration time) {
  go_ns(to, static_cast<double>(time.count()));
}

void Walk::go_ns(herd::GeoPoint to, double ns) {
  if (over()) return;
  const double left_ns = static_cast<double>((until_ - time()).count());
  const double exact_ns = ns + owed_ns_;
  if (exact_ns >= left_ns) {
    knots_.push_back({until_, herd::interpolate(here(), to, left_ns / exact_ns)});
    return;
  }
  const auto whole_ns = std::llround(exact_ns);
  owed_ns_ = exact_ns - static_cast<double>(whole_ns);
  knots_.push_back({time() + herd::Duration(whole_ns), to});
}

}  // namespace sim
