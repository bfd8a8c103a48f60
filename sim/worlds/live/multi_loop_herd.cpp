#include "sim/worlds/live/multi_loop_herd.h"

#include <algorithm>
#include <utility>

namespace sim {

class MultiLoopHerd::Standstill {
 public:
  explicit Standstill(const MultiLoopHerd& herd) : herd_(herd) { herd_.stand_still(); }
  ~Standstill() { herd_.go_on(); }
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;

 private:
  const MultiLoopHerd& herd_;
};

MultiLoopHerd::MultiLoopHerd(IoLoop& loop, const RunClock& clock,
                             const std::vector<herd::Observer*>& observers, LiveHerd::Setup setup)
    : setup_(std::move(setup)), part_of_loop_(setup_.spec->loops), inbox_(loop) {
  for (std::uint32_t i = 0; i < setup_.spec->loops; ++i) {
    LiveHerd::Setup of_part = setup_of_part(i);
    if (of_part.hosted.empty()) continue;  // which would mean all
    auto part = std::make_unique<Part>();
    part->herd =
        std::make_unique<LiveHerd>(part->thread.loop(), clock, *observers[i], std::move(of_part));
    part_of_loop_[i] = part.get();
    parts_.push_back(std::move(part));
  }
}

MultiLoopHerd::~MultiLoopHerd() { stop_threads(); }

LiveHerd::Setup MultiLoopHerd::setup_of_part(std::uint32_t loop) {
  LiveHerd::Setup part = setup_;
  part.hosted.clear();
  const auto& servers = setup_.spec->servers;
  for (std::uint32_t s = loop; s < servers.size(); s += setup_.spec->loops) {
    const std::string& name = servers[s].name;
    if (setup_.hosted.empty() || setup_.hosted.contains(name)) part.hosted.insert(name);
  }
  part.on_link_proven = [this] { link_proven(); };
  // Later, when nothing stands still any more: the herd may be stopped for it.
  part.on_failure = [this](const Error& error) {
    inbox_.post([this, error] { setup_.on_failure(error); });
  };
  return part;
}

// On a part's thread. A herd may have thousands of links: one word to the run's loop is enough for
// all that were proven before it hears it.
void MultiLoopHerd::link_proven() {
  if (telling_.exchange(true)) return;
  inbox_.post([this] {
    telling_ = false;
    setup_.on_link_proven();
  });
}

std::optional<Error> MultiLoopHerd::listen(const ServerLogs& logs) {
  for (const auto& part : parts_) {
    if (auto error = part->herd->listen(logs)) return error;
  }
  for (std::uint32_t s = 0; s < spec().servers.size(); ++s) {
    const LiveHerd* const host = host_of(s);
    if (host == nullptr) continue;
    for (const auto& part : parts_) part->herd->set_port(s, host->port(s));
  }
  return std::nullopt;
}

void MultiLoopHerd::start() {
  for (const auto& part : parts_) part->herd->start();
  for (const auto& part : parts_) part->thread.start();
}

bool MultiLoopHerd::ready() const {
  const Standstill standstill(*this);
  return all_links_up();
}

std::string MultiLoopHerd::missing() const {
  const Standstill standstill(*this);
  return links_missing_message();
}

const LiveHerd* MultiLoopHerd::host_of(std::uint32_t server) const {
  const Part* const part = part_of_loop_[server % part_of_loop_.size()];
  return part != nullptr && part->herd->server(server) != nullptr ? part->herd.get() : nullptr;
}

const LiveServer* MultiLoopHerd::server(std::uint32_t index) const {
  const LiveHerd* const host = host_of(index);
  return host == nullptr ? nullptr : host->server(index);
}

const herd::Server* MultiLoopHerd::core(std::uint32_t index) const {
  const LiveHerd* const host = host_of(index);
  return host == nullptr ? nullptr : host->core(index);
}

sockaddr_storage MultiLoopHerd::address(std::uint32_t server) const {
  return parts_.front()->herd->address(server);  // each part knows all ports
}

bool MultiLoopHerd::settled() const {
  const Standstill standstill(*this);
  return recovered();
}

void MultiLoopHerd::hold_still(const std::function<void()>& look) {
  const Standstill standstill(*this);
  look();
}

void MultiLoopHerd::freeze() { stand_still(); }

double MultiLoopHerd::own_threads_cpu_s() const {
  double all = 0;
  for (const auto& part : parts_) all += part->thread.cpu_s();
  return all;
}

void MultiLoopHerd::stop(std::function<void()> gone) {
  stop_threads();
  gone();
}

void MultiLoopHerd::stand_still() const {
  if (standstills_++ > 0) return;
  for (const auto& part : parts_) part->thread.ask_to_stand();
  for (const auto& part : parts_) part->thread.wait_until_it_stands();
}

void MultiLoopHerd::go_on() const {
  if (--standstills_ > 0) return;
  for (const auto& part : parts_) part->thread.go_on();
}

// All at one moment, so that no server sees another one's end of a link go.
void MultiLoopHerd::stop_threads() {
  stand_still();
  for (const auto& part : parts_) part->thread.stop();
}

// A part that has nothing of it notes it all the same: what a link is like, who lives.
template <class Action>
void MultiLoopHerd::tell_all(Action action) {
  const Standstill standstill(*this);
  for (const auto& part : parts_) action(*part->herd);
}

void MultiLoopHerd::set_zero(herd::Instant zero) {
  tell_all([&](LiveHerd& part) { part.set_zero(zero); });
}

// When a link is restored, one part may dial before another part has reset the connections that it
// kept of the link. No server can tell this from the order on one loop: each part resets what its
// own servers kept before it dials, and no server hears of either before all threads go on.
void MultiLoopHerd::apply(const Fault& fault) {
  tell_all([&](LiveHerd& part) { part.apply(fault); });
}

}  // namespace sim
