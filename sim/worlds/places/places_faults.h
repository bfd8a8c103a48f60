// The trouble that the embedded provider can be told to make, drawn from a seed. Knows neither
// sockets nor clocks, so that the live and the virtual world share it.
#pragma once

#include <cstdint>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/spec/places_faults.h"

namespace sim {

enum class PlacesFault { kNone, kFail, kCut, kOverQuota };

class PlacesFaultSource {
 public:
  struct Draw {
    PlacesFault fault = PlacesFault::kNone;
    herd::Duration latency{0};
  };

  PlacesFaultSource(const PlacesFaults& faults, std::uint64_t seed);

  // For the requests to come. Rates out of range count as the nearest one in it.
  void set(const PlacesFaults& faults) { faults_ = faults; }

  // Returns the fate of the next request. Every request takes one draw of each kind, whatever the
  // rates: changing one rate leaves the fate of the other requests as it was.
  Draw next();

  std::uint64_t requests() const { return requests_; }

 private:
  PlacesFaults faults_;
  herd::Random fail_;
  herd::Random cut_;
  std::uint64_t requests_ = 0;
};

}  // namespace sim
