// A first-in first-out queue. The first items are stored in the queue object itself. More items use
// one block of memory, which grows and is never freed before the queue. So pushing and popping in a
// steady state allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sim {

// kWithin is the number of items in the queue object itself, a power of two.
template <class T, std::uint32_t kWithin = 2>
class RingQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  // Precondition of front(): the queue is not empty. Of pop_front(): it has so many items.
  const T& front() const { return items()[head_]; }
  void pop_front(std::uint32_t count = 1) {
    head_ = (head_ + count) & last_;
    size_ -= count;
  }
  // Returns the items in order, as the two parts in which they lie in memory. The second is empty
  // unless the first ends where the queue's memory ends.
  std::array<std::span<const T>, 2> parts() const {
    const std::uint32_t to_end = last_ + 1 - head_;
    const std::uint32_t first = size_ < to_end ? size_ : to_end;
    return {std::span(items() + head_, first), std::span(items(), size_ - first)};
  }
  // Returns the item at position `i`; 0 is the front. Precondition: i < size().
  const T& operator[](std::uint32_t i) const { return items()[(head_ + i) & last_]; }
  T& operator[](std::uint32_t i) { return items()[(head_ + i) & last_]; }
  void push_back(const T& item) {
    if (size_ > last_) grow();
    items()[(head_ + size_++) & last_] = item;
  }
  void clear() { head_ = size_ = 0; }

 private:
  static_assert((kWithin & (kWithin - 1)) == 0 && kWithin > 0);

  T* items() { return more_ ? more_.get() : within_; }
  const T* items() const { return more_ ? more_.get() : within_; }

  void grow() {
    const std::uint32_t larger = last_ < 7 ? 8 : 2 * (last_ + 1);
    auto block = std::make_unique<T[]>(larger);
    for (std::uint32_t i = 0; i < size_; ++i) block[i] = (*this)[i];
    more_ = std::move(block);
    last_ = larger - 1;
    head_ = 0;
  }

  T within_[kWithin] = {};
  std::unique_ptr<T[]> more_;
  std::uint32_t head_ = 0, size_ = 0;
  std::uint32_t last_ = kWithin - 1;  // the last index; the number of places is a power of two
};

}  // namespace sim
