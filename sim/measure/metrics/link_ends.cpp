#include "sim/measure/metrics/link_ends.h"

#include <numeric>

namespace sim {

LinkEnds::LinkEnds(const HerdSpec& herd)
    : first_(herd.servers.size() + 1),
      other_(2 * herd.links.size()),
      direction_from_(2 * herd.links.size()),
      receiver_(2 * herd.links.size()) {
  for (const LinkSpec& link : herd.links) {
    ++first_[link.first + 1];
    ++first_[link.second + 1];
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::vector<std::uint32_t> next = first_;
  for (std::uint32_t i = 0; i < herd.links.size(); ++i) {
    const std::uint32_t dialling = next[herd.links[i].first]++;
    const std::uint32_t dialled = next[herd.links[i].second]++;
    other_[dialling] = dialled;
    other_[dialled] = dialling;
    direction_from_[dialling] = 2 * i;
    direction_from_[dialled] = 2 * i + 1;
    receiver_[std::size_t{2} * i] = dialled;
    receiver_[std::size_t{2} * i + 1] = dialling;
  }
}

}  // namespace sim
