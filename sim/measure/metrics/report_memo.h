// Remembers findings about reports that many servers share in memory, by their address. The size is
// bounded: a full memo takes no more, and callers then work out the finding again each time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/record.h"

namespace sim {

class ReportMemo {
 public:
  struct Known {
    const herd::KeptReport* report = nullptr;
    std::uint32_t subject = 0, place = 0;  // `place`: an index into the subject's history
  };

  // `most` is the number of reports that fit.
  explicit ReportMemo(std::size_t most)
      : most_(most),
        slots_(std::bit_ceil(2 * (most + 1))),
        shift_(64 - std::countr_zero(slots_.size())) {}

  // Returns null if nothing is known about the report.
  const Known* find(const herd::KeptReport* report) const {
    const Known& slot = slots_[slot_of(report)];
    return slot.report == nullptr ? nullptr : &slot;
  }
  void remember(const Known& known) {
    Known& slot = slots_[slot_of(known.report)];
    if (slot.report == nullptr) {
      if (size_ == most_) return;
      ++size_;
    }
    slot = known;
  }

 private:
  // Open addressing; at most half of the slots are in use.
  std::size_t slot_of(const herd::KeptReport* report) const {
    const auto key = static_cast<std::uint64_t>(std::bit_cast<std::uintptr_t>(report));
    auto at = static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> shift_);
    while (slots_[at].report != nullptr && slots_[at].report != report) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::size_t most_, size_ = 0;
  std::vector<Known> slots_;
  int shift_;
};

}  // namespace sim
