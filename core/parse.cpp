#include "core/parse.h"

#include "core/fields.h"
#include "core/scan.h"

namespace herd {
namespace {

// Walks over the fields of a line.
class Fields {
 public:
  explicit Fields(std::string_view line) : line_(line) {}

  // The next field; empty at the end of the line.
  std::string_view next() {
    while (at_ < line_.size() && is_space(line_[at_])) ++at_;
    const std::size_t begin = at_;
    at_ = find_space(line_, begin);
    return line_.substr(begin, at_ - begin);
  }

  ParseError missing() const { return {ParseCode::kMissingField, line_.size(), {}}; }
  ParseError bad(ParseCode code, std::string_view field) const {
    return {code, static_cast<std::size_t>(field.data() - line_.data()), field};
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

// True where a command ends before its `last` field or goes on after it; says so in `error`.
bool wrong_count(Fields& fields, std::string_view last, ParseError& error) {
  if (last.empty()) {
    error = fields.missing();
    return true;
  }
  const std::string_view extra = fields.next();
  if (extra.empty()) return false;
  error = fields.bad(ParseCode::kExtraField, extra);
  return true;
}

ClientCommand parse_iamat(Fields& fields) {
  Iamat out;
  out.client = fields.next();
  out.location = fields.next();
  out.time = fields.next();
  ParseError error;
  if (wrong_count(fields, out.time, error)) return error;
  if (!scan_location(out.location)) return fields.bad(ParseCode::kBadLocation, out.location);
  const auto time = scan_time(out.time);
  if (!time) return fields.bad(ParseCode::kBadTime, out.time);
  out.time_ns = *time;
  return out;
}

ClientCommand parse_whatsat(Fields& fields) {
  Whatsat out;
  out.client = fields.next();
  out.radius = fields.next();
  const std::string_view bound = fields.next();
  ParseError error;
  if (wrong_count(fields, bound, error)) return error;
  const auto radius = scan_radius_km(out.radius);
  if (!radius) return fields.bad(ParseCode::kBadRadius, out.radius);
  const auto number = scan_bound(bound);
  if (!number) return fields.bad(ParseCode::kBadBound, bound);
  out.radius_km = *radius;
  out.bound = *number;
  return out;
}

std::variant<ParseError, Greeting> parse_greeting(Fields& fields) {
  Greeting out;
  out.herd = fields.next();
  out.from = fields.next();
  out.to = fields.next();
  out.proof = fields.next();
  ParseError error;
  if (wrong_count(fields, out.proof, error)) return error;
  for (const auto name : {out.herd, out.from, out.to}) {
    if (!is_name(name)) return fields.bad(ParseCode::kBadServer, name);
  }
  return out;
}

std::string describe(const ParseError& error) {
  return "error(" + std::string(to_string(error.code)) + " @" + std::to_string(error.column) + ")";
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out += part;
  return out;
}

struct Describe {
  std::string operator()(const ParseError& error) const { return describe(error); }
  std::string operator()(const Iamat& c) const {
    return join({"iamat(", c.client, " ", c.location, " @", c.time, ")"});
  }
  std::string operator()(const Whatsat& c) const {
    return join({"whatsat(", c.client, " ", c.radius, " ", std::to_string(c.bound), ")"});
  }
  std::string operator()(const Greeting& c) const {
    return join({"link(", c.herd, " ", c.from, " ", c.to, ")"});
  }
  std::string operator()(const RecordView& c) const {
    return join({"at(", c.server, " ", c.skew, " ", c.client, " ", c.location, " @", c.time, ")"});
  }
};

}  // namespace

ClientCommand parse_client_line(std::string_view line) {
  Fields fields(line);
  const std::string_view command = fields.next();
  if (command == "IAMAT") return parse_iamat(fields);
  if (command == "WHATSAT") return parse_whatsat(fields);
  if (command == "LINK") {
    const auto greeting = parse_greeting(fields);
    if (const auto* error = std::get_if<ParseError>(&greeting)) return *error;
    return std::get<Greeting>(greeting);
  }
  if (command.empty()) return fields.missing();
  return fields.bad(ParseCode::kUnknownCommand, command);
}

LinkCommand parse_link_line(std::string_view line) {
  Fields fields(line);
  const std::string_view command = fields.next();
  if (command.empty()) return fields.missing();
  if (command != "AT") return fields.bad(ParseCode::kUnknownCommand, command);
  RecordView out;
  out.line = line;
  out.server = fields.next();
  out.skew = fields.next();
  out.client = fields.next();
  out.location = fields.next();
  out.time = fields.next();
  ParseError error;
  if (wrong_count(fields, out.time, error)) return error;
  if (!is_name(out.server)) return fields.bad(ParseCode::kBadServer, out.server);
  if (!is_skew(out.skew)) return fields.bad(ParseCode::kBadSkew, out.skew);
  if (!scan_location(out.location)) return fields.bad(ParseCode::kBadLocation, out.location);
  const auto time = scan_time(out.time);
  if (!time) return fields.bad(ParseCode::kBadTime, out.time);
  out.time_ns = *time;
  return out;
}

Acknowledgement parse_acknowledgement(std::string_view line) {
  Fields fields(line);
  const std::string_view command = fields.next();
  if (command.empty()) return fields.missing();
  if (command != "LINKED") return fields.bad(ParseCode::kUnknownCommand, command);
  return parse_greeting(fields);
}

std::string_view to_string(ParseCode code) {
  switch (code) {
    case ParseCode::kUnknownCommand:
      return "unknown-command";
    case ParseCode::kMissingField:
      return "missing-field";
    case ParseCode::kExtraField:
      return "extra-field";
    case ParseCode::kBadServer:
      return "bad-server";
    case ParseCode::kBadSkew:
      return "bad-skew";
    case ParseCode::kBadLocation:
      return "bad-location";
    case ParseCode::kBadTime:
      return "bad-time";
    case ParseCode::kBadRadius:
      return "bad-radius";
    case ParseCode::kBadBound:
      return "bad-bound";
    case ParseCode::kUnknownClient:
      return "unknown-client";
    case ParseCode::kBadProof:
      return "bad-proof";
    case ParseCode::kTooLong:
      return "too-long";
  }
  return "";
}

std::string to_string(const ParseError& error) {
  std::string out(to_string(error.code));
  out += " @" + std::to_string(error.column);
  if (!error.offending.empty()) out += " '" + std::string(error.offending) + "'";
  return out;
}

std::string to_string(const ClientCommand& command) { return std::visit(Describe{}, command); }
std::string to_string(const LinkCommand& command) { return std::visit(Describe{}, command); }

}  // namespace herd
