// Parses lines into commands. A line is valid only if it has the right number of fields and every
// field has the right form. The results are views of the line. PROTOCOL.md defines the grammar.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/record.h"
#include "core/time.h"

namespace herd {

class LineFields;

// IAMAT: a client reports its location.
struct Iamat {
  std::string_view client, location, time;
  PosixNs time_ns = 0;
};

// WHATSAT: a client asks for the places near a client.
struct Whatsat {
  std::string_view client, radius;
  double radius_km = 0;
  int bound = 0;
};

// LINK and LINKED: the line that asks for a link, and its acknowledgement.
struct Handshake {
  std::string_view herd, from, to;
  std::string_view token;  // the nonce of a LINK, the MAC of a LINKED
};

// ALIVE: an endpoint of a link has had nothing to send for a while.
struct Alive {};

enum class ParseCode {
  kUnknownCommand,
  kMissingField,
  kExtraField,
  kBadServer,
  kBadSkew,
  kBadLocation,
  kBadTime,
  kBadRadius,
  kBadBound,
  kBadCount,
  kBadHash,
  kBadPrefix,
  // Found by the server, not by the grammar:
  kUnknownClient,
  kUnknownServer,
  kBadHandshake,
  kTooLong,
  kOutOfPlace,
  kFull,
  kBadControl,
};

struct ParseError {
  ParseCode code = ParseCode::kUnknownCommand;
  std::size_t column = 0;      // offset in the line, in bytes from 0
  std::string_view offending;  // the wrong field, a view of the line; empty if a field is missing
};

using ClientCommand = std::variant<ParseError, Iamat, Whatsat, Handshake>;
// Parses a line of a client. The server checks the names of a LINK.
ClientCommand parse_client_line(std::string_view line);

using LinkCommand = std::variant<ParseError, RecordView, Alive>;
// Parses an AT or an ALIVE line of a neighbour. sync_lines.h parses the lines of recovery.
LinkCommand parse_link_line(std::string_view line);
// Reads the five fields of a record: server, skew, client, location and time. Sets all of `out` but
// its line. Returns what is wrong; nullopt if nothing is.
std::optional<ParseError> scan_record(LineFields& fields, RecordView& out);

using Acknowledgement = std::variant<ParseError, Handshake>;
// Parses the line that ends a handshake. Only LINKED is valid.
Acknowledgement parse_acknowledgement(std::string_view line);

using HandshakeToken = std::variant<ParseError, std::string_view>;
// Parses the lines in between, NONCE and MAC: `command` and its one field, which is returned.
HandshakeToken parse_handshake_token(std::string_view command, std::string_view line);

std::string_view to_string(ParseCode code);
// Returns text such as "bad-time @45 'yesterday'", for logs.
std::string to_string(const ParseError& error);
// Returns text such as "iamat(kiwi +34.0-118.0 @1479413884.39)" or "error(bad-time @45)", for tests
// and traces.
std::string to_string(const ClientCommand& command);
std::string to_string(const LinkCommand& command);

}  // namespace herd
