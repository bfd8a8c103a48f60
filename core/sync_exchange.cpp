#include "core/sync_exchange.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

#include "core/limits.h"
#include "core/mutation.h"

namespace herd {
namespace {

// Returns the first element of a sorted range whose hash is not `hash`.
template <class Iterator, class Hash>
Iterator end_of_group(Iterator first, Iterator end, std::uint64_t hash, Hash hash_of) {
  return std::find_if(first, end, [&](const auto& each) { return hash_of(each) != hash; });
}

}  // namespace

template <class Command>
void SyncExchange::say(const Command& command, Output& out) {
  format_sync(line_, command);
  out.say(line_);
}

template <class Question>
void SyncExchange::ask(const Question& question, Output& out) {
  ++asked_;
  say(question, out);
}

void SyncExchange::begin(Holdings own, Output& out) {
  say(SyncBegin{own.summary.total()}, out);
  waits_for_end_ = true;
}

void SyncExchange::answer(Holdings own, const SyncBegin& begin, Output& out) {
  compare(own, {}, begin.held, out);
  go_on(own, out);
}

bool SyncExchange::take(Holdings own, const SyncSum& sum, Output& out) {
  if (has_too_much_queued(own)) return false;
  for (std::size_t digit = 0; digit < sum.parts.size(); ++digit) {
    compare(own, sum.range.child(digit), sum.parts[digit], out);
  }
  go_on(own, out);
  return true;
}

bool SyncExchange::take(Holdings own, const SyncList& list, Output& out) {
  if (has_too_much_queued(own)) return false;
  std::vector<RecordEntry> entries = list.entries;
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.hash < b.hash; });
  const std::vector<std::uint32_t> places = own.summary.places(list.range);
  const auto their_hash = [](const RecordEntry& entry) { return entry.hash; };
  const auto our_hash = [&](std::uint32_t place) { return own.summary.hash(place); };
  SyncWant want;
  auto their = entries.begin();
  auto our = places.begin();
  while (their != entries.end() || our != places.end()) {
    std::uint64_t hash = their != entries.end() ? their->hash : our_hash(*our);
    if (our != places.end()) hash = std::min(hash, our_hash(*our));
    const auto their_end = end_of_group(their, entries.end(), hash, their_hash);
    const auto our_end = end_of_group(our, places.end(), hash, our_hash);
    if (settle(own, {their, their_end}, {our, our_end})) want.hashes.push_back(hash);
    their = their_end;
    our = our_end;
  }
  if (!want.hashes.empty()) ask(want, out);
  go_on(own, out);
  return true;
}

bool SyncExchange::take(Holdings own, const SyncWant& want, Output& out) {
  if (has_too_much_queued(own)) return false;
  for (const std::uint64_t hash : want.hashes) queue(own, HashPrefix::whole(hash));
  go_on(own, out);
  return true;
}

bool SyncExchange::take(Holdings, SyncMore, Output& out) {
  say(SyncGo{}, out);
  return true;
}

bool SyncExchange::take(Holdings own, SyncGo, Output& out) {
  if (!waits_for_go_) return false;
  waits_for_go_ = false;
  go_on(own, out);
  return true;
}

bool SyncExchange::take(Holdings own, SyncEnd end, Output& out) {
  if (!waits_for_end_) return false;
  waits_for_end_ = false;
  over_ = end.asked == 0;
  go_on(own, out);
  return true;
}

void SyncExchange::taken(Holdings own, std::uint32_t place, Output& out) {
  const HashPrefix range = HashPrefix::whole(own.summary.hash(place));
  // If more than two clients share the hash, settle() has queued all that the other endpoint lacks.
  if (own.summary.sum(range).count != 2) return;
  for (const std::uint32_t each : own.summary.places(range)) {
    if (each != place) unconfirmed_ += out.repair(own.store.at(each).view());
  }
}

void SyncExchange::compare(Holdings own, const HashPrefix& range, const RangeSum& theirs,
                           Output& out) {
  const RangeSum ours = own.summary.sum(range);
  if (ours == theirs) return;
  if (theirs.count == 0) return queue(own, range);
  if (ours.count <= kMostListed) {
    SyncList list{range, {}};
    for (const std::uint32_t place : own.summary.places(range)) {
      list.entries.push_back({own.summary.hash(place), own.store.order_time_at(place),
                              own.summary.fingerprint(place)});
    }
    return ask(list, out);
  }
  if (range.digits == HashPrefix::kMaxDigits) {
    // More clients share this hash than a short list can hold: each endpoint sends all of them.
    queue(own, range);
    return ask(SyncWant{{range.bits}}, out);
  }
  SyncSum sum{range, {}};
  for (std::size_t digit = 0; digit < sum.parts.size(); ++digit) {
    sum.parts[digit] = own.summary.sum(range.child(digit));
  }
  ask(sum, out);
}

bool SyncExchange::settle(Holdings own, std::span<const RecordEntry> theirs,
                          std::span<const std::uint32_t> ours) {
  if (theirs.size() == 1 && ours.size() == 1) {
    if (theirs[0].fingerprint == own.summary.fingerprint(ours[0])) return false;
    // If two reports have the same time, only an endpoint that has both can tell which is newer. So
    // both are sent.
    const PosixNs our_time = own.store.order_time_at(ours[0]);
    if (our_time >= theirs[0].time_ns) queued_.push_back(ours[0]);
    return theirs[0].time_ns >= our_time;
  }
  const auto theirs_have = [&](std::uint32_t place) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const RecordEntry& entry) {
      return entry.fingerprint == own.summary.fingerprint(place);
    });
  };
  const auto ours_have = [&](const RecordEntry& entry) {
    return std::any_of(ours.begin(), ours.end(), [&](std::uint32_t place) {
      return entry.fingerprint == own.summary.fingerprint(place);
    });
  };
  std::copy_if(ours.begin(), ours.end(), std::back_inserter(queued_), std::not_fn(theirs_have));
  return !std::all_of(theirs.begin(), theirs.end(), ours_have);
}

void SyncExchange::queue(Holdings own, const HashPrefix& range) {
  const std::vector<std::uint32_t> places = own.summary.places(range);
  queued_.insert(queued_.end(), places.begin(), places.end());
}

bool SyncExchange::has_too_much_queued(Holdings own) const {
  return queued_.size() > own.store.size();
}

void SyncExchange::go_on(Holdings own, Output& out) {
  while (!queued_.empty() && !waits_for_go_) {
    if (unconfirmed_ >= kSyncWindow) {
      unconfirmed_ = 0;
      waits_for_go_ = true;
      return say(SyncMore{}, out);
    }
    const bool forgotten = is_broken(Mutation::kRepairForgotten) && queued_.size() == 1;
    if (!forgotten) unconfirmed_ += out.repair(own.store.at(queued_.front()).view());
    queued_.pop_front();
  }
  if (!queued_.empty() || waits_for_end_ || over_) return;
  say(SyncEnd{asked_}, out);
  over_ = asked_ == 0;
  waits_for_end_ = !over_;
  asked_ = 0;
}

}  // namespace herd
