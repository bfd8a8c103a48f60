#include "sim/measure/report/rings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

class Rings : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    std::ofstream(folder_.path() / file, std::ios::binary) << text;
  }
  std::string packed() {
    write("run.json", R"({"files": []})");
    auto opened = RunFolder::open(folder_.path());
    EXPECT_TRUE(opened);
    return pack_rings(**opened);
  }

  test::TempFolder folder_;
};

TEST_F(Rings, AreOfLargeHerdsAlone) {
  write("summary.csv", "herd,servers\nsmall,2\n");
  write("servers.csv", "herd,server,accepted\nsmall,A,1\nsmall,B,0\n");
  write("links.csv", "herd,from,to\nsmall,A,B\nsmall,B,A\n");
  EXPECT_EQ(packed(), "{}");
}

TEST_F(Rings, CountServersByTheirDistanceFromThoseThatAcceptedMost) {
  write("summary.csv", "herd,servers\nbig,501\n");
  write("servers.csv", "herd,server,accepted\nbig,A,0\nbig,B,2\nbig,C,7\nbig,D,0\n");
  write("links.csv", "herd,from,to\nbig,A,B\nbig,B,A\nbig,B,C\nbig,C,B\n");
  EXPECT_EQ(packed(), R"({"big":[{"origin":"C","servers":[1,1,1]},{"origin":"B","servers":[1,2]},)"
                      R"({"origin":"A","servers":[1,1,1]},{"origin":"D","servers":[1]}]})");
}

TEST_F(Rings, HaveAtMost40Origins) {
  write("summary.csv", "herd,servers\nbig,501\n");
  std::string servers = "herd,server,accepted\n", links = "herd,from,to\n";
  for (int i = 0; i < 501; ++i) {
    const std::string at = "S" + std::to_string(i), next = "S" + std::to_string((i + 1) % 501);
    servers += "big," + at + (i == 500 ? ",1\n" : ",0\n");
    links += "big," + at + "," + next + "\nbig," + next + "," + at + "\n";
  }
  write("servers.csv", servers);
  write("links.csv", links);
  const std::string text = packed();
  std::size_t origins = 0;
  for (std::size_t at = text.find("origin"); at != std::string::npos;
       at = text.find("origin", at + 1)) {
    ++origins;
  }
  EXPECT_EQ(origins, 40U);
  EXPECT_EQ(text.substr(0, 45), R"({"big":[{"origin":"S500","servers":[1,2,2,2,2)");
  EXPECT_NE(text.find(R"({"origin":"S0",)"), std::string::npos) << "of the others, the first";
}

}  // namespace
}  // namespace sim
