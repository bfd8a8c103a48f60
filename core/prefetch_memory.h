// Prefetches memory, in a way that compilers keep.
#pragma once

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

}  // namespace herd
