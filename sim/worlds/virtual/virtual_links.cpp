#include "sim/worlds/virtual/virtual_links.h"

#include <optional>
#include <utility>

namespace sim {
namespace {

bool only_takes_its_time(const LinkConditions& conditions) {
  LinkConditions rest = conditions;
  rest.latency = Duration(0);
  return rest.ideal();
}

}  // namespace

VirtualDirection::VirtualDirection(const LinkConditions& conditions, std::uint64_t seed,
                                   const std::string& from, const std::string& to)
    : latency_(conditions.latency) {
  if (only_takes_its_time(conditions)) return;
  model_ = std::make_unique<AlignedLinkModel>(seed, link_stream(from, to), conditions);
}

LinkConditions VirtualDirection::conditions() const {
  if (model_) return model_->conditions();
  LinkConditions only_latency;
  only_latency.latency = latency_;
  return only_latency;
}

void VirtualDirection::set(const LinkConditions& conditions, std::uint64_t seed,
                           const std::string& from, const std::string& to, Pipes& pipes) {
  std::optional<Stretch> stretch;
  if (model_) {
    stretch = model_->set(conditions, pipes.now());
  } else {
    VirtualDirection changed(conditions, seed, from, to);
    latency_ = changed.latency_;
    model_ = std::move(changed.model_);
  }
  if (pipe_ == kNoPipe) return;
  set_path(pipes);
  if (stretch) pipes.move(pipe_, *stretch);
}

Duration VirtualDirection::connect_delay(const LinkConditions& back, herd::Instant now) {
  if (model_) return sim::connect_delay(*model_, back, now);
  return latency_ + back.latency;
}

void VirtualDirection::begin(Pipes& pipes, PipeId pipe) {
  end(pipes);
  pipe_ = pipe;
  if (model_) model_->drop_queue();
  set_path(pipes);
}

void VirtualDirection::set_path(Pipes& pipes) const {
  pipes.set_path(pipe_, model_ ? PipePath(*model_) : PipePath(latency_));
}

void VirtualDirection::end(const Pipes& pipes) {
  if (pipe_ != kNoPipe) bytes_before_ += pipes.bytes_sent(pipe_);
  pipe_ = kNoPipe;
}

VirtualLinks::VirtualLinks(const HerdSpec& spec, std::uint64_t seed, Pipes& pipes)
    : spec_(spec),
      seed_(seed),
      pipes_(pipes),
      faults_(spec.links.size(), LinkFault::kNone),
      assured_(spec.links.size()) {
  directions_.reserve(2 * spec.links.size());
  for (std::uint32_t link = 0; link < spec.links.size(); ++link) {
    const TwoWayConditions& conditions = spec.conditions_of(link);
    const std::string& first = spec.servers[spec.links[link].first].name;
    const std::string& second = spec.servers[spec.links[link].second].name;
    directions_.emplace_back(conditions.forward, seed, first, second);
    directions_.emplace_back(conditions.backward, seed, second, first);
  }
}

void VirtualLinks::set_conditions(std::uint32_t link, const TwoWayConditions& conditions) {
  const std::string& first = spec_.servers[spec_.links[link].first].name;
  const std::string& second = spec_.servers[spec_.links[link].second].name;
  direction(link, true).set(conditions.forward, seed_, first, second, pipes_);
  direction(link, false).set(conditions.backward, seed_, second, first, pipes_);
}

void VirtualLinks::hold(std::uint32_t link) {
  for (const bool forward : {true, false}) {
    if (!holds(fault(link), forward)) continue;
    const PipeId pipe = direction(link, forward).pipe();
    if (pipe != kNoPipe) pipes_.hold(pipe);
  }
}

void VirtualLinks::release(std::uint32_t link) {
  for (const bool forward : {true, false}) {
    const PipeId pipe = direction(link, forward).pipe();
    if (pipe != kNoPipe) pipes_.release(pipe);
  }
}

}  // namespace sim
