// How many batches a front end has under way at the database at once.
//
// Each batch is committed by itself, and a commit has to wait for the disk. Too few under way leave
// the network idle while answers travel; too many wait for the disk one behind the other, where
// together they would have been one batch and one commit. So this is TCP Vegas with batches for
// packets (Brakmo and Peterson, 1995): what a batch takes beyond the least that any took lately is
// time spent waiting behind others, and the window grows or shrinks until about one does so. Like
// TCP it begins with doubling. What was the least is forgotten after ten to twenty seconds, so that
// a path that has become longer is filled again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sim {

class CommitWindow {
 public:
  static constexpr double kLeast = 2, kMost = 64;
  static constexpr double kFirst = 10;  // as TCP does (RFC 6928)

  bool allows(std::size_t in_flight) const { return static_cast<double>(in_flight) + 1 <= size_; }

  // A batch is committed that took so long from when it was sent, while that many, it included,
  // were under way. `now_ns` never goes back.
  void committed(std::uint64_t took_ns, std::size_t in_flight, std::uint64_t now_ns) {
    note(took_ns, now_ns);
    const double least = static_cast<double>(std::min(least_, least_before_));
    const double waiting = size_ * (1 - least / static_cast<double>(std::max(took_ns, least_)));
    if (waiting > kManyWait) {
      doubling_ = false;
      size_ -= 1 / size_;
    } else if (waiting<kFewWait&& static_cast<double>(in_flight) + 1> size_) {
      size_ += doubling_ ? 1 : 1 / size_;
    }
    size_ = std::clamp(size_, kLeast, kMost);
  }

 private:
  static constexpr double kFewWait = 1, kManyWait = 2;
  static constexpr std::uint64_t kPeriod = 10'000'000'000;
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  void note(std::uint64_t took_ns, std::uint64_t now_ns) {
    if (now_ns >= period_ends_) {
      least_before_ = now_ns >= period_ends_ + kPeriod ? kNever : least_;
      least_ = kNever;
      period_ends_ = now_ns + kPeriod;
    }
    least_ = std::min(least_, took_ns);
  }

  double size_ = kFirst;
  bool doubling_ = true;
  // The least that a batch took in this period and in the one before.
  std::uint64_t least_ = kNever, least_before_ = kNever;
  std::uint64_t period_ends_ = 0;
};

}  // namespace sim
