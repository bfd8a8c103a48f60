// Known answers from R 4.2.2 and SciPy 1.10.1; each has the call that gave it. R's wilcox.test() is
// exact only without ties, so those with ties come from SciPy's exact permutation test of the
// midranks:
//   signed: r = rankdata(abs(d))  # of the differences that are not 0
//     permutation_test((d,), lambda x: sum(r * (x > 0)), permutation_type="samples",
//                      n_resamples=inf).pvalue
//   sides: r = rankdata(a + b)
//     permutation_test((r[:len(a)], r[len(a):]), lambda x, y: sum(x),
//                      permutation_type="independent", n_resamples=inf).pvalue
#include "sim/measure/statistics/rank_tests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "sim/measure/statistics/midranks.h"
#include "sim/measure/statistics/rank_distribution.h"

namespace sim {
namespace {

using Values = std::vector<double>;

TEST(Midranks, TiesShareTheirMean) {
  EXPECT_EQ(doubled_midranks(Values{30, 10, 20}), (std::vector<std::uint32_t>{6, 2, 4}));
  EXPECT_EQ(doubled_midranks(Values{5, 1, 5, 5}), (std::vector<std::uint32_t>{6, 2, 6, 6}));
  EXPECT_EQ(doubled_midranks(Values{2, 2}), (std::vector<std::uint32_t>{3, 3}));
  EXPECT_TRUE(doubled_midranks({}).empty());
}

TEST(SignedRank, WithoutTiesAsInR) {
  // The depression scale of Hollander and Wolfe, as in ?wilcox.test:
  // wilcox.test(c(1.83,0.50,1.62,2.48,1.68,1.88,1.55,3.06,1.30) -
  //             c(0.878,0.647,0.598,2.05,1.06,1.29,1.06,3.14,1.29))$p.value
  EXPECT_NEAR(signed_rank_p(Values{0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01}),
              0.0390625, 1e-12);
  // wilcox.test(c(0.11,-0.42,0.73,1.24,-0.05,2.51,0.98,1.77,0.31,-0.66,1.12,0.87))$p.value
  EXPECT_NEAR(signed_rank_p(Values{0.11, -0.42, 0.73, 1.24, -0.05, 2.51, 0.98, 1.77, 0.31, -0.66,
                                   1.12, 0.87}),
              0.020996093750000014, 1e-12);
  EXPECT_NEAR(signed_rank_p(Values{1, 2, 3, 4, 5, 6}), 2.0 / 64, 1e-15);
}

TEST(SignedRank, WithTiesAndZerosAsInSciPy) {
  EXPECT_NEAR(signed_rank_p(Values{1, 1, -1, 2, 2, 3, -3, 4}), 0.2421875, 1e-12);
  EXPECT_NEAR(signed_rank_p(Values{0, 0, 1, 2, -1, 3, 3, 5, 5}), 0.046875, 1e-12);
  EXPECT_NEAR(signed_rank_p(Values{1, 1, 1, 1, 1, 1}), 0.03125, 1e-12);
  EXPECT_NEAR(signed_rank_p(Values{0, 0, 1, 1, 1, -1, 2, 2, 2, -2}), 0.2734375, 1e-12);
  EXPECT_EQ(signed_rank_p(Values{0, 0, 0}), 1);
  EXPECT_EQ(signed_rank_p({}), 1);
}

TEST(SignedRank, ManyPairsAreNearlyNormal) {
  // i <- 1:250; wilcox.test(((i*37) %% 251) - 110.5, exact=FALSE, correct=TRUE)$p.value
  Values differences;
  for (int i = 1; i <= 250; ++i) differences.push_back((i * 37) % 251 - 110.5);
  EXPECT_NEAR(signed_rank_p(differences), 0.0020283515232801066, 1e-9);
}

TEST(RankSum, WithoutTiesAsInR) {
  // The permeability of Hollander and Wolfe, as in ?wilcox.test:
  // wilcox.test(c(1.15,0.88,0.90,0.74,1.21),
  //             c(0.80,0.83,1.89,1.04,1.45,1.38,1.91,1.64,0.73,1.46))$p.value
  const Values a = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const Values b = {1.15, 0.88, 0.90, 0.74, 1.21};
  EXPECT_NEAR(rank_sum_p(a, b), 0.2544122544122544, 1e-12);
  EXPECT_NEAR(rank_sum_p(b, a), 0.2544122544122544, 1e-12);
  // wilcox.test(c(5,6,7,8), c(1,2,3,4))$p.value
  EXPECT_NEAR(rank_sum_p(Values{1, 2, 3, 4}, Values{5, 6, 7, 8}), 0.028571428571428571, 1e-12);
}

TEST(RankSum, WithTiesAsInSciPy) {
  EXPECT_NEAR(rank_sum_p(Values{1, 2, 2, 3, 3}, Values{2, 3, 4, 4, 5}), 0.1111111111111111, 1e-12);
  EXPECT_NEAR(rank_sum_p(Values{0, 0, 0, 0, 1}, Values{0, 1, 1, 2}), 0.25396825396825395, 1e-12);
  EXPECT_NEAR(rank_sum_p(Values{1, 1, 1, 1}, Values{2, 2, 2, 2}), 0.02857142857142857, 1e-12);
  EXPECT_NEAR(rank_sum_p(Values{3, 3, 3, 3, 4, 9}, Values{3, 4, 4, 4}), 0.5238095238095238, 1e-12);
  EXPECT_EQ(rank_sum_p(Values{7, 7, 7, 7}, Values{7, 7, 7, 7}), 1);
}

TEST(RankSum, ManyValuesAreNearlyNormal) {
  // wilcox.test(((1:35)*13) %% 37 + 3, ((1:40)*17) %% 41, exact=FALSE, correct=TRUE)$p.value
  Values a, b;
  for (int i = 1; i <= 40; ++i) a.push_back(i * 17 % 41);
  for (int i = 1; i <= 35; ++i) b.push_back(i * 13 % 37 + 3);
  EXPECT_NEAR(rank_sum_p(a, b), 0.7580417330356175, 1e-9);
}

TEST(RankTests, TheLeastPIsThatOfCompleteSeparation) {
  EXPECT_DOUBLE_EQ(least_signed_rank_p(6), 2.0 / 64);
  EXPECT_DOUBLE_EQ(least_rank_sum_p(4, 4), 2.0 / 70);
  EXPECT_DOUBLE_EQ(least_rank_sum_p(3, 10), 2.0 / 286);
  EXPECT_DOUBLE_EQ(least_rank_sum_p(10, 3), 2.0 / 286);
  EXPECT_EQ(least_signed_rank_p(0), 1);
}

// If only chance decides, a p-value of at most 0.05 comes in at most 0.05 of all cases: counted
// over every assignment of signs.
TEST(SignedRank, AlarmsAreAsRareAsPromised) {
  for (const Values& sizes : {Values{1, 2, 3, 4, 5, 6, 7, 8}, Values{1, 1, 2, 2, 2, 5, 5, 9}}) {
    int alarms = 0;
    for (unsigned signs = 0; signs < 256; ++signs) {
      Values differences = sizes;
      for (unsigned i = 0; i < 8; ++i) differences[i] *= (signs >> i & 1U) != 0 ? 1 : -1;
      if (signed_rank_p(differences) <= 0.05) ++alarms;
    }
    EXPECT_LE(alarms, 12);
    EXPECT_GT(alarms, 0);
  }
}

TEST(RankDistribution, SumsToOne) {
  const std::vector<std::uint32_t> ranks = {3, 3, 6, 8, 11, 11};
  for (const RankDistribution& each :
       {signed_rank_distribution(ranks), rank_sum_distribution(ranks, 2)}) {
    EXPECT_NEAR(std::accumulate(each.begin(), each.end(), 0.0), 1, 1e-12);
  }
  EXPECT_NEAR(rank_sum_distribution(ranks, 2)[6], 1.0 / 15, 1e-12);
  EXPECT_NEAR(signed_rank_distribution(ranks)[3], 2.0 / 64, 1e-12);
}

}  // namespace
}  // namespace sim
