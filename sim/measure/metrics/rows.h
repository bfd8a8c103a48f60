// A table whose rows all have one width and are added one by one. Rows lie in blocks that never
// move, so adding a row copies nothing, whatever the size of the table.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sim {

template <class T>
class Rows {
 public:
  // `fill` is the initial value of all cells. Precondition: width > 0.
  explicit Rows(std::size_t width, T fill = T()) : width_(width), fill_(fill) {
    while ((width_ << (shift_ + 1)) * sizeof(T) <= kBlockBytes) ++shift_;
  }

  // Adds a row. Returns its number; they start at 0.
  std::uint32_t add() {
    const std::size_t in_block = size_ & mask();
    if (in_block == 0) {
      blocks_.push_back(std::make_unique_for_overwrite<T[]>(width_ << shift_));
    }
    std::fill_n(blocks_.back().get() + in_block * width_, width_, fill_);
    return size_++;
  }
  std::uint32_t size() const { return size_; }
  // Precondition: row < size().
  T* operator[](std::uint32_t row) {
    return blocks_[row >> shift_].get() + (row & mask()) * width_;
  }
  const T* operator[](std::uint32_t row) const {
    return blocks_[row >> shift_].get() + (row & mask()) * width_;
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 16;

  std::size_t mask() const { return (std::size_t{1} << shift_) - 1; }

  std::size_t width_;
  T fill_;
  unsigned shift_ = 0;  // log2 of the rows per block: as many as fit in kBlockBytes, at least one
  std::uint32_t size_ = 0;
  std::vector<std::unique_ptr<T[]>> blocks_;
};

}  // namespace sim
