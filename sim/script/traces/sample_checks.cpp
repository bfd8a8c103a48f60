#include "sim/script/traces/sample_checks.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "sim/script/spec/limits.h"
#include "sim/script/traces/trace_data.h"

namespace sim {
namespace {

constexpr double kRoundingM = 1;  // a file's positions and times are rounded
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool is_too_fast(const RawSample& from, const RawSample& to) {
  const double took_s = std::chrono::duration<double>(herd::Duration(to.time - from.time)).count();
  return took_s > 0 && herd::distance_m(from.point, to.point) > kMaxSpeedMps * took_s + kRoundingM;
}

// Samples [begin, end), each of which can be reached from the one before it.
struct Stretch {
  std::size_t begin = 0, end = 0;
};

std::vector<Stretch> stretches(std::span<const RawSample> samples) {
  std::vector<Stretch> out;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i == 0 || is_too_fast(samples[i - 1], samples[i])) out.push_back({i, i});
    ++out.back().end;
  }
  return out;
}

}  // namespace

herd::PosixNs first_of_most(std::vector<herd::PosixNs> times) {
  std::sort(times.begin(), times.end());
  std::size_t best = 0, most = 0, end = 0;
  for (std::size_t begin = 0; begin < times.size(); ++begin) {
    while (end < times.size() && times[end] - times[begin] <= kMaxTraceTime.count()) ++end;
    if (end - begin > most) {
      most = end - begin;
      best = begin;
    }
  }
  return times[best];
}

std::vector<bool> in_order(std::span<const RawSample> samples) {
  const auto earlier = [](const RawSample& a, const RawSample& b) { return a.time < b.time; };
  if (std::is_sorted(samples.begin(), samples.end(), earlier)) {
    return std::vector<bool>(samples.size(), true);
  }
  // The longest list by patience sorting, from the last sample to the first: of two lists of one
  // length the one with the earlier samples wins.
  std::vector<std::size_t> heads;  // by length less 1: the first sample of a list with latest time
  std::vector<std::size_t> next(samples.size(), kNone);
  for (std::size_t i = samples.size(); i-- > 0;) {
    const auto place = std::upper_bound(
        heads.begin(), heads.end(), samples[i].time,
        [&](herd::PosixNs time, std::size_t head) { return samples[head].time < time; });
    if (place != heads.begin()) next[i] = *std::prev(place);
    if (place == heads.end()) {
      heads.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<bool> good(samples.size(), false);
  for (std::size_t i = heads.back(); i != kNone; i = next[i]) good[i] = true;
  return good;
}

std::vector<bool> at_possible_speed(std::span<const RawSample> samples) {
  std::vector<bool> good(samples.size(), false);
  const std::vector<Stretch> all = stretches(samples);
  const auto accept = [&](const Stretch& stretch) {
    for (std::size_t i = stretch.begin; i < stretch.end; ++i) good[i] = true;
  };
  const auto longest = std::max_element(
      all.begin(), all.end(),
      [](const Stretch& a, const Stretch& b) { return a.end - a.begin < b.end - b.begin; });
  if (longest == all.end()) return good;
  accept(*longest);
  std::size_t last = longest->end - 1;
  for (auto each = std::next(longest); each != all.end(); ++each) {
    if (is_too_fast(samples[last], samples[each->begin])) continue;
    accept(*each);
    last = each->end - 1;
  }
  std::size_t first = longest->begin;
  for (auto each = longest; each != all.begin();) {
    --each;
    if (is_too_fast(samples[each->end - 1], samples[first])) continue;
    accept(*each);
    first = each->begin;
  }
  return good;
}

std::vector<OddRun> odd_runs(const std::vector<bool>& good) {
  std::vector<OddRun> runs;
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i]) continue;
    if (i == 0 || good[i - 1]) runs.push_back({i, 0});
    ++runs.back().count;
  }
  return runs;
}

}  // namespace sim
