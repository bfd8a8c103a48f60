#include "sim/app/compare/side_name.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace sim {
namespace {

std::vector<std::string> names(const std::vector<std::string>& given) {
  const auto sides = name_sides(given);
  if (!sides) return {"error: " + sides.error().what};
  std::vector<std::string> out;
  for (const SideName& each : *sides) {
    out.push_back(each.label + "|" + each.folder + "|" + each.herd);
  }
  return out;
}

TEST(SideName, LabelFolderAndHerd) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({"old=a/b:flood", "new=c"}), (Names{"old|a/b|flood", "new|c|"}));
  EXPECT_EQ(names({"results/a/", "results/b"}), (Names{"a|results/a/|", "b|results/b|"}));
  EXPECT_EQ(names({"results/a:x", "results/b:y"}), (Names{"a:x|results/a|x", "b:y|results/b|y"}));
}

TEST(SideName, HerdsOfOneFolderAreCalledAfterTheHerd) {
  EXPECT_EQ(names({"r/f:one", "r/f:two"}),
            (std::vector<std::string>{"one|r/f|one", "two|r/f|two"}));
}

TEST(SideName, LabelsAreUnique) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({"r/f", "s/f"}), (Names{"r/f|r/f|", "s/f|s/f|"}));
  EXPECT_EQ(names({"r/f", "r/f", "r/f"}), (Names{"r/f|r/f|", "r/f (2)|r/f|", "r/f (3)|r/f|"}));
}

TEST(SideName, AFolderThatExistsMayHaveTheSigns) {
  const std::string folder = testing::TempDir() + "side=name:test";
  std::filesystem::create_directories(folder);
  const auto sides = name_sides({folder, "x=" + folder + ":h:i"});
  ASSERT_TRUE(sides.ok());
  EXPECT_EQ((*sides)[0].folder, folder);
  EXPECT_EQ((*sides)[0].herd, "");
  EXPECT_EQ((*sides)[1].label, "x");
  EXPECT_EQ((*sides)[1].folder, folder);
  EXPECT_EQ((*sides)[1].herd, "h:i");
  std::filesystem::remove(folder);
}

TEST(SideName, Nonsense) {
  const auto error = [](const std::vector<std::string>& given) { return names(given).front(); };
  EXPECT_EQ(error({"a"}), "error: needs two results folders at least, or two herds of one");
  EXPECT_EQ(error({"x=a", "x=b"}), "error: the label \"x\" is given twice");
  EXPECT_EQ(error({"=a", "b"}), "error: \"=a\" has an empty label");
  EXPECT_EQ(error({"x=", "b"}), "error: \"x=\" names no folder");
  EXPECT_EQ(error({"a:", "b"}), "error: \"a:\" names no herd behind the colon");
}

}  // namespace
}  // namespace sim
