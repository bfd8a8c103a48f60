#include "sim/engines/external/external_herd.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "sim/base/io/address.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/process/free_port.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

constexpr std::uint64_t kLookMs = 20;
constexpr std::uint64_t kSecondDialNs = 1'000'000'000;
// A flood is at rest once no message was seen for this time. The work that servers still do with
// earlier messages cannot be seen.
constexpr Duration kRest = std::chrono::milliseconds(250);

}  // namespace

ExternalHerd::ExternalHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer,
                           Setup setup)
    : loop_(loop),
      clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      alarms_(loop),
      watch_(*setup_.spec, *setup_.plan, observer),
      servers_(setup_.spec->servers.size()),
      look_timer_(this) {
  require(uv_timer_init(loop_.uv(), look_timer_.get()), "a timer");
  if (const auto* logs = std::get_if<WatchLogs>(&engine().watch)) {
    log_watch_ = std::make_unique<LogWatch>(*setup_.spec, logs->pattern, watch_);
  }
}

ExternalHerd::~ExternalHerd() = default;

std::string ExternalHerd::words_of(std::uint32_t process) const {
  return one_process() ? "the herd's process" : "server " + setup_.spec->servers[process].name;
}

std::optional<Error> ExternalHerd::prepare() {
  facts_.secret = setup_.secret;
  facts_.places_url = setup_.places_url;
  facts_.herdsim = setup_.herdsim;
  if (auto error = give_out_ports()) return error;
  if (auto error = open_relays()) return error;
  make_processes();
  return std::nullopt;
}

std::optional<Error> ExternalHerd::give_out_ports() {
  const auto& servers = setup_.spec->servers;
  std::set<std::uint16_t> fixed;
  for (const ServerSpec& server : servers) {
    if (server.port == 0) continue;
    fixed.insert(server.port);
    if (!is_listening(server.host, server.port)) continue;
    return Error{
        fmt::format("herd {}: port {} of {}, which is to be {}'s, is taken: somebody "
                    "listens there already",
                    setup_.spec->name, server.port, server.host, server.name)};
  }
  for (const ServerSpec& server : servers) {
    if (server.port != 0) {
      facts_.ports.push_back(server.port);
      continue;
    }
    auto port = free_port(server.host, fixed);
    if (!port) return Error{"herd " + setup_.spec->name + ": " + port.error().message};
    facts_.ports.push_back(port->number);
    port_holds_.push_back(std::move(port->hold));
  }
  return std::nullopt;
}

std::optional<Error> ExternalHerd::open_relays() {
  const HerdSpec& spec = *setup_.spec;
  for (const LinkSpec& link : spec.links) {
    facts_.neighbor_ports.push_back({facts_.ports[link.second], facts_.ports[link.first]});
  }
  if (!spec.reaches_links()) return std::nullopt;
  link_watch_ = std::make_unique<LinkWatch>(spec, clock_, watch_, observer_, setup_.on_progress);
  link_watch_->tell_lines(setup_.on_link_line);
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const LinkSpec link = spec.links[i];
    const TwoWayConditions& conditions = spec.conditions_of(i);
    const std::string& first = spec.servers[link.first].name;
    const std::string& second = spec.servers[link.second].name;
    LinkRelay::Setup setup{
        i,
        program().links,
        {LinkModel(setup_.seed, link_stream(first, second), conditions.forward),
         LinkModel(setup_.seed, link_stream(second, first), conditions.backward)},
        [this, words = fmt::format("herd {}: link {} - {}: ", spec.name, first, second)](
            const Error& error) { setup_.on_failure(Error{words + error.message}); }};
    relays_.push_back(std::make_unique<LinkRelay>(alarms_, clock_, *link_watch_, setup));
    LinkRelay& relay = *relays_.back();
    if (auto error = relay.open()) return error;
    relay.set_server(0, address(link.first));
    relay.set_server(1, address(link.second));
    facts_.neighbor_ports[i] = {relay.port_for(0), relay.port_for(1)};
  }
  return std::nullopt;
}

void ExternalHerd::make_processes() {
  const HerdSpec& spec = *setup_.spec;
  const auto count = one_process() ? 1 : static_cast<std::uint32_t>(spec.servers.size());
  for (std::uint32_t p = 0; p < count; ++p) {
    EngineProcess::Setup setup;
    setup.program = &program();
    setup.words = engine_words(spec, facts_, p);
    setup.keeper = setup_.herdsim;
    const std::string& name = one_process() ? spec.name : spec.servers[p].name;
    if (!setup_.output_folder.empty()) {
      setup.output_file = setup_.output_folder / spec.name / (name + ".out");
    }
    for (std::uint32_t s = 0; s < spec.servers.size(); ++s) {
      if (one_process() || s == p) setup.ports.emplace_back(spec.servers[s].host, facts_.ports[s]);
    }
    setup.on_line = [this, p](std::string_view text) {
      if (log_files_.empty()) log_line(one_process() ? std::nullopt : std::optional(p), text);
      if (!zero_) setup_.on_progress();
    };
    setup.on_ended = [this, p](const ProcessEnd& end, bool asked) { process_ended(p, end, asked); };
    processes_.push_back(std::make_unique<EngineProcess>(loop_, std::move(setup)));
  }
}

void ExternalHerd::log_line(std::optional<std::uint32_t> server, std::string_view text) {
  // A server that was killed has forgotten what it still says.
  if (server && !servers_[*server].up) return;
  if (log_watch_) log_watch_->line(server, text, clock_.now(), stopping_);
}

std::optional<Error> ExternalHerd::watch_log_files() {
  const auto* const logs = std::get_if<WatchLogs>(&engine().watch);
  if (logs == nullptr || logs->file.empty()) return std::nullopt;
  const std::size_t count = logs->is_of_one_server() ? servers_.size() : 1;
  for (std::uint32_t s = 0; s < count; ++s) {
    const auto server = logs->is_of_one_server() ? std::optional(s) : std::nullopt;
    const std::filesystem::path file = log_file_of(*setup_.spec, logs->file, s);
    log_files_.push_back(std::make_unique<FileTail>(
        loop_, std::filesystem::path(program().cwd) / file,
        [this, server](std::string_view text) { log_line(server, text); }));
    if (auto error = log_files_.back()->start()) return error;
  }
  return std::nullopt;
}

void ExternalHerd::start() {
  started_ = true;
  if (auto error = watch_log_files()) {
    return setup_.on_failure(Error{"herd " + setup_.spec->name + ": " + error->message});
  }
  if (!setup_.output_folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(setup_.output_folder / setup_.spec->name, error);
    // An error shows again, and is reported, when the output is kept.
  }
  for (std::uint32_t p = 0; p < processes_.size(); ++p) {
    if (auto error = processes_[p]->start()) {
      return setup_.on_failure(
          Error{"herd " + setup_.spec->name + ": " + words_of(p) + ": " + error->message});
    }
  }
  look_from_now_on();
}

void ExternalHerd::look_from_now_on() {
  uv_timer_start(
      look_timer_.get(), [](uv_timer_t* timer) { static_cast<ExternalHerd*>(timer->data)->look(); },
      0, kLookMs);
}

template <class Action>
void ExternalHerd::at_relays_of(std::uint32_t server, Action act) {
  for (std::uint32_t i = 0; i < relays_.size(); ++i) {
    const LinkSpec& link = setup_.spec->links[i];
    if (link.first == server) act(*relays_[i], 0);
    if (link.second == server) act(*relays_[i], 1);
  }
}

void ExternalHerd::server_listens(std::uint32_t server, bool listens) {
  servers_[server].listens = listens;
  at_relays_of(server, [listens](LinkRelay& relay, std::size_t endpoint) {
    relay.set_listening(endpoint, listens);
  });
}

void ExternalHerd::look() {
  const auto sockets = ListeningSockets::read();
  if (!sockets) {
    uv_timer_stop(look_timer_.get());
    return setup_.on_failure(sockets.error());
  }
  bool all = true;
  for (const auto& process : processes_) {
    process->look(*sockets);
    all = all && process->ready();
  }
  bool all_listen = true;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!servers_[s].up || servers_[s].listens) continue;
    const bool listens = process_of(s).is_on_its_way() &&
                         sockets->has(setup_.spec->servers[s].host, facts_.ports[s]);
    if (listens) server_listens(s, true);
    if (stopping_) return;  // a relay has failed
    all_listen = all_listen && listens;
  }
  if (all && stood_ns_ == 0 && std::all_of(relays_.begin(), relays_.end(), [](const auto& relay) {
        return relay->stands();
      })) {
    stood_ns_ = uv_hrtime();
  }
  if (ready() && (all_listen || relays_.empty())) uv_timer_stop(look_timer_.get());
  setup_.on_progress();
}

bool ExternalHerd::links_stand() const {
  if (stood_ns_ == 0) return false;
  const bool may_both_dial =
      program().links == LinkUse::kPersistent &&
      (mentions(engine(), "neighbors") || mentions(engine(), "neighbor_ports"));
  return !may_both_dial || uv_hrtime() - stood_ns_ > kSecondDialNs ||
         std::all_of(relays_.begin(), relays_.end(),
                     [](const auto& relay) { return relay->stands_both_ways(); });
}

bool ExternalHerd::ready() const {
  return started_ &&
         std::all_of(processes_.begin(), processes_.end(),
                     [](const auto& process) { return process->ready(); }) &&
         links_stand();
}

std::string ExternalHerd::missing() const {
  std::string out;
  const auto add = [&](const std::string& words) { out += (out.empty() ? "" : "; ") + words; };
  for (std::uint32_t p = 0; p < processes_.size(); ++p) {
    if (!processes_[p]->ready()) add(words_of(p) + " " + processes_[p]->missing());
  }
  if (!out.empty()) return out;
  const HerdSpec& spec = *setup_.spec;
  for (std::uint32_t i = 0; i < relays_.size(); ++i) {
    if (relays_[i]->stands()) continue;
    const LinkSpec link = spec.links[i];
    add(out.empty() ? "no connection stands on the links " + spec.servers[link.first].name + " - " +
                          spec.servers[link.second].name
                    : spec.servers[link.first].name + " - " + spec.servers[link.second].name);
  }
  return out;
}

std::chrono::milliseconds ExternalHerd::timeout() const {
  return std::chrono::ceil<std::chrono::milliseconds>(engine().ready_within);
}

sockaddr_storage ExternalHerd::address(std::uint32_t server) const {
  return *numeric_address(setup_.spec->servers[server].host, facts_.ports[server]);
}

ProcessUsage ExternalHerd::usage() const {
  const ProcessTable table = ProcessTable::read();
  ProcessUsage sum;
  for (const auto& process : processes_) {
    const ProcessUsage usage = process->usage(table);
    sum.cpu_s += usage.cpu_s;
    sum.resident_mib += usage.resident_mib;
  }
  return sum;
}

void ExternalHerd::set_zero(herd::Instant zero) {
  zero_ = zero;
  cpu_at_zero_s_ = usage().cpu_s;
}

void ExternalHerd::begin(herd::PosixNs base) {
  watch_.begin(base);
  if (!std::holds_alternative<WatchWhatsat>(engine().watch)) return;
  std::vector<sockaddr_storage> servers;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) servers.push_back(address(s));
  questions_ = std::make_unique<HerdQuestions>(
      loop_, clock_, watch_,
      HerdQuestions::Setup{setup_.spec, setup_.plan, std::move(servers), *zero_,
                           setup_.on_failure});
}

void ExternalHerd::answered(std::uint32_t update, std::uint32_t server, herd::Instant at) {
  if (stopping_) return;
  watch_.answered(update, server, at);
  if (questions_) questions_->answered(update, server);
}

void ExternalHerd::process_ended(std::uint32_t process, const ProcessEnd& end, bool asked) {
  if (stopping_) return gone_if_over();
  if (!zero_) {
    std::string words = fmt::format("herd {}: {} ", setup_.spec->name, words_of(process));
    if (end.was_started()) {
      words += "ended before it was ready: " + end.words();
      const std::string& last = processes_[process]->last_line();
      if (!last.empty()) words += "; its last words: " + sim::quoted(last);
    } else {
      words += end.words() + ": " + sim::quoted(program().command.front());
    }
    return setup_.on_failure(Error{words});
  }
  park_ports(process);
  if (asked) return;
  setup_.on_event("server_ended", (one_process() ? "all" : setup_.spec->servers[process].name) +
                                      ": " + end.words());
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if ((one_process() || s == process) && servers_[s].up) server_is_down(s);
  }
}

void ExternalHerd::server_is_down(std::uint32_t server) {
  server_listens(server, false);
  at_relays_of(server, [](LinkRelay& relay, std::size_t) { relay.reset_connections(); });
  hold_towards(server, false);
  servers_[server] = {false, false, false};
  watch_.server_stopped(server, clock_.now());
}

void ExternalHerd::park_ports(std::uint32_t process) {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (!one_process() && s != process) continue;
    auto port = std::make_unique<ListeningPort>(loop_, [](uv_stream_t*) {});
    // If it cannot be kept, the server may find it taken, and says so itself.
    if (!port->reserve(setup_.spec->servers[s].host, facts_.ports[s])) parked_[s] = std::move(port);
  }
}

void ExternalHerd::hold_towards(std::uint32_t server, bool hold) {
  at_relays_of(server, [hold](LinkRelay& relay, std::size_t endpoint) {
    relay.hold_towards(endpoint, hold);
  });
}

bool ExternalHerd::settled() const {
  herd::Instant last = herd::Instant::min();
  if (link_watch_) {
    if (link_watch_->in_flight() > 0) return false;
    last = link_watch_->last_message();
  }
  if (log_watch_) last = log_watch_->last_sighting();
  if (questions_) return questions_->settled();
  return last == herd::Instant::min() || clock_.now() - last >= kRest;
}

// Messages that are held back, or slow, say nothing: their servers may have been at rest for long.
bool ExternalHerd::goes_on() const {
  herd::Instant last = herd::Instant::min();
  if (link_watch_) last = link_watch_->last_said();
  if (log_watch_) last = log_watch_->last_sighting();
  return last != herd::Instant::min() && clock_.now() - last < kRest;
}

void ExternalHerd::stop(std::function<void()> gone) {
  if (zero_ && goes_on()) {
    setup_.on_event("flood_goes_on", "servers still send each other updates after the drain");
  }
  stopping_ = true;
  gone_ = std::move(gone);
  uv_timer_stop(look_timer_.get());
  used_ = usage();
  used_.cpu_s -= cpu_at_zero_s_;
  if (questions_) questions_->stop();
  for (const auto& relay : relays_) relay->close();
  if (link_watch_) link_watch_->lose_all();
  for (const auto& process : processes_) process->stop();
  gone_if_over();
}

void ExternalHerd::gone_if_over() {
  for (const auto& process : processes_) {
    if (process->running()) return;
  }
  if (!gone_) return;
  // What they wrote last.
  for (const auto& file : log_files_) file->finish();
  std::exchange(gone_, nullptr)();
}

std::string ExternalHerd::nothing_seen() const {
  if (servers_.size() < 2) return "";
  if (questions_ && !questions_->has_seen_any()) {
    return "no WHATSAT was answered with a report";
  }
  if (log_watch_ && log_watch_->sightings() == 0) {
    return "no line of any log told of an update of the script";
  }
  if (link_watch_ && !link_watch_->has_seen_any()) {
    std::uint64_t bytes = 0;
    for (const auto& relay : relays_) bytes += relay->bytes_handed(0) + relay->bytes_handed(1);
    return fmt::format("{} bytes crossed the links, and no report was among them", bytes);
  }
  return "";
}

void ExternalHerd::report(HerdOutcome& outcome) const {
  outcome.observed = std::visit(
      [](const auto& watch) {
        using Kind = std::decay_t<decltype(watch)>;
        if constexpr (std::is_same_v<Kind, WatchLinks>) return Observed::kLinks;
        if constexpr (std::is_same_v<Kind, WatchWhatsat>) return Observed::kWhatsat;
        if constexpr (std::is_same_v<Kind, WatchLogs>) return Observed::kLog;
        return Observed::kReplies;
      },
      engine().watch);
  const bool were_any = outcome.clients.actions_done > 0 && !setup_.plan->updates.empty();
  if (const std::string nothing = nothing_seen(); were_any && !nothing.empty()) {
    outcome.observed = Observed::kReplies;
    setup_.on_note(nothing + ": only its replies are known");
  }
  if (log_watch_ && log_watch_->late_sightings() > 0) {
    setup_.on_note(
        fmt::format("{} of {} lines about updates came only as the programs ended, so their times "
                    "are not known "
                    "(let the programs write each line at once, as with PYTHONUNBUFFERED)",
                    log_watch_->late_sightings(), log_watch_->sightings()));
  }
  const std::size_t links = setup_.spec->links.size();
  outcome.wire_bytes.resize(2 * links);
  outcome.links_up.resize(links, true);
  for (std::uint32_t i = 0; i < relays_.size(); ++i) {
    outcome.wire_bytes[std::size_t{2} * i] = relays_[i]->bytes_handed(0);
    outcome.wire_bytes[std::size_t{2} * i + 1] = relays_[i]->bytes_handed(1);
  }
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    ServerOutcome out;
    out.port = facts_.ports[s];
    out.up = servers_[s].up;
    out.paused = servers_[s].paused;
    out.records = &watch_.records(s);
    outcome.servers.push_back(out);
  }
  outcome.cpu_s = used_.cpu_s;
  outcome.rss_mib = used_.resident_mib;
}

template <>
void ExternalHerd::do_fault(const CutLink& cut) {
  relays_[cut.link]->cut(cut.how, cut.ways);
}

template <>
void ExternalHerd::do_fault(const RestoreLink& restore) {
  if (auto error = relays_[restore.link]->restore()) {
    setup_.on_failure(
        Error{"herd " + setup_.spec->name + ": a link cannot come back: " + error->message});
  }
}

template <>
void ExternalHerd::do_fault(const SetLink& set) {
  relays_[set.link]->set(set.conditions);
}

template <>
void ExternalHerd::do_fault(const StopServer& stop) {
  processes_[stop.server]->kill();
  if (servers_[stop.server].up) server_is_down(stop.server);
}

template <>
void ExternalHerd::do_fault(const StartServer& start) {
  servers_[start.server].up = true;
  watch_.server_started(start.server, clock_.now());
  give_back_port(start.server);
  if (auto error = processes_[start.server]->start_again()) return setup_.on_failure(*error);
  look_from_now_on();
}

template <>
void ExternalHerd::do_fault(const PauseServer& pause) {
  if (!servers_[pause.server].up) return;
  servers_[pause.server].paused = true;
  processes_[pause.server]->signal(SIGSTOP);
  // The kernel would take bytes for the server, which reads none of them before it resumes.
  hold_towards(pause.server, true);
}

template <>
void ExternalHerd::do_fault(const ResumeServer& resume) {
  servers_[resume.server].paused = false;
  processes_[resume.server]->signal(SIGCONT);
  hold_towards(resume.server, false);
}

template <>
void ExternalHerd::do_fault(const SetPlaces&) {}

void ExternalHerd::apply(const Fault& fault) {
  std::visit([this](const auto& each) { do_fault(each); }, fault);
}

}  // namespace sim
