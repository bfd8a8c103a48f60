#include "sim/engines/central/central_herd.h"

#include <utility>

#include "sim/base/io/address.h"
#include "sim/engines/central/database_admin.h"

namespace sim {
namespace {

constexpr std::uint32_t kOtherConnections = 10;  // our own, and those that PostgreSQL reserves

// Returns the timeout of a front end whose path to the database is `path`.
Duration timeout_over(const TwoWayConditions& path) {
  // Connecting takes three round trips.
  return std::chrono::seconds(2) + 3 * (path.forward.latency + path.backward.latency);
}

}  // namespace

CentralHerd::CentralHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer,
                         Setup setup)
    : loop_(loop),
      clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      adjacency_(make_adjacency(*setup_.spec)),
      alarms_(loop),
      postgres_(loop,
                {setup_.spec->central->durable,
                 // A connection that died may still exist when the next one comes.
                 static_cast<std::uint32_t>(2 * setup_.spec->servers.size()) + kOtherConnections,
                 setup_.log_file, setup_.keeper},
                {[this] { database_ready(); },
                 [this](const Error& error) {
                   setup_.on_failure(Error{"herd " + setup_.spec->name + ": " + error.message});
                 }}) {}

CentralHerd::~CentralHerd() = default;

std::optional<Error> CentralHerd::listen(const ServerLogs& logs) {
  const auto named = [this](const Error& error) {
    return Error{"herd " + setup_.spec->name + ": " + error.message};
  };
  if (const auto error = postgres_.prepare()) return named(*error);
  const auto& servers = setup_.spec->servers;
  for (std::uint32_t l = 0; l < setup_.spec->links.size(); ++l) {
    const LinkSpec& spec = setup_.spec->links[l];
    const TwoWayConditions& conditions = setup_.spec->conditions_of(l);
    const std::string& hub = servers[spec.first].name;
    const std::string& other = servers[spec.second].name;
    links_.push_back(std::make_unique<DatabaseLink>(
        alarms_, clock_,
        DatabaseLink::Setup{
            postgres_.folder() / ("link" + std::to_string(l)), postgres_.socket(),
            LinkModel(setup_.seed, link_stream(hub, other), conditions.forward),
            LinkModel(setup_.seed, link_stream(other, hub), conditions.backward),
            [this, named](const Error& error) { setup_.on_failure(named(error)); }}));
    if (const auto error = links_.back()->listen()) return named(*error);
  }
  for (std::uint32_t s = 0; s < servers.size(); ++s) {
    auto log = logs.open(setup_.spec->name, servers[s].name);
    if (!log) return log.error();
    FrontEnd::Setup setup;
    setup.shell = {herd::ServerId{s}, setup_.spec->name, servers[s], *log,
                   setup_.places,     setup_.limits};
    setup.database = (has_link(s) ? links_[link_of(s)]->folder() : postgres_.folder()).string();
    if (has_link(s)) setup.timeout = timeout_over(setup_.spec->conditions_of(link_of(s)));
    FrontEndObserver& observer = *this;
    front_ends_.push_back(std::make_unique<FrontEnd>(loop_, clock_, observer, std::move(setup)));
    if (auto error = front_ends_.back()->listen()) return error;
  }
  return std::nullopt;
}

void CentralHerd::start() {
  if (const auto error = postgres_.start()) {
    loop_.defer([this, message = error->message] {
      setup_.on_failure(Error{"herd " + setup_.spec->name + ": " + message});
    });
  }
}

void CentralHerd::database_ready() {
  if (const auto error = create_record_table(postgres_.folder().string())) {
    return setup_.on_failure(Error{"herd " + setup_.spec->name + ": " + error->message});
  }
  database_is_ready_ = true;
  for (const auto& front_end : front_ends_) front_end->start();
}

bool CentralHerd::ready() const { return missing().empty(); }

std::string CentralHerd::missing() const {
  if (!database_is_ready_) return "PostgreSQL did not come up in time";
  std::string servers;
  for (const auto& front_end : front_ends_) {
    if (front_end->database().connected()) continue;
    servers += (servers.empty() ? "" : ", ") + front_end->name();
  }
  return servers.empty() ? servers : "not connected to the database in time: " + servers;
}

sockaddr_storage CentralHerd::address(std::uint32_t server) const {
  return *numeric_address(setup_.spec->servers[server].host, front_ends_[server]->port());
}

void CentralHerd::set_zero(herd::Instant zero) {
  for (const auto& front_end : front_ends_) front_end->set_zero(zero);
  usage_ = postgres_.usage();
}

bool CentralHerd::settled() const {
  for (std::uint32_t s = 0; s < front_ends_.size(); ++s) {
    const FrontEnd& front_end = *front_ends_[s];
    const bool can_ask = front_end.is_up() && !front_end.is_paused() &&
                         (!has_link(s) || links_[link_of(s)]->is_up());
    if (can_ask && !front_end.database().idle()) return false;
  }
  return true;
}

void CentralHerd::stop(std::function<void()> gone) {
  stopping_ = true;
  const ProcessUsage at_end = postgres_.usage();
  usage_ = {at_end.cpu_s - usage_.cpu_s, at_end.resident_mib};
  for (const auto& front_end : front_ends_) {
    was_connected_.push_back(front_end->database().connected());
    front_end->retire();
  }
  if (database_is_ready_) read_records();
  postgres_.stop(std::move(gone));
}

void CentralHerd::read_records() {
  if (const auto error = read_record_table(postgres_.folder().string(), records_)) {
    return setup_.on_failure(Error{"herd " + setup_.spec->name + ": " + error->message});
  }
  settle_doubts();
}

void CentralHerd::settle_doubts() {
  const herd::Instant run = clock_.now();
  for (std::uint32_t place = 0; !in_doubt_.empty() && place < records_.size(); ++place) {
    const herd::RecordView report = records_.at(place).view();
    const auto found = in_doubt_.find(std::string(report.line));
    if (found == in_doubt_.end()) continue;
    observer_.update_committed(found->second, report, herd::Verdict::kAccepted, {run, 0});
    in_doubt_.erase(found);
  }
}

template <>
void CentralHerd::do_fault(const CutLink& cut) {
  links_[cut.link]->cut(cut.how, cut.ways);
}

template <>
void CentralHerd::do_fault(const RestoreLink& restore) {
  if (auto error = links_[restore.link]->restore()) return setup_.on_failure(*error);
  front_ends_[server_of(restore.link)]->database().redial();
}

template <>
void CentralHerd::do_fault(const SetLink& set) {
  links_[set.link]->set(set.conditions);
  front_ends_[server_of(set.link)]->database().set_timeout(timeout_over(set.conditions));
}

template <>
void CentralHerd::do_fault(const StopServer& stop) {
  observer_.front_end_stopped(herd::ServerId{stop.server}, clock_.now());
  front_ends_[stop.server]->stop();
}

template <>
void CentralHerd::do_fault(const StartServer& start) {
  observer_.server_started(herd::ServerId{start.server}, clock_.now());
  if (const auto error = front_ends_[start.server]->start_again()) setup_.on_failure(*error);
}

template <>
void CentralHerd::do_fault(const PauseServer& pause) {
  front_ends_[pause.server]->pause();
}

template <>
void CentralHerd::do_fault(const ResumeServer& resume) {
  front_ends_[resume.server]->resume();
}

template <>
void CentralHerd::do_fault(const SetPlaces&) {}

void CentralHerd::apply(const Fault& fault) {
  std::visit([this](const auto& each) { do_fault(each); }, fault);
}

void CentralHerd::report_stored(herd::ServerId server, const herd::RecordView& report,
                                herd::Verdict verdict, herd::Moment now) {
  observer_.update_committed(server, report, verdict, now);
}

void CentralHerd::report_in_doubt(herd::ServerId server, const herd::RecordView& report) {
  in_doubt_.emplace(report.line, server);
}

void CentralHerd::line_refused(herd::ServerId server, std::string_view line,
                               const herd::ParseError& error) {
  observer_.line_refused(server, line, error, false);
}

void CentralHerd::query_heard(herd::ServerId server, const herd::Whatsat& query) {
  observer_.query_heard(server, query);
}

void CentralHerd::database_up(herd::ServerId server, bool up, herd::Moment now) {
  // Connections that end because the herd stops are not faults.
  if (stopping_) return;
  if (has_link(server.value)) {
    // Only one endpoint of the link matters here, but the observer expects both.
    const std::uint32_t link = link_of(server.value);
    const LinkSpec& spec = setup_.spec->links[link];
    for (const std::uint32_t end : {spec.second, spec.first}) {
      for (std::uint32_t n = 0; n < adjacency_[end].size(); ++n) {
        if (adjacency_[end][n].link != link) continue;
        up ? observer_.link_up(herd::ServerId{end}, herd::NeighborId{n}, now)
           : observer_.link_down(herd::ServerId{end}, herd::NeighborId{n}, now);
      }
    }
  }
  if (up && setup_.on_change) {
    loop_.defer([this] { setup_.on_change(); });
  }
}

}  // namespace sim
