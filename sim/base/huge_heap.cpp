#include "sim/base/huge_heap.h"

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>

#include <cstdlib>
#include <memory>

#include "sim/base/huge_pages.h"
#endif

namespace sim {

#ifdef __GLIBC__
namespace {

constexpr std::size_t kFew = 4 * kHugePage;
// Blocks of this size and more have pages of their own. By default the limit rises to it while such
// blocks are freed; but setting anything here ends that.
constexpr int kOwnPages = 32 << 20;
constexpr int kMostBlocksWithOwnPages = 65'536;  // the default

void advise(void* block, std::size_t bytes) {
  if (std::align(kHugePage, kHugePage, block, bytes) == nullptr) return;
  madvise(block, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
}

}  // namespace
#endif

void use_huge_heap([[maybe_unused]] std::size_t bytes) {
#ifdef __GLIBC__
  if (bytes < kFew) return;
  mallopt(M_MMAP_THRESHOLD, kOwnPages);
  mallopt(M_TRIM_THRESHOLD, -1);  // give nothing back to the system, or the block would go at once
  // One block at the end of the heap, which nobody has written to, becomes free memory there.
  mallopt(M_MMAP_MAX, 0);
  void* const block = std::malloc(bytes);
  mallopt(M_MMAP_MAX, kMostBlocksWithOwnPages);
  if (block != nullptr) advise(block, bytes);
  std::free(block);
#endif
}

}  // namespace sim
