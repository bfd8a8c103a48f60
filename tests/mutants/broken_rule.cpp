#include "tests/mutants/broken_rule.h"

#include <atomic>

namespace herd {
namespace {

constexpr int kNone = -1;
std::atomic<int> broken = kNone;

}  // namespace

bool is_broken(Mutation rule) {
  return broken.load(std::memory_order_relaxed) == static_cast<int>(rule);
}

namespace test {

BrokenRule::BrokenRule(Mutation rule) { broken.store(static_cast<int>(rule)); }
BrokenRule::~BrokenRule() { broken.store(kNone); }

}  // namespace test
}  // namespace herd
