#include "core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace herd {
namespace {

// The reference algorithms (public domain, Vigna), written again from their papers.
struct SplitMix64 {
  std::uint64_t x;
  std::uint64_t next() {
    x += 0x9e3779b97f4a7c15;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
};

struct Xoshiro256StarStar {
  std::array<std::uint64_t, 4> s;
  static std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t next() {
    const std::uint64_t result = rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
  }
};

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211U;
  }
  return hash;
}

Xoshiro256StarStar reference(std::uint64_t seed, std::string_view stream) {
  SplitMix64 mix{seed};
  SplitMix64 words{mix.next() ^ fnv1a(stream)};
  return {{words.next(), words.next(), words.next(), words.next()}};
}

// Checks the references themselves against published values.
TEST(Reference, KnownAnswers) {
  SplitMix64 mix{1234567};
  for (const std::uint64_t want :
       {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U}) {
    EXPECT_EQ(mix.next(), want);
  }
  Xoshiro256StarStar xoshiro{{1, 2, 3, 4}};
  for (const std::uint64_t want :
       {std::uint64_t{11520}, std::uint64_t{0}, std::uint64_t{1509978240},
        std::uint64_t{1215971899390074240}, std::uint64_t{1216172134540287360},
        std::uint64_t{607988272756665600}, std::uint64_t{16172922978634559625U}}) {
    EXPECT_EQ(xoshiro.next(), want);
  }
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8c);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8);
}

TEST(Random, IsTheReference) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{42},
                                   std::numeric_limits<std::uint64_t>::max()}) {
    for (const std::string_view stream : {"", "client/phone-7/updates", "caf\xc3\xa9"}) {
      SCOPED_TRACE(stream);
      Random random(seed, stream);
      Xoshiro256StarStar want = reference(seed, stream);
      for (int i = 0; i < 1000; ++i) ASSERT_EQ(random.next(), want.next()) << "draw " << i;
    }
  }
}

TEST(Random, SameSeedAndStreamSameDraws) {
  Random first(7, "link/A-B"), second(7, "link/A-B");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next(), second.next());
}

TEST(Random, StreamsAreTheirOwn) {
  // Draws from one stream do not change the draws of the other.
  Random alone(7, "b");
  Random a(7, "a"), b(7, "b");
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < i; ++j) a.next();
    EXPECT_EQ(b.next(), alone.next());
  }
}

TEST(Random, StreamsAndSeedsDiffer) {
  std::set<std::uint64_t> seen;
  std::size_t draws = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    for (const std::string_view stream : {"", "a", "b", "ab", "ba", "client/1", "client/2"}) {
      Random random(seed, stream);
      for (int i = 0; i < 100; ++i, ++draws) seen.insert(random.next());
    }
  }
  EXPECT_EQ(seen.size(), draws);
}

// Two streams of one seed have as many equal bits as unequal ones.
TEST(Random, StreamsAreNotCorrelated) {
  Random a(1, "client/phone-1"), b(1, "client/phone-2");
  constexpr int kDraws = 10'000;
  int equal = 0;
  for (int i = 0; i < kDraws; ++i) {
    for (std::uint64_t same = ~(a.next() ^ b.next()); same != 0; same &= same - 1) ++equal;
  }
  const double sigma = std::sqrt(64.0 * kDraws) / 2;
  EXPECT_NEAR(equal, 32.0 * kDraws, 5 * sigma);
}

// Returns the chi-square statistic of the counts for equal shares.
double chi_square(const std::vector<int>& counts) {
  double total = 0;
  for (const int count : counts) total += count;
  const double share = total / static_cast<double>(counts.size());
  double out = 0;
  for (const int count : counts) out += (count - share) * (count - share) / share;
  return out;
}

TEST(Below, IsUniform) {
  for (const std::uint64_t bound : {2U, 3U, 7U, 10U, 64U, 100U}) {
    Random random(1, "below");
    std::vector<int> counts(bound);
    for (int i = 0; i < 100'000; ++i) {
      const std::uint64_t value = random.below(bound);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    // Chi-square has mean k and standard deviation sqrt(2k).
    const double k = static_cast<double>(bound - 1);
    EXPECT_LT(chi_square(counts), k + 5 * std::sqrt(2 * k)) << bound;
  }
}

// A plain remainder would draw the lowest third twice as often.
TEST(Below, IsUniformWhereARemainderIsNot) {
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  Random random(1, "below/great");
  std::vector<int> counts(3);
  for (int i = 0; i < 30'000; ++i) ++counts[random.below(3 * kThird) / kThird];
  EXPECT_LT(chi_square(counts), 2 + 5 * std::sqrt(4.0));
}

TEST(Below, Ends) {
  Random random(1, "ends");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0U);
  // All values except one are below the greatest bound; that one is drawn again.
  Random a(1, "same"), b(1, "same");
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(a.below(std::numeric_limits<std::uint64_t>::max()), b.next());
  }
}

TEST(Uniform, IsInRangeAndUniform) {
  Random random(1, "uniform");
  std::vector<int> counts(20);
  for (int i = 0; i < 100'000; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    ++counts[static_cast<std::size_t>(value * 20)];
  }
  EXPECT_LT(chi_square(counts), 19 + 5 * std::sqrt(38.0));
}

TEST(Uniform, IsTheUpper53Bits) {
  Random random(1, "bits");
  Xoshiro256StarStar want = reference(1, "bits");
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(random.uniform(), std::ldexp(static_cast<double>(want.next() >> 11), -53));
  }
}

TEST(Exponential, HasItsMeanAndItsShape) {
  constexpr Duration kMean = std::chrono::milliseconds(100);
  constexpr int kDraws = 100'000;
  Random random(1, "exponential");
  double sum = 0;
  int above_mean = 0, above_twice = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Duration draw = random.exponential(kMean);
    ASSERT_GE(draw.count(), 1);
    sum += static_cast<double>(draw.count());
    above_mean += draw > kMean;
    above_twice += draw > 2 * kMean;
  }
  const double mean = static_cast<double>(kMean.count());
  EXPECT_NEAR(sum / kDraws, mean, 5 * mean / std::sqrt(kDraws));
  for (const auto& [count, share] :
       {std::pair{above_mean, std::exp(-1.0)}, std::pair{above_twice, std::exp(-2.0)}}) {
    EXPECT_NEAR(count, share * kDraws, 5 * std::sqrt(kDraws * share * (1 - share)));
  }
}

TEST(Exponential, IsNeverZero) {
  Random random(1, "short");
  for (int i = 0; i < 1000; ++i) EXPECT_GE(random.exponential(Duration(1)).count(), 1);
  EXPECT_EQ(random.exponential(Duration(0)).count(), 1);
}

// The share of draws below a point.
struct Share {
  double below, share;
};

TEST(Normal, HasItsMomentsAndItsShape) {
  constexpr int kDraws = 200'000;
  Random random(1, "normal");
  double sum = 0, squares = 0, cubes = 0, fourths = 0;
  // The distribution function at whole standard deviations, from tables.
  const Share kShares[] = {{-3, 0.00134990}, {-2, 0.02275013}, {-1, 0.15865525}, {0, 0.5},
                           {1, 0.84134475},  {2, 0.97724987},  {3, 0.99865010}};
  std::array<int, std::size(kShares)> below{};
  for (int i = 0; i < kDraws; ++i) {
    const double draw = random.normal();
    sum += draw;
    squares += draw * draw;
    cubes += draw * draw * draw;
    fourths += draw * draw * draw * draw;
    for (std::size_t s = 0; s < below.size(); ++s) below[s] += draw < kShares[s].below;
  }
  // The standard deviations of the powers are 1, sqrt(2), sqrt(15) and sqrt(96).
  const double chance = 5 / std::sqrt(kDraws);
  EXPECT_NEAR(sum / kDraws, 0, chance);
  EXPECT_NEAR(squares / kDraws, 1, chance * std::sqrt(2.0));
  EXPECT_NEAR(cubes / kDraws, 0, chance * std::sqrt(15.0));
  EXPECT_NEAR(fourths / kDraws, 3, chance * std::sqrt(96.0));
  for (std::size_t s = 0; s < below.size(); ++s) {
    const double share = kShares[s].share;
    EXPECT_NEAR(below[s], share * kDraws, 5 * std::sqrt(kDraws * share * (1 - share))) << s;
  }
}

TEST(Normal, OneDrawDoesNotDependOnTheLast) {
  constexpr int kDraws = 100'000;
  Random random(1, "normal/pairs");
  double last = random.normal(), products = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double draw = random.normal();
    products += last * draw;
    last = draw;
  }
  EXPECT_NEAR(products / kDraws, 0, 5 / std::sqrt(kDraws));
}

TEST(BoundedPareto, FollowsItsDistribution) {
  constexpr int kDraws = 100'000;
  struct Row {
    double min, max, exponent;
  };
  for (const auto& [min, max, exponent] :
       {Row{10, 2000, 1.6}, Row{1, 300, 0.8}, Row{1, 1e6, 0.5}, Row{5, 6, 3}}) {
    SCOPED_TRACE(exponent);
    Random random(1, "pareto");
    // F(x) = (1 - (min/x)^a) / (1 - (min/max)^a), at some points between min and max.
    std::vector<double> points, shares;
    for (const double part : {0.01, 0.1, 0.3, 0.7}) {
      points.push_back(min + part * (max - min));
      shares.push_back((1 - std::pow(min / points.back(), exponent)) /
                       (1 - std::pow(min / max, exponent)));
    }
    std::vector<int> below(points.size());
    for (int i = 0; i < kDraws; ++i) {
      const double draw = random.bounded_pareto(min, max, exponent);
      ASSERT_GE(draw, min);
      ASSERT_LE(draw, max);
      for (std::size_t p = 0; p < points.size(); ++p) below[p] += draw < points[p];
    }
    for (std::size_t p = 0; p < points.size(); ++p) {
      EXPECT_NEAR(below[p], shares[p] * kDraws,
                  5 * std::sqrt(kDraws * shares[p] * (1 - shares[p])));
    }
  }
}

TEST(BoundedPareto, OfNoWidthIsItsBound) {
  Random random(1, "pareto/one");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.bounded_pareto(7, 7, 1.6), 7);
}

}  // namespace
}  // namespace herd
