// A first-in first-out queue whose first few items lie in the queue itself, and more in one block
// of memory that grows and is never given back: pushing and popping in a steady state allocates
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sim {

// kWithin: how many lie in the queue itself, a power of two.
template <class T, std::uint32_t kWithin = 2>
class RingQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  // Precondition of front() and pop_front(): not empty.
  const T& front() const { return items()[head_]; }
  void pop_front() {
    head_ = (head_ + 1) & last_;
    --size_;
  }
  // Precondition: i < size(); 0 is the front.
  const T& operator[](std::uint32_t i) const { return items()[(head_ + i) & last_]; }
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
  std::uint32_t last_ = kWithin - 1;  // the last place; there are a power of two
};

}  // namespace sim
