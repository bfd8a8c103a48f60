#include "core/parse.h"

#include "core/fields.h"
#include "core/line_fields.h"

namespace herd {
namespace {

ClientCommand parse_iamat(LineFields& fields) {
  Iamat out;
  out.client = fields.next();
  out.location = fields.next();
  out.time = fields.next();
  ParseError error;
  if (fields.wrong_count(out.time, error)) return error;
  if (!scan_location(out.location)) return fields.bad(ParseCode::kBadLocation, out.location);
  const auto time = scan_time(out.time);
  if (!time) return fields.bad(ParseCode::kBadTime, out.time);
  out.time_ns = *time;
  return out;
}

ClientCommand parse_whatsat(LineFields& fields) {
  Whatsat out;
  out.client = fields.next();
  out.radius = fields.next();
  const std::string_view bound = fields.next();
  ParseError error;
  if (fields.wrong_count(bound, error)) return error;
  const auto radius = scan_radius_km(out.radius);
  if (!radius) return fields.bad(ParseCode::kBadRadius, out.radius);
  const auto number = scan_bound(bound);
  if (!number) return fields.bad(ParseCode::kBadBound, bound);
  out.radius_km = *radius;
  out.bound = *number;
  return out;
}

std::variant<ParseError, Handshake> parse_handshake(LineFields& fields) {
  Handshake out;
  out.herd = fields.next();
  out.from = fields.next();
  out.to = fields.next();
  out.token = fields.next();
  ParseError error;
  if (fields.wrong_count(out.token, error)) return error;
  for (const auto name : {out.herd, out.from, out.to}) {
    if (!is_name(name)) return fields.bad(ParseCode::kBadServer, name);
  }
  return out;
}

LinkCommand parse_alive(LineFields& fields) {
  const std::string_view extra = fields.next();
  if (!extra.empty()) return fields.bad(ParseCode::kExtraField, extra);
  return Alive{};
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
  std::string operator()(const Handshake& c) const {
    return join({"link(", c.herd, " ", c.from, " ", c.to, ")"});
  }
  std::string operator()(const Alive&) const { return "alive()"; }
  std::string operator()(const RecordView& c) const {
    return join({"at(", c.server, " ", c.skew, " ", c.client, " ", c.location, " @", c.time, ")"});
  }
};

}  // namespace

ClientCommand parse_client_line(std::string_view line) {
  LineFields fields(line);
  const std::string_view command = fields.next();
  if (command == "IAMAT") return parse_iamat(fields);
  if (command == "WHATSAT") return parse_whatsat(fields);
  if (command == "LINK") {
    const auto handshake = parse_handshake(fields);
    if (const auto* error = std::get_if<ParseError>(&handshake)) return *error;
    return std::get<Handshake>(handshake);
  }
  if (command.empty()) return fields.missing();
  return fields.bad(ParseCode::kUnknownCommand, command);
}

std::optional<ParseError> scan_record(LineFields& fields, RecordView& out) {
  out.server = fields.next();
  out.skew = fields.next();
  out.client = fields.next();
  out.location = fields.next();
  out.time = fields.next();
  if (out.time.empty()) return fields.missing();
  if (!is_name(out.server)) return fields.bad(ParseCode::kBadServer, out.server);
  if (!is_skew(out.skew)) return fields.bad(ParseCode::kBadSkew, out.skew);
  if (!scan_location(out.location)) return fields.bad(ParseCode::kBadLocation, out.location);
  const auto time = scan_time(out.time);
  if (!time) return fields.bad(ParseCode::kBadTime, out.time);
  out.time_ns = *time;
  return std::nullopt;
}

LinkCommand parse_link_line(std::string_view line) {
  LineFields fields(line);
  const std::string_view command = fields.next();
  if (command.empty()) return fields.missing();
  if (command == "ALIVE") return parse_alive(fields);
  if (command != "AT") return fields.bad(ParseCode::kUnknownCommand, command);
  RecordView out;
  out.line = line;
  if (const auto error = scan_record(fields, out)) return *error;
  const std::string_view extra = fields.next();
  if (!extra.empty()) return fields.bad(ParseCode::kExtraField, extra);
  return out;
}

Acknowledgement parse_acknowledgement(std::string_view line) {
  LineFields fields(line);
  const std::string_view command = fields.next();
  if (command.empty()) return fields.missing();
  if (command != "LINKED") return fields.bad(ParseCode::kUnknownCommand, command);
  return parse_handshake(fields);
}

HandshakeToken parse_handshake_token(std::string_view command, std::string_view line) {
  LineFields fields(line);
  const std::string_view word = fields.next();
  if (word.empty()) return fields.missing();
  if (word != command) return fields.bad(ParseCode::kUnknownCommand, word);
  const std::string_view token = fields.next();
  ParseError error;
  if (fields.wrong_count(token, error)) return error;
  return token;
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
    case ParseCode::kBadCount:
      return "bad-count";
    case ParseCode::kBadHash:
      return "bad-hash";
    case ParseCode::kBadPrefix:
      return "bad-prefix";
    case ParseCode::kUnknownClient:
      return "unknown-client";
    case ParseCode::kUnknownServer:
      return "unknown-server";
    case ParseCode::kBadHandshake:
      return "bad-handshake";
    case ParseCode::kTooLong:
      return "too-long";
    case ParseCode::kBadControl:
      return "bad-control";
    case ParseCode::kOutOfPlace:
      return "out-of-place";
    case ParseCode::kFull:
      return "store-full";
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
