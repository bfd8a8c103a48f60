// The links of a herd in virtual time: what each is like, whether it is cut, and what its two
// directions carry at the moment.
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

// From one server to another. A link that only takes its time needs no model.
class LinkDirection {
 public:
  LinkDirection() = default;
  LinkDirection(const LinkConditions& conditions, std::uint64_t seed, const std::string& from,
                const std::string& to);

  const LinkConditions& conditions() const { return conditions_; }
  // For what is sent from here on; `seed`, `from` and `to` as before.
  void set(const LinkConditions& conditions, std::uint64_t seed, const std::string& from,
           const std::string& to);
  // How long a connection takes to be made this way, `back` being the way back.
  Duration connect_delay(const LinkConditions& back, herd::Instant now);

  // The pipe that the link uses from now on.
  void begin(Pipes& pipes, PipeId pipe);
  // The conditions have changed: what is sent on the pipe from now on meets them. Precondition:
  // there is one.
  void carry_on(Pipes& pipes);
  void end(const Pipes& pipes);
  PipeId pipe() const { return pipe_; }
  // On all its pipes so far.
  std::uint64_t bytes_handed(const Pipes& pipes) const {
    return bytes_before_ + (pipe_ == kNoPipe ? 0 : pipes.bytes_sent(pipe_));
  }

 private:
  LinkConditions conditions_;
  std::unique_ptr<LinkModel> model_;
  PipeId pipe_ = kNoPipe;
  std::uint64_t bytes_before_ = 0;  // on the pipes before this one
};

class VirtualLinks {
 public:
  // The spec and the pipes must outlive the links.
  VirtualLinks(const HerdSpec& spec, std::uint64_t seed, Pipes& pipes);

  LinkDirection& way_out(const Adjacent& there) {
    return directions_[std::size_t{2} * there.link + (there.dials ? 0 : 1)];
  }
  LinkDirection& way_back(const Adjacent& there) {
    return directions_[std::size_t{2} * there.link + (there.dials ? 1 : 0)];
  }
  // Of link l: 2l is from its first server to its second, 2l + 1 the other way.
  const std::vector<LinkDirection>& directions() const { return directions_; }
  void set_conditions(std::uint32_t link, const TwoWayConditions& conditions);

  LinkFault fault(std::uint32_t link) const { return faults_[link]; }
  void set_fault(std::uint32_t link, LinkFault fault) { faults_[link] = fault; }
  // Holds on to what both directions carry, or lets it go on.
  void hold(std::uint32_t link);
  void release(std::uint32_t link);

 private:
  LinkDirection& direction(std::uint32_t link, bool forward) {
    return directions_[std::size_t{2} * link + (forward ? 0 : 1)];
  }

  const HerdSpec& spec_;
  std::uint64_t seed_;
  Pipes& pipes_;
  std::vector<LinkDirection> directions_;
  std::vector<LinkFault> faults_;  // by link
};

}  // namespace sim
