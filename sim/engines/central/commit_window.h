// The number of batches that a front end may have in flight to the database at once.
//
// Each batch is committed by itself, and a commit has to wait for the disk. With too few batches in
// flight the network is idle while answers travel. With too many, batches wait for the disk one
// behind the other, although together they could have been one batch and one commit.
//
// The window therefore works as TCP Vegas does (Brakmo and Peterson, 1995), with batches for
// packets. The time that a batch takes beyond the recent minimum is time spent waiting behind
// others. The window grows or shrinks until about one batch waits. Like TCP it begins with
// doubling. A minimum is forgotten after ten to twenty seconds, so that a path that has become
// longer is filled again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sim {

class CommitWindow {
 public:
  static constexpr double kLeast = 2, kMost = 64;
  static constexpr double kFirst = 10;  // as in TCP (RFC 6928)

  bool allows(std::size_t in_flight) const { return static_cast<double>(in_flight) + 1 <= size_; }

  // Call this when a batch is committed. `took_ns` is the time since it was sent; `in_flight` is
  // the number of batches then in flight, including this one. `now_ns` must never decrease.
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
  // The least time that a batch took in this period and in the one before.
  std::uint64_t least_ = kNever, least_before_ = kNever;
  std::uint64_t period_ends_ = 0;
};

}  // namespace sim
