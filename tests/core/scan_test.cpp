// Scanning eight bytes at a time must give the same results as a loop over bytes.
#include "core/scan.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"

namespace herd {
namespace {

template <class Stops>
std::size_t by_bytes(std::string_view text, std::size_t from, Stops stops) {
  while (from < text.size() && !stops(text[from])) ++from;
  return from;
}

bool is_no_digit(char c) { return !is_digit(c); }

// Compares from every position in the text. The buffer ends with the text, so that a sanitizer
// finds any read after it.
void expect_same(const std::string& source) {
  const std::vector<char> exact(source.begin(), source.end());
  const std::string_view text(exact.data(), exact.size());
  for (std::size_t from = 0; from <= text.size(); ++from) {
    ASSERT_EQ(find_space(text, from), by_bytes(text, from, is_space)) << source << " @" << from;
    ASSERT_EQ(find_non_digit(text, from), by_bytes(text, from, is_no_digit))
        << source << " @" << from;
  }
}

// Every byte at every position of a run of bytes that do not stop the scan.
TEST(Scan, EveryByteEverywhere) {
  for (const char filler : {'0', '9', 'a', '\xff'}) {
    for (std::size_t size = 0; size <= 18; ++size) {
      std::string text(size, filler);
      expect_same(text);
      for (std::size_t at = 0; at < size; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
          text[at] = static_cast<char>(byte);
          expect_same(text);
        }
        text[at] = filler;
      }
    }
  }
}

// Neighbouring bytes must not borrow from each other: checks all pairs of values at the edges.
TEST(Scan, EveryPairOfEdges) {
  constexpr std::string_view kEdges =
      "\x01\x08\x09\x0d\x0e\x1f\x20\x21\x2f\x30\x39\x3a\x7f\x80\xff";
  for (const char first : kEdges) {
    for (const char second : kEdges) {
      for (std::size_t at = 0; at < 9; ++at) {
        std::string text(10, '5');
        text[at] = first;
        text[at + 1] = second;
        expect_same(text);
      }
    }
  }
}

TEST(Scan, AnyBytes) {
  Random random(1, "scan");
  for (int i = 0; i < 5'000; ++i) {
    std::string text(random.below(40), '\0');
    for (char& c : text) c = static_cast<char>(random.below(i % 2 == 0 ? 256 : 64));
    expect_same(text);
  }
}

TEST(Digits8, AreToldFromEverythingElse) {
  std::string text = "12345678";
  EXPECT_TRUE(are_digits8(load8(text.data())));
  for (char& place : text) {
    const char digit = place;
    for (int byte = 0; byte < 256; ++byte) {
      place = static_cast<char>(byte);
      EXPECT_EQ(are_digits8(load8(text.data())), is_digit(place)) << byte;
    }
    place = digit;
  }
}

TEST(Digits8, HaveTheirValue) {
  if (!kCanScanDigits8) GTEST_SKIP() << "not on this machine's byte order";
  Random random(1, "digits");
  for (const std::uint64_t value : {0U, 1U, 10U, 9'999'999U, 10'000'000U, 99'999'999U}) {
    const std::string text = std::to_string(100'000'000 + value).substr(1);
    EXPECT_EQ(value_of_digits8(load8(text.data())), value);
  }
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t value = random.below(100'000'000);
    const std::string text = std::to_string(100'000'000 + value).substr(1);
    ASSERT_EQ(value_of_digits8(load8(text.data())), value);
  }
}

}  // namespace
}  // namespace herd
