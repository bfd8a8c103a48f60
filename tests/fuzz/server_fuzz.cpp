// One server against a model: every effect of every input, in order.
//
// The input is a script. Its first line is the scheme, each other line an input:
//   c N TEXT    client N (0 to 3) sends TEXT; if there is no client N, it connects first
//   r N TEXT    the same, with CR LF at its end
//   o N TEXT    client N sends an overlong line that begins with TEXT
//   e N, x N    client N sends no more; client N is gone
//   n N TEXT    the neighbour N (0, 1) sends TEXT
//   p N         Places answers the Nth question that waits
//   t N         N milliseconds pass
#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/limits.h"
#include "tests/core/fake_world.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/naive.h"

namespace herd::fuzz {
namespace {

constexpr std::string_view kPlaces = "{\"status\": \"ZERO_RESULTS\", \"results\": []}";
constexpr std::uint32_t kClients = 4;

// The server's name, and its neighbours in the order of their links.
constexpr std::string_view kName = "Alford";
constexpr std::string_view kHerd[] = {"Alford", "Ball", "Hamilton", "Holiday", "Welsh"};
constexpr std::uint32_t kLinks[] = {10, 11};  // the connections of FakeServer::link_up()

// What the server should hold and do, kept in the plainest way.
class Model {
 public:
  explicit Model(bool echoes) : echoes_(echoes) {}

  // The effects that the last input should have, one line each.
  std::string expected;

  void client_says(std::uint32_t client, std::string_view line, std::string_view ending,
                   PosixNs wall) {
    Client& who = clients_[client];
    if (who.ending) return;
    const bool is_first = !std::exchange(who.spoken, true);
    const std::vector<naive::Field> fields = naive::fields_of(line);
    const std::string_view command = fields.empty() ? "" : fields[0].text;
    if (command == "IAMAT" && fields.size() == 4 && naive::is_location(fields[2].text) &&
        naive::time(fields[3].text)) {
      return iamat(client, fields, ending, wall);
    }
    if (command == "WHATSAT" && fields.size() == 4 && naive::is_radius(fields[2].text) &&
        naive::is_bound(fields[3].text) && records_.contains(std::string(fields[1].text))) {
      return whatsat(client, fields, ending);
    }
    answer(client, "? " + std::string(line), ending);
    // No line here has the MAC of a neighbour.
    if (is_first && is_link(fields)) end(client);
  }
  void overlong(std::uint32_t client, std::string_view first_bytes) {
    if (clients_[client].ending) return;
    answer(client, "? " + std::string(first_bytes), "\n");
    end(client);
  }
  void input_ended(std::uint32_t client) { end(client); }
  void gone(std::uint32_t client) {
    for (const Waiting& each : clients_[client].waiting) std::erase(questions_, each.question);
    clients_.erase(client);
  }
  void places(std::uint32_t which) {
    if (questions_.empty()) return;
    const std::uint32_t question = questions_[which % questions_.size()];
    std::erase(questions_, question);
    for (auto& [client, who] : clients_) {
      for (Waiting& each : who.waiting) {
        if (each.question != question) continue;
        each.answered = true;
        each.text += std::string(kPlaces) + each.ending + each.ending;
      }
      flush(client);
    }
  }
  // Returns the question that `places` would answer.
  std::uint32_t question(std::uint32_t which) const {
    return questions_.empty() ? 0xffff'ffff : questions_[which % questions_.size()];
  }
  void neighbor_says(std::uint32_t neighbor, std::string_view line) {
    const std::vector<naive::Field> fields = naive::fields_of(line);
    if (fields.size() != 6 || fields[0].text != "AT" || !naive::is_name(fields[1].text) ||
        !naive::is_skew(fields[2].text) || !naive::is_location(fields[4].text) ||
        !naive::time(fields[5].text)) {
      return;
    }
    const Report report = make(fields[1].text, fields[2].text, fields[3].text, fields[4].text,
                               fields[5].text, std::string(line));
    if (take(report)) relay(report, static_cast<int>(neighbor));
  }

  bool is_connected(std::uint32_t client) const { return clients_.contains(client); }
  void connect(std::uint32_t client) { clients_[client] = {}; }
  // Returns all records, one line for each client, in the order of their ids.
  std::string records() const {
    std::string out;
    for (const auto& [client, report] : records_) out += report.line + "\n";
    return out;
  }

 private:
  struct Report {
    std::string server, skew, client, location, time, line;
    PosixNs time_ns = 0;
    auto key() const { return std::tie(time_ns, location, server, time, skew); }
  };
  struct Waiting {
    std::uint32_t question = 0;
    std::string text, ending, behind;
    bool answered = false;
  };
  struct Client {
    bool spoken = false, ending = false, closed = false;
    std::deque<Waiting> waiting;
  };

  static bool is_link(const std::vector<naive::Field>& fields) {
    return fields.size() == 5 && fields[0].text == "LINK" && naive::is_name(fields[1].text) &&
           naive::is_name(fields[2].text) && naive::is_name(fields[3].text);
  }
  Report make(std::string_view server, std::string_view skew, std::string_view client,
              std::string_view location, std::string_view time, std::string line) const {
    Report report{std::string(server),   std::string(skew), std::string(client),
                  std::string(location), std::string(time), std::move(line)};
    report.time_ns = *naive::time(time);
    return report;
  }

  bool take(const Report& report) {
    const auto [held, is_new] = records_.emplace(report.client, report);
    if (is_new) return true;
    if (report.key() <= held->second.key()) return false;
    held->second = report;
    return true;
  }
  void relay(const Report& report, int from) {
    for (int neighbor : {0, 1}) {
      if (neighbor == from && !echoes_) continue;
      expected += "update " + std::to_string(kLinks[neighbor]) + " [" + report.line + "]\n";
    }
  }

  void iamat(std::uint32_t client, const std::vector<naive::Field>& fields, std::string_view ending,
             PosixNs wall) {
    const std::string skew = naive::skew(wall, *naive::time(fields[3].text));
    const std::string line = "AT " + std::string(kName) + " " + skew + " " +
                             std::string(fields[1].text) + " " + std::string(fields[2].text) + " " +
                             std::string(fields[3].text);
    const Report report = make(kName, skew, fields[1].text, fields[2].text, fields[3].text, line);
    answer(client, line, ending);
    const auto held = records_.find(report.client);
    const bool repeats = held != records_.end() && held->second.time_ns == report.time_ns &&
                         held->second.location == report.location &&
                         held->second.server == report.server;
    if (!repeats && take(report)) relay(report, -1);
  }
  void whatsat(std::uint32_t client, const std::vector<naive::Field>& fields,
               std::string_view ending) {
    const Report& about = records_.at(std::string(fields[1].text));
    const std::uint32_t question = next_question_++;
    questions_.push_back(question);
    Waiting waiting;
    waiting.question = question;
    waiting.text = about.line + std::string(ending);
    waiting.ending = ending;
    clients_[client].waiting.push_back(std::move(waiting));
    expected += "ask " + std::to_string(question) + " " + about.location + " " +
                std::string(fields[2].text) + " bound " +
                std::to_string(std::stoi(std::string(fields[3].text))) + "\n";
  }

  void answer(std::uint32_t client, const std::string& text, std::string_view ending) {
    auto& waiting = clients_[client].waiting;
    if (waiting.empty()) return send(client, text + std::string(ending));
    waiting.back().behind += text + std::string(ending);
  }
  void send(std::uint32_t client, const std::string& text) {
    expected += "send " + std::to_string(client) + " [" + visible(text) + "]\n";
  }
  void end(std::uint32_t client) {
    Client& who = clients_[client];
    if (who.ending) return;
    who.ending = true;
    flush(client);
  }
  void flush(std::uint32_t client) {
    Client& who = clients_[client];
    while (!who.waiting.empty() && who.waiting.front().answered) {
      send(client, who.waiting.front().text + who.waiting.front().behind);
      who.waiting.pop_front();
    }
    if (!who.ending || !who.waiting.empty() || std::exchange(who.closed, true)) return;
    expected += "close " + std::to_string(client) + "\n";
  }

  bool echoes_;
  std::map<std::string, Report> records_;
  std::map<std::uint32_t, Client> clients_;
  std::vector<std::uint32_t> questions_;  // that wait for Places
  std::uint32_t next_question_ = 0;
};

// Returns the effects in a trace, in the words of the model.
std::string effects_in(std::string_view trace) {
  std::string out;
  while (!trace.empty()) {
    const std::string_view line = take_line_of(trace);
    if (line.starts_with("ask ")) {
      // "ask QUESTION LOCATION RADIUS RADIUS_KM BOUND"
      const std::vector<naive::Field> fields = naive::fields_of(line);
      for (const std::size_t at : {0U, 1U, 2U, 3U}) out.append(fields[at].text).append(" ");
      out.append("bound ").append(fields.back().text).append("\n");
    } else if (line.starts_with("close ")) {  // "close CONNECTION REASON"
      out.append(line.substr(0, line.rfind(' '))).append("\n");
    } else if (line.starts_with("send ") || line.starts_with("update ") ||
               line.starts_with("dial ")) {
      out.append(line).append("\n");
    }
  }
  return out;
}

class Play {
 public:
  explicit Play(bool echoes)
      : model_(echoes), world_(echoes ? Scheme::kFloodEcho : Scheme::kFlood) {
    world_.link_up();
    world_.trace.take();
  }

  void step(std::string_view line) {
    Words words(line);
    const std::string_view what = words.next();
    model_.expected.clear();
    std::string trace;
    if (what == "c" || what == "r") {
      const std::uint32_t client = connected(words.below(kClients));
      const std::string text = line_of(words.rest());
      if (begins_handshake(text)) return;
      const std::string_view ending = what == "c" ? "\n" : "\r\n";
      model_.client_says(client, text, ending, world_.moment().wall_ns);
      trace = world_.say(client, text, ending);
    } else if (what == "o") {
      const std::uint32_t client = connected(words.below(kClients));
      const std::string text(words.rest().substr(0, kOverlongEcho));
      model_.overlong(client, text);
      trace = world_.say_overlong(client, text);
    } else if (what == "e") {
      const std::uint32_t client = words.below(kClients);
      if (!model_.is_connected(client)) return;
      model_.input_ended(client);
      trace = world_.end_input(client);
    } else if (what == "x") {
      const std::uint32_t client = words.below(kClients);
      if (!model_.is_connected(client)) return;
      model_.gone(client);
      trace = world_.gone(client);
    } else if (what == "n") {
      const std::uint32_t neighbor = words.below(2);
      const std::string text = line_of(words.rest());
      if (is_of_stranger(text)) return;
      model_.neighbor_says(neighbor, text);
      trace = world_.say(kLinks[neighbor], text);
    } else if (what == "p") {
      const std::uint32_t which = words.below(1'000);
      const std::uint32_t question = model_.question(which);
      model_.places(which);
      trace = world_.places(question, kPlaces);
    } else if (what == "t") {
      trace = world_.pass(std::chrono::milliseconds(words.below(5'000)));
    }
    require_equal(effects_in(trace), model_.expected, "the effects of: " + std::string(line));
  }

  void end() const {
    std::string records;
    for (const RecordView& each : world_.server.records().sorted()) {
      records.append(each.line).append("\n");
    }
    require_equal(records, model_.records(), "the records");
  }

 private:
  // A stream hands on no CR at the end of a line.
  static std::string line_of(std::string_view text) {
    while (text.ends_with('\r')) text.remove_suffix(1);
    return std::string(text.substr(0, kMaxClientLine));
  }
  // Handshakes are not modelled: returns whether a line may begin one.
  static bool begins_handshake(std::string_view line) {
    const std::vector<naive::Field> fields = naive::fields_of(line);
    return fields.size() > 1 && fields[0].text == "LINK" && fields[1].text == "paper";
  }
  // Returns whether an AT is of a server that is not one of the herd's.
  static bool is_of_stranger(std::string_view line) {
    const std::vector<naive::Field> fields = naive::fields_of(line);
    return fields.size() > 1 && fields[0].text == "AT" &&
           std::ranges::find(kHerd, fields[1].text) == std::end(kHerd);
  }
  std::uint32_t connected(std::uint32_t client) {
    if (model_.is_connected(client)) return client;
    model_.connect(client);
    world_.trace.forget(ConnectionId{client});
    world_.open(client);
    return client;
  }

  Model model_;
  FakeServer world_;
};

}  // namespace

void one_input(std::string_view input) {
  Words setup(take_line_of(input));
  Play play(setup.next() != "flood");
  while (!input.empty()) play.step(take_line_of(input));
  play.end();
}

}  // namespace herd::fuzz
