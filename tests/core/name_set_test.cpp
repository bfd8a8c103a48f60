#include "core/name_set.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace herd {
namespace {

TEST(NameSet, ContainsItsNamesAndNoOthers) {
  const NameSet set({"Alford", "Ball", "B", "S-1.eu_west", std::string(64, 'n')});
  for (const std::string& name : {std::string("Alford"), std::string("Ball"), std::string("B"),
                                  std::string("S-1.eu_west"), std::string(64, 'n')}) {
    EXPECT_TRUE(set.contains(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("alford"), std::string("Alfor"), std::string("Alford "),
        std::string("Alfordd"), std::string(63, 'n'), std::string(65, 'n'),
        std::string(63, 'n') + "m", "m" + std::string(63, 'n')}) {
    EXPECT_FALSE(set.contains(name)) << name;
  }
}

TEST(NameSet, MayBeEmpty) {
  EXPECT_FALSE(NameSet({}).contains("Alford"));
  EXPECT_FALSE(NameSet({}).contains(""));
}

TEST(NameSet, OfManyNames) {
  std::vector<std::string> names;
  for (int i = 1; i <= 10'000; ++i) names.push_back("S" + std::to_string(i));
  const NameSet set(names);
  for (const std::string& name : names) ASSERT_TRUE(set.contains(name)) << name;
  for (int i = 10'001; i <= 20'000; ++i) ASSERT_FALSE(set.contains("S" + std::to_string(i)));
}

}  // namespace
}  // namespace herd
