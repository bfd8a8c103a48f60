#include "core/schemes/given_records.h"

namespace herd {

bool GivenRecords::give(NeighborId neighbor, std::uint32_t place) {
  std::vector<bool>& given = given_[neighbor.value];
  if (place >= given.size()) given.resize(std::size_t{place} + 1);
  const bool is_new = !given[place];
  given[place] = true;
  return is_new;
}

void GivenRecords::renew(std::uint32_t place) {
  for (std::vector<bool>& given : given_) {
    if (place < given.size()) given[place] = false;
  }
}

}  // namespace herd
