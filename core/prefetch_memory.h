// Prefetches memory, in a way that compilers keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace herd {

enum class Access { kRead, kWrite };

// Starts to load the cache line at this address, which need not be valid. GCC takes a function that
// does nothing but prefetch for one without any effect, and drops the calls of it; the empty
// assembler statement, which costs nothing, is an effect that it must keep.
template <Access kAccess = Access::kRead>
inline void prefetch_memory(const void* address) {
  __builtin_prefetch(address, kAccess == Access::kWrite ? 1 : 0);
  asm volatile("");
}

// Starts to load all cache lines from `begin` to before `end`.
inline void prefetch_memory(const char* begin, const char* end) {
  constexpr std::size_t kLine = 64;
  const char* line = begin - reinterpret_cast<std::uintptr_t>(begin) % kLine;
  for (; line < end; line += kLine) prefetch_memory(line);
}

// The same for all items of a vector.
template <class Item>
void prefetch_all(const std::vector<Item>& items) {
  const auto* const begin = reinterpret_cast<const char*>(items.data());
  prefetch_memory(begin, begin + items.size() * sizeof(Item));
}

}  // namespace herd
