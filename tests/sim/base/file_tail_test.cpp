#include "sim/base/process/file_tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FileTailTest : public testing::Test {
 protected:
  void start() { ASSERT_FALSE(tail_.start()); }
  void write(const std::string& text, std::ios::openmode mode = std::ios::app) {
    std::ofstream(folder_.file("log"), mode) << text;
  }
  void run_until(std::size_t lines) {
    const std::uint64_t end_ns = uv_hrtime() + kDeadlineNs;
    while (lines_.size() < lines) {
      ASSERT_LT(uv_hrtime(), end_ns) << "hangs";
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      uv_sleep(1);
    }
  }
  // Lets the tail notice everything done so far, as of a file that the test makes last.
  void settle() {
    for (int i = 0; i < 20; ++i) {
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      uv_sleep(1);
    }
  }

  ScratchFolder folder_;
  IoLoop loop_;
  std::vector<std::string> lines_;
  FileTail tail_{loop_, folder_.file("log"),
                 [this](std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(FileTailTest, HandsInWhatIsAdded) {
  write("old\n");
  start();
  write("one\ntwo\r\nthr");
  run_until(2);
  write("ee\n");
  run_until(3);
  EXPECT_THAT(lines_, ElementsAre("one", "two", "three"));
}

TEST_F(FileTailTest, TheFileMayBeMadeLater) {
  start();
  std::ofstream(folder_.file("other")) << "not this\n";
  settle();
  EXPECT_THAT(lines_, IsEmpty());
  write("one\n");
  run_until(1);
  EXPECT_THAT(lines_, ElementsAre("one"));
}

TEST_F(FileTailTest, TheFileMayBeBegunAnew) {
  write("old and long enough\n");
  start();
  write("", std::ios::trunc);
  settle();
  write("one\ntw");
  run_until(1);
  write("", std::ios::trunc);
  settle();
  write("new\n");
  run_until(2);
  EXPECT_THAT(lines_, ElementsAre("one", "new"));
}

TEST_F(FileTailTest, TheFileMayBeReplaced) {
  start();
  write("one\n");
  run_until(1);
  std::filesystem::rename(folder_.file("log"), folder_.file("log.1"));
  settle();
  {
    std::ofstream old(folder_.file("log.1"), std::ios::app);
    old << "late\n";
  }
  write("new\n");
  run_until(3);
  EXPECT_THAT(lines_, ElementsAre("one", "late", "new")) << "nothing of the old one is lost";
}

TEST_F(FileTailTest, ManyLinesComeInOrder) {
  start();
  std::vector<std::string> want;
  std::ofstream log(folder_.file("log"));
  for (int i = 0; i < 20'000; ++i) {
    want.push_back("line " + std::to_string(i));
    log << want.back() << "\n";
    if (i % 5000 == 0) uv_run(loop_.uv(), UV_RUN_NOWAIT);
  }
  log.close();
  run_until(want.size());
  EXPECT_EQ(lines_, want);
}

TEST_F(FileTailTest, WithoutItsFolderItCannot) {
  FileTail tail(loop_, folder_.file("nowhere/log"), [](std::string_view) {});
  const auto error = tail.start();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message, HasSubstr("nowhere/log: no such file or directory"));
}

}  // namespace
}  // namespace sim
