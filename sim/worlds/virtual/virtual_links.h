// The links of a herd in virtual time: each link's conditions, its fault, and the pipes that its
// two directions use at the moment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/net/link_model.h"
#include "sim/worlds/virtual/pipes.h"
#include "sim/worlds/world/link_fault.h"

namespace sim {

// The model of a link's direction, in two cache lines in place of up to three.
struct alignas(64) AlignedLinkModel final : LinkModel {
  using LinkModel::LinkModel;
};

// A link's direction from one server to another. A link that has only latency needs no model.
class VirtualDirection {
 public:
  VirtualDirection() = default;
  VirtualDirection(const LinkConditions& conditions, std::uint64_t seed, const std::string& from,
                   const std::string& to);

  LinkConditions conditions() const;
  // Sets the conditions from now on, also on its pipe; `seed`, `from` and `to` are as before.
  void set(const LinkConditions& conditions, std::uint64_t seed, const std::string& from,
           const std::string& to, Pipes& pipes);
  // Returns how long dialling in this direction takes; `back` is the other direction.
  Duration connect_delay(const LinkConditions& back, herd::Instant now);

  // Returns whether all that goes in takes the latency and nothing else.
  bool is_plain() const { return model_ == nullptr; }

  // The pipe that the link uses from now on.
  void begin(Pipes& pipes, PipeId pipe);
  void end(const Pipes& pipes);
  PipeId pipe() const { return pipe_; }
  // Returns the number of bytes on all its pipes so far.
  std::uint64_t bytes_handed(const Pipes& pipes) const {
    return bytes_before_ + (pipe_ == kNoPipe ? 0 : pipes.bytes_sent(pipe_));
  }

 private:
  void set_path(Pipes& pipes) const;

  Duration latency_{0};                      // used without a model
  std::unique_ptr<AlignedLinkModel> model_;  // null: it has only latency
  PipeId pipe_ = kNoPipe;
  std::uint64_t bytes_before_ = 0;  // on the earlier pipes
};

class VirtualLinks {
 public:
  // The spec and the pipes must outlive the links.
  VirtualLinks(const HerdSpec& spec, std::uint64_t seed, Pipes& pipes);

  VirtualDirection& way_out(const Adjacent& there) {
    return directions_[std::size_t{2} * there.link + (there.dials ? 0 : 1)];
  }
  VirtualDirection& way_back(const Adjacent& there) {
    return directions_[std::size_t{2} * there.link + (there.dials ? 1 : 0)];
  }
  // Link l has direction 2l, from its first server to its second, and 2l + 1, the other way.
  const std::vector<VirtualDirection>& directions() const { return directions_; }
  void set_conditions(std::uint32_t link, const TwoWayConditions& conditions);

  LinkFault fault(std::uint32_t link) const { return faults_[link]; }
  void set_fault(std::uint32_t link, LinkFault fault) { faults_[link] = fault; }
  // Whether the link's ALIVE lines are accounted for instead of being played, see
  // assured_links.cpp.
  bool is_assured(std::uint32_t link) const { return assured_[link]; }
  void set_assured(std::uint32_t link, bool assured) { assured_[link] = assured; }
  // Holds everything that the directions carry in which the link's fault lets nothing through.
  void hold(std::uint32_t link);
  // Releases what both directions carry.
  void release(std::uint32_t link);

 private:
  VirtualDirection& direction(std::uint32_t link, bool forward) {
    return directions_[std::size_t{2} * link + (forward ? 0 : 1)];
  }

  const HerdSpec& spec_;
  std::uint64_t seed_;
  Pipes& pipes_;
  std::vector<VirtualDirection> directions_;
  std::vector<LinkFault> faults_;  // by link
  std::vector<bool> assured_;      // by link
};

}  // namespace sim
