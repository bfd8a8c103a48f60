#include "core/outbox.h"

#include <algorithm>
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
  plan(from);
  return true;
}

std::vector<std::uint32_t> Outbox::drop(NeighborId neighbor) {
  std::vector<std::uint32_t> dropped;
  Queue& queue = queues_[neighbor.value];
  for (const Waiting& each : queue.waiting) {
    if (!each.is_out) dropped.push_back(each.place);
  }
  waiting_ -= dropped.size();
  queue.waiting.clear();
  plan(neighbor);
  queue = {};
  return dropped;
}

std::optional<Instant> Outbox::deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Outbox::time_reached(Moment now) {
  while (!due_.empty() && due_.begin()->first <= now.run) {
    release(NeighborId{due_.begin()->second}, now);
  }
}

Instant Outbox::due(NeighborId to) const {
  const Queue& queue = queues_[to.value];
  const Instant since = queue.waiting.front().since;
  Instant at = since;
  if (spec_.mode == OutboxSpec::Mode::kDelay) {
    at = since + spec_.wait;
  } else if (queue.last_line) {
    at = *queue.last_line + spec_.wait;
  }
  return spec_.window ? std::max(at, room_at_(to, *spec_.window)) : at;
}

void Outbox::release(NeighborId to, Moment now) {
  while (!queues_[to.value].waiting.empty() && due(to) <= now.run) send_some(to, now);
  plan(to);
}

void Outbox::plan(NeighborId to) {
  Queue& queue = queues_[to.value];
  std::optional<Instant> next;
  if (!queue.waiting.empty()) next = due(to);
  if (next == Instant::max()) next.reset();
  if (next == queue.planned) return;
  if (queue.planned) due_.erase({*queue.planned, to.value});
  if (next) due_.emplace(*next, to.value);
  queue.planned = next;
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
