#include "core/parse.h"

#include "core/fields.h"
#include "core/keep_alive.h"
#include "core/line_fields.h"

namespace herd {
namespace {

// The readers of commands fill a part of the command that is returned: a command that is built
// beside it and then copied costs more than its fields do.

Bad read_iamat(LineFields& fields, Iamat& out) {
  out.client = fields.next();
  out.location = fields.next();
  out.time = fields.next();
  if (const Bad error = fields.expect_end_after(out.time)) return error;
  if (!scan_location(out.location)) return fields.bad(ParseCode::kBadLocation, out.location);
  const auto time = scan_time(out.time);
  if (!time) return fields.bad(ParseCode::kBadTime, out.time);
  out.time_ns = *time;
  return std::nullopt;
}

Bad read_whatsat(LineFields& fields, Whatsat& out) {
  out.client = fields.next();
  out.radius = fields.next();
  const std::string_view bound = fields.next();
  if (const Bad error = fields.expect_end_after(bound)) return error;
  const auto radius = scan_radius_km(out.radius);
  if (!radius) return fields.bad(ParseCode::kBadRadius, out.radius);
  const auto number = scan_bound(bound);
  if (!number) return fields.bad(ParseCode::kBadBound, bound);
  out.radius_km = *radius;
  out.bound = *number;
  return std::nullopt;
}

Bad read_handshake(LineFields& fields, Handshake& out) {
  out.herd = fields.next();
  out.from = fields.next();
  out.to = fields.next();
  out.token = fields.next();
  if (const Bad error = fields.expect_end_after(out.token)) return error;
  for (const auto name : {out.herd, out.from, out.to}) {
    if (!is_name(name)) return fields.bad(ParseCode::kBadServer, name);
  }
  return std::nullopt;
}

ParseError unknown(const LineFields& fields, std::string_view command) {
  if (command.empty()) return fields.missing();
  return fields.bad(ParseCode::kUnknownCommand, command);
}

Bad read_client_command(LineFields& fields, ClientCommand& out) {
  const std::string_view command = fields.next();
  if (command == "IAMAT") return read_iamat(fields, out.emplace<Iamat>());
  if (command == "WHATSAT") return read_whatsat(fields, out.emplace<Whatsat>());
  if (command == "LINK") return read_handshake(fields, out.emplace<Handshake>());
  return unknown(fields, command);
}

Bad read_link_command(LineFields& fields, std::string_view line, LinkCommand& out) {
  const std::string_view command = fields.next();
  if (command == "AT") {
    RecordView& record = out.emplace<RecordView>();
    record.line = line;
    if (const Bad error = scan_record(fields, record)) return error;
    return fields.expect_end();
  }
  if (command != kAliveLine) return unknown(fields, command);
  out.emplace<Alive>();
  return fields.expect_end();
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
  ClientCommand out;
  if (const Bad error = read_client_command(fields, out)) out = *error;
  return out;
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
  LinkCommand out;
  if (const Bad error = read_link_command(fields, line, out)) out = *error;
  return out;
}

Acknowledgement parse_acknowledgement(std::string_view line) {
  LineFields fields(line);
  const std::string_view command = fields.next();
  if (command != "LINKED") return unknown(fields, command);
  Handshake out;
  if (const Bad error = read_handshake(fields, out)) return *error;
  return out;
}

HandshakeToken parse_handshake_token(std::string_view command, std::string_view line) {
  LineFields fields(line);
  const std::string_view word = fields.next();
  if (word != command) return unknown(fields, word);
  const std::string_view token = fields.next();
  if (const Bad error = fields.expect_end_after(token)) return *error;
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
