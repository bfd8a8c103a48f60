#include "sim/measure/results/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <random>

#include "sim/base/text/numbers.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using namespace std::string_literals;
using herd::Duration;
using test::read_csv;
using test::read_file;
using test::TempFolder;
using testing::HasSubstr;

constexpr std::array<std::string_view, 3> kHeader = {"a", "b", "c"};

TEST(Csv, WritesHeaderRowsAndEveryKindOfField) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  CsvWriter csv(path, kHeader);
  csv.cell("x");
  csv.cell(18446744073709551615u);
  csv.cell(-7);
  csv.end_row();
  csv.cell(1.5);
  csv.cell(Duration(1234567));
  csv.cell(std::optional<Duration>());
  csv.end_row();
  csv.empty();
  csv.cell("");
  csv.cell(std::optional<Duration>(Duration(-1)));
  csv.end_row();
  EXPECT_FALSE(csv.close());
  EXPECT_EQ(read_file(path), "a,b,c\nx,18446744073709551615,-7\n1.5,1234.567,\n,,-0.001\n");
}

TEST(Csv, QuotesWhatNeedsItAndNothingElse) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  CsvWriter csv(path, kHeader);
  csv.cell("a,b");
  csv.cell("say \"hi\"");
  csv.cell("two\nlines\r");
  csv.end_row();
  csv.cell(" spaces kept ");
  csv.cell("'=;\t");
  csv.cell("\"");
  csv.end_row();
  EXPECT_FALSE(csv.close());
  EXPECT_EQ(read_file(path),
            "a,b,c\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\r\"\n spaces kept ,'=;\t,\"\"\"\"\n");
}

TEST(Csv, IsUtf8WhateverTheBytes) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  CsvWriter csv(path, kHeader);
  csv.cell("Zoë-日本");
  csv.cell("bad\xFF,byte");
  csv.cell("nul\0byte"s);
  csv.end_row();
  EXPECT_FALSE(csv.close());
  EXPECT_EQ(read_file(path), "a,b,c\nZoë-日本,\"bad\xEF\xBF\xBD,byte\",nul\0byte\n"s);
}

TEST(Csv, RandomTablesReadBack) {
  std::mt19937 random(42);  // NOLINT: the same tables every time
  constexpr std::string_view kAlphabet[] = {"a", "7", ",", "\"", "\n", "\r", " ", "ü", "→", "-"};
  const TempFolder temp;
  for (int round = 0; round < 50; ++round) {
    const std::size_t columns = 2 + random() % 5;
    test::CsvRows table(1 + random() % 200, std::vector<std::string>(columns));
    for (auto& row : table) {
      for (auto& field : row) {
        for (std::size_t n = random() % 6; n > 0; --n) field += kAlphabet[random() % 10];
      }
    }
    const std::vector<std::string_view> header(table[0].begin(), table[0].end());
    const auto path = temp.path() / "t.csv";
    CsvWriter csv(path, header);
    for (std::size_t i = 1; i < table.size(); ++i) {
      for (const auto& field : table[i]) csv.cell(field);
      csv.end_row();
    }
    ASSERT_FALSE(csv.close());
    ASSERT_EQ(read_csv(read_file(path)), table);
  }
}

TEST(Csv, LongFilesAndFieldsArriveWhole) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  const std::string huge(3'000'000, 'x');
  std::string expected = "a,b,c\n";
  CsvWriter csv(path, kHeader);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    csv.cell(i);
    csv.cell(i == 50'000 ? huge : "y");
    csv.cell(Duration(i));
    csv.end_row();
    expected += std::to_string(i) + ',' + (i == 50'000 ? huge : "y") + ',';
    append_micros(expected, Duration(i));
    expected += '\n';
  }
  EXPECT_FALSE(csv.close());
  EXPECT_TRUE(read_file(path) == expected);
}

TEST(Csv, ReplacesAnEarlierLongerFile) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  test::write_file(path, std::string(1000, 'x'));
  CsvWriter csv(path, kHeader);
  EXPECT_FALSE(csv.close());
  EXPECT_EQ(read_file(path), "a,b,c\n");
}

TEST(CsvFailure, NoSuchFolder) {
  const TempFolder temp;
  const auto path = temp.path() / "missing" / "t.csv";
  CsvWriter csv(path, kHeader);
  csv.cell("a");
  csv.cell("b");
  csv.cell("c");
  csv.end_row();
  const auto error = csv.close();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message(), path.string() + ": cannot be created: No such file or directory");
}

TEST(CsvFailure, AFileWhereAFolderShouldBe) {
  const TempFolder temp;
  test::write_file(temp.path() / "file", "");
  CsvWriter csv(temp.path() / "file" / "t.csv", kHeader);
  const auto error = csv.close();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message(), HasSubstr("Not a directory"));
}

TEST(CsvFailure, DiskFullIsKeptAndToldOnEveryClose) {
  CsvWriter csv("/dev/full", kHeader);
  for (int i = 0; i < 1'000'000; ++i) {
    csv.cell(1);
    csv.cell(2);
    csv.cell(3);
    csv.end_row();
  }
  for (int again = 0; again < 2; ++again) {
    const auto error = csv.close();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message(), "/dev/full: cannot be written: No space left on device");
  }
}

TEST(CsvFailure, DiskFullThatShowsOnlyAtTheEnd) {
  CsvWriter csv("/dev/full", kHeader);  // a header that stays in the buffer until close()
  const auto error = csv.close();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what, HasSubstr("No space left on device"));
}

TEST(CsvFailure, FileSizeLimit) {
  const TempFolder temp;
  const auto path = temp.path() / "t.csv";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    CsvWriter csv(path, kHeader);
    for (int i = 0; i < 1'000'000; ++i) {
      csv.cell(1);
      csv.cell(2);
      csv.cell(3);
      csv.end_row();
    }
    const auto error = csv.close();
    const bool told = error && error->path == path &&
                      error->what == std::string("cannot be written: ") + std::strerror(EFBIG);
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(std::filesystem::file_size(path), 100'000u);
}

}  // namespace
}  // namespace sim
