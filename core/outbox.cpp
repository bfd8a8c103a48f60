#include "core/outbox.h"

#include <utility>

namespace herd {

bool Outbox::put(NeighborId to, std::uint32_t place, Moment now) {
  Queue& queue = queues_[to.value];
  const auto [at, is_new] = queue.numbers.emplace(place, queue.first + queue.waiting.size());
  if (!is_new) return false;
  queue.waiting.push_back({place, false, now.run});
  ++waiting_;
  release(to, now);
  return true;
}

bool Outbox::take_out(NeighborId from, std::uint32_t place) {
  Queue& queue = queues_[from.value];
  const auto found = queue.numbers.find(place);
  if (found == queue.numbers.end()) return false;
  queue.waiting[found->second - queue.first].is_out = true;
  queue.numbers.erase(found);
  --waiting_;
  drop_out(queue);
  return true;
}

std::vector<std::uint32_t> Outbox::drop(NeighborId neighbor) {
  std::vector<std::uint32_t> dropped;
  for (const Waiting& each : queues_[neighbor.value].waiting) {
    if (!each.is_out) dropped.push_back(each.place);
  }
  waiting_ -= dropped.size();
  queues_[neighbor.value] = {};
  return dropped;
}

std::optional<Instant> Outbox::deadline() const {
  std::optional<Instant> next;
  if (waiting_ == 0) return next;
  for (const Queue& queue : queues_) {
    if (queue.waiting.empty()) continue;
    const Instant at = due(queue);
    if (!next || at < *next) next = at;
  }
  return next;
}

void Outbox::time_reached(Moment now) {
  if (waiting_ == 0) return;
  for (std::uint32_t i = 0; i < queues_.size(); ++i) release(NeighborId{i}, now);
}

Instant Outbox::due(const Queue& queue) const {
  const Instant since = queue.waiting.front().since;
  if (spec_.mode == OutboxSpec::Mode::kDelay) return since + spec_.wait;
  return queue.last_line ? *queue.last_line + spec_.wait : since;
}

void Outbox::release(NeighborId to, Moment now) {
  const Queue& queue = queues_[to.value];
  while (!queue.waiting.empty() && due(queue) <= now.run) send_some(to, now);
}

void Outbox::send_some(NeighborId to, Moment now) {
  Queue& queue = queues_[to.value];
  batch_.clear();
  for (const Waiting& each : queue.waiting) {
    if (batch_.size() == spec_.max) break;
    if (!each.is_out) batch_.push_back(each.place);
  }
  for (std::size_t sent = send_(to, batch_, now); sent > 0; --sent) {
    queue.numbers.erase(queue.waiting.front().place);
    queue.waiting.pop_front();
    ++queue.first;
    --waiting_;
    drop_out(queue);
  }
  queue.last_line = now.run;
}

void Outbox::drop_out(Queue& queue) {
  while (!queue.waiting.empty() && queue.waiting.front().is_out) {
    queue.waiting.pop_front();
    ++queue.first;
  }
}

}  // namespace herd
