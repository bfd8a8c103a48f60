#include "sim/base/io/file_digest.h"

#include <gtest/gtest.h>

#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

TEST(FileDigest, IsThatOfSha256sum) {
  const test::TempFolder temp;
  test::write_file(temp.path() / "abc", "abc");
  EXPECT_EQ(sha256_of_file(temp.path() / "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  test::write_file(temp.path() / "empty", "");
  EXPECT_EQ(sha256_of_file(temp.path() / "empty"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_FALSE(sha256_of_file(temp.path() / "none"));
  EXPECT_FALSE(sha256_of_file(temp.path()));  // a folder
}

}  // namespace
}  // namespace sim
