#include "sim/worlds/places/places_faults.h"

namespace sim {

PlacesFaultSource::PlacesFaultSource(const PlacesFaults& faults, std::uint64_t seed)
    : faults_(faults), fail_(seed, "places/fail"), cut_(seed, "places/cut") {}

PlacesFaultSource::Draw PlacesFaultSource::next() {
  const bool over_quota = faults_.quota && requests_ >= *faults_.quota;
  ++requests_;
  const bool fails = fail_.uniform() < faults_.fail;
  const bool is_cut = cut_.uniform() < faults_.cut;
  PlacesFault fault = PlacesFault::kNone;
  if (fails) {
    fault = PlacesFault::kFail;
  } else if (over_quota) {
    fault = PlacesFault::kOverQuota;
  } else if (is_cut) {
    fault = PlacesFault::kCut;
  }
  return {fault, faults_.latency};
}

}  // namespace sim
