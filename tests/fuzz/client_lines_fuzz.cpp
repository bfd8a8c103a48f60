// A client's line: the parser against the grammar in its most obvious form.
#include <string>
#include <variant>

#include "core/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/naive.h"

namespace herd::fuzz {
namespace {

struct Parser {
  std::string_view line;
  std::vector<naive::Field> fields = naive::fields_of(line);

  static std::string error(std::string_view code, std::size_t column) {
    return "error(" + std::string(code) + " @" + std::to_string(column) + ")";
  }
  // Returns the error of the first field that is missing or too many; else an empty text.
  std::string count(std::size_t right) const {
    if (fields.size() < right) return error("missing-field", line.size());
    if (fields.size() > right) return error("extra-field", fields[right].column);
    return "";
  }
  // `good` by field, after the command: the check, and the code if it fails.
  struct Check {
    bool good = false;
    std::string_view code;
  };
  std::string first_wrong(std::initializer_list<Check> checks) const {
    std::size_t at = 1;
    for (const Check& check : checks) {
      if (!check.good) return error(check.code, fields[at].column);
      ++at;
    }
    return "";
  }
  std::string_view field(std::size_t at) const { return fields[at].text; }

  std::string parse() const {
    if (fields.empty()) return error("missing-field", line.size());
    if (field(0) == "IAMAT") return iamat();
    if (field(0) == "WHATSAT") return whatsat();
    return error("unknown-command", fields[0].column);
  }
  std::string iamat() const {
    std::string wrong = count(4);
    if (!wrong.empty()) return wrong;
    wrong = first_wrong({{true, ""},
                         {naive::is_location(field(2)), "bad-location"},
                         {naive::time(field(3)).has_value(), "bad-time"}});
    if (!wrong.empty()) return wrong;
    return "iamat(" + std::string(field(1)) + " " + std::string(field(2)) + " @" +
           std::string(field(3)) + ")";
  }
  std::string whatsat() const {
    std::string wrong = count(4);
    if (!wrong.empty()) return wrong;
    wrong = first_wrong({{true, ""},
                         {naive::is_radius(field(2)), "bad-radius"},
                         {naive::is_bound(field(3)), "bad-bound"}});
    if (!wrong.empty()) return wrong;
    return "whatsat(" + std::string(field(1)) + " " + std::string(field(2)) + " " +
           std::to_string(std::stoi(std::string(field(3)))) + ")";
  }
};

}  // namespace

void one_input(std::string_view input) {
  std::string_view rest = input;
  const std::string line(take_line_of(rest));  // exactly as long as its memory
  const ClientCommand command = parse_client_line(line);
  const std::vector<naive::Field> fields = naive::fields_of(line);
  if (!fields.empty() && fields[0].text == "LINK") {
    const auto* handshake = std::get_if<Handshake>(&command);
    if (handshake == nullptr) return;
    for (const auto name : {handshake->herd, handshake->from, handshake->to}) {
      require(naive::is_name(name), "names in a LINK", line);
    }
    return;
  }
  require_equal(to_string(command), Parser{line}.parse(), "a client's line");
  if (const auto* report = std::get_if<Iamat>(&command)) {
    require(report->time_ns == naive::time(report->time), "its time", line);
  } else if (const auto* query = std::get_if<Whatsat>(&command)) {
    require(query->radius_km > 0 && query->radius_km <= 50, "its radius", line);
  }
}

}  // namespace herd::fuzz
