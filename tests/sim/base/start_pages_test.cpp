#include "sim/base/process/start_pages.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/base/io/owned_fd.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<MappedRange> unchanged(const std::string& smaps) {
  std::istringstream in(smaps);
  return unchanged_files(in);
}

std::string mapping(const std::string& access, const std::string& path, int anonymous = 0,
                    int swap = 0) {
  return "1000-a000 " + access + " 00002000 fe:00 123456                     " + path +
         "\nSize:                 36 kB\nRss:                   8 kB\nAnonymous:            " +
         std::to_string(anonymous) + " kB\nSwap:                 " + std::to_string(swap) +
         " kB\nVmFlags: rd ex mr mw me sd\n";
}

TEST(StartPages, AreOfFilesThatNobodyHasChanged) {
  EXPECT_THAT(unchanged(mapping("r-xp", "/usr/lib/lib a.so")),
              ElementsAre(MappedRange{0x1000, 0xa000}));
  EXPECT_THAT(unchanged(mapping("r--p", "/a")), ElementsAre(MappedRange{0x1000, 0xa000}));
  EXPECT_THAT(unchanged(mapping("rw-p", "/a")), IsEmpty());
  EXPECT_THAT(unchanged(mapping("r--p", "")), IsEmpty()) << "it has no file";
  EXPECT_THAT(unchanged(mapping("r-xp", "[vdso]")), IsEmpty());
  EXPECT_THAT(unchanged(mapping("r-xp", "/a", 4)), IsEmpty()) << "as with a debugger's breakpoint";
  EXPECT_THAT(unchanged(mapping("r--p", "/a", 0, 40)), IsEmpty()) << "changed and swapped out";
  EXPECT_THAT(
      unchanged(mapping("r--p", "/a", 4) + mapping("r-xp", "/a") + mapping("rw-p", "/a", 4)),
      ElementsAre(MappedRange{0x1000, 0xa000}));
  EXPECT_THAT(unchanged(""), IsEmpty());
  EXPECT_THAT(unchanged("1000-\n-\nRss\n:\nSwap: 4 kB\n"), IsEmpty());
}

// Four pages of a file, which are the digits '1' to '4'.
class MappedFile {
 public:
  MappedFile() {
    const std::string path = testing::TempDir() + "start_pages_" + std::to_string(::getpid());
    std::ofstream file(path);
    for (char digit = '1'; digit <= '4'; ++digit) file << std::string(kPage, digit);
    file.close();
    const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    void* const at = ::mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd.get(), 0);
    ::unlink(path.c_str());
    EXPECT_NE(at, MAP_FAILED);
    at_ = static_cast<char*>(at);
  }
  ~MappedFile() { ::munmap(at_, 4 * kPage); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  char& operator[](int page) { return at_[static_cast<std::size_t>(page) * kPage]; }
  // Must come before release_start_pages().
  void forbid_writing() { ::mprotect(at_, 4 * kPage, PROT_READ); }
  std::string text() {
    std::string out;
    for (int page = 0; page < 4; ++page) out += (*this)[page];
    return out;
  }
  std::size_t resident_kib() const {
    std::ifstream smaps("/proc/self/smaps");
    std::ostringstream begin;
    begin << std::hex << reinterpret_cast<std::uintptr_t>(at_) << '-';
    std::size_t kib = 0;
    bool is_this = false;
    for (std::string line; std::getline(smaps, line);) {
      if (line.starts_with(begin.str())) is_this = true;
      if (is_this && std::sscanf(line.c_str(), "Rss: %zu kB", &kib) == 1) return kib;
    }
    ADD_FAILURE() << "not mapped";
    return 0;
  }

 private:
  static constexpr std::size_t kPage = 4096;
  char* at_ = nullptr;
};

TEST(StartPages, AreReadAgainWhenTheyAreUsed) {
  MappedFile file;
  file.forbid_writing();
  EXPECT_EQ(file.text(), "1234");
  EXPECT_GT(file.resident_kib(), 0U);
  release_start_pages();
  EXPECT_EQ(file.resident_kib(), 0U);
  EXPECT_EQ(file.text(), "1234");
}

TEST(StartPages, ChangedPagesStay) {
  MappedFile file;
  file[1] = 'x';
  file.forbid_writing();
  release_start_pages();
  EXPECT_EQ(file.text(), "1x34");
}

}  // namespace
}  // namespace sim
