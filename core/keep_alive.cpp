#include "core/keep_alive.h"

#include <algorithm>

namespace herd {

LinkWatch::Due LinkWatch::judge(const KeepAlive& rule, Instant now, Duration late) {
  if (late > rule.every / 2) {
    const bool first = missed() == Duration(0);
    missed_ = missed() + late;
    missed_since_ = heard_;
    if (first) missed_ = std::max(missed_, now - heard_ - rule.timeout + rule.every);
  }
  if (now - heard_ - missed() >= rule.timeout) return Due::kSilent;
  return now - said_ >= rule.every ? Due::kAlive : Due::kNothing;
}

Instant LinkWatch::next(const KeepAlive& rule) const {
  return std::min(said_ + rule.every, heard_ + missed() + rule.timeout);
}

}  // namespace herd
