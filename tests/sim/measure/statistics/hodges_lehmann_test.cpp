// Known answers from R 4.2.2: the estimate and conf.int of wilcox.test(…, conf.int=TRUE).
#include "sim/measure/statistics/hodges_lehmann.h"

#include <gtest/gtest.h>

#include <vector>

namespace sim {
namespace {

using Sample = std::vector<double>;

void expect_shift(const Shift& shift, double estimate, double low, double high) {
  EXPECT_NEAR(shift.estimate, estimate, 1e-12);
  EXPECT_NEAR(shift.low, low, 1e-12);
  EXPECT_NEAR(shift.high, high, 1e-12);
}

TEST(HodgesLehmann, PairsAsInR) {
  // wilcox.test(c(1.83,0.50,1.62,2.48,1.68,1.88,1.55,3.06,1.30) -
  //             c(0.878,0.647,0.598,2.05,1.06,1.29,1.06,3.14,1.29), conf.int=TRUE)
  expect_shift(paired_shift(Sample{0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01}),
               0.46, 0.01, 0.786);
  // wilcox.test(c(0.11,-0.42,0.73,1.24,-0.05,2.51,0.98,1.77,0.31,-0.66,1.12,0.87), conf.int=TRUE)
  expect_shift(paired_shift(Sample{0.11, -0.42, 0.73, 1.24, -0.05, 2.51, 0.98, 1.77, 0.31, -0.66,
                                   1.12, 0.87}),
               0.675, 0.11, 1.31);
  // wilcox.test(c(1,2,3,4,5,6), conf.int=TRUE)
  expect_shift(paired_shift(Sample{1, 2, 3, 4, 5, 6}), 3.5, 1, 6);
}

TEST(HodgesLehmann, SidesAsInR) {
  // wilcox.test(c(1.15,0.88,0.90,0.74,1.21),
  //             c(0.80,0.83,1.89,1.04,1.45,1.38,1.91,1.64,0.73,1.46), conf.int=TRUE)
  expect_shift(unpaired_shift(Sample{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
                              Sample{1.15, 0.88, 0.90, 0.74, 1.21}),
               -0.305, -0.76, 0.15);
  // wilcox.test(c(240.1,238.7,205.1,242.9,236.3,199.3,244.8,239.5,241.7,235.2),
  //   c(201.3,198.2,205.7,199.9,202.4,197.1,203.8,200.6,204.2,196.5), conf.int=TRUE)
  expect_shift(
      unpaired_shift(Sample{201.3, 198.2, 205.7, 199.9, 202.4, 197.1, 203.8, 200.6, 204.2, 196.5},
                     Sample{240.1, 238.7, 205.1, 242.9, 236.3, 199.3, 244.8, 239.5, 241.7, 235.2}),
      37.6, 31.4, 41.6);
  // wilcox.test(c(5,6,7,8), c(1,2,3,4), conf.int=TRUE)
  expect_shift(unpaired_shift(Sample{1, 2, 3, 4}, Sample{5, 6, 7, 8}), 4, 1, 7);
}

TEST(HodgesLehmann, FewValuesGiveTheWholeRange) {
  expect_shift(paired_shift(Sample{3}), 3, 3, 3);
  expect_shift(paired_shift(Sample{1, 4}), 2.5, 1, 4);
  expect_shift(unpaired_shift(Sample{1}, Sample{3, 5}), 3, 2, 4);
}

TEST(HodgesLehmann, ManyValues) {
  Sample zeros(300, 0.0), a(100, 1.0), b(100, 3.0);
  expect_shift(paired_shift(zeros), 0, 0, 0);
  expect_shift(unpaired_shift(a, b), 2, 2, 2);
}

}  // namespace
}  // namespace sim
