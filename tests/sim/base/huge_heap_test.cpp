#include "sim/base/huge_heap.h"

#include <gtest/gtest.h>
#include <uv.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace sim {
namespace {

constexpr std::size_t kMib = std::size_t{1} << 20;

std::size_t resident() {
  std::size_t bytes = 0;
  uv_resident_set_memory(&bytes);
  return bytes;
}

using Blocks = std::vector<std::unique_ptr<std::byte[]>>;

// Allocates so many blocks of 16 KiB, and writes to each.
Blocks allocate(std::size_t count) {
  Blocks blocks;
  for (std::size_t i = 0; i < count; ++i) {
    blocks.push_back(std::make_unique<std::byte[]>(16 << 10));
    std::fill_n(blocks.back().get(), 16 << 10, static_cast<std::byte>(i));
  }
  return blocks;
}

// Returns whether the memory there has been advised to use huge pages.
bool is_advised(const void* memory) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  std::ifstream maps("/proc/self/smaps");
  bool is_here = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') {
      is_here = begin <= address && address < end;
    } else if (is_here && line.starts_with("VmFlags:")) {
      return line.find(" hg") != line.npos;
    }
  }
  return false;
}

// A sanitizer has a heap of its own, and glibc's is empty then.
bool has_glibc_heap() {
#ifdef __GLIBC__
  return mallinfo2().uordblks > 0;
#else
  return false;
#endif
}

bool has_huge_pages() {
  return std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").is_open();
}

TEST(HugeHeap, TakesNoMemoryThatIsNotUsed) {
  const std::size_t before = resident();
  use_huge_heap(512 * kMib);
  const Blocks blocks = allocate(64);
  EXPECT_LT(resident(), before + 32 * kMib);
}

TEST(HugeHeap, SmallBlocksGetHugePages) {
  if (!has_glibc_heap() || !has_huge_pages()) GTEST_SKIP() << "no huge pages for this heap";
  use_huge_heap(128 * kMib);
  const Blocks blocks = allocate(4096);
  EXPECT_TRUE(is_advised(blocks[4000].get()));
}

TEST(HugeHeap, KeepsWhatWasWritten) {
  const Blocks before = allocate(100);
  use_huge_heap(64 * kMib);
  const Blocks after = allocate(8192);  // more than that
  for (const Blocks* blocks : {&before, &after}) {
    for (std::size_t i = 0; i < blocks->size(); ++i) {
      ASSERT_EQ((*blocks)[i][0], static_cast<std::byte>(i));
    }
  }
}

TEST(HugeHeap, MoreThanTheSystemHasChangesNothing) {
  if (!has_glibc_heap()) GTEST_SKIP() << "a sanitizer's heap ends the program in place of failing";
  use_huge_heap(SIZE_MAX / 4);
  EXPECT_EQ(allocate(3)[2][0], std::byte{2});
}

}  // namespace
}  // namespace sim
