// Lines into commands, strictly: every field of the right form, in the right number. What comes out
// are views of the line. The grammar is in PROTOCOL.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/record.h"
#include "core/time.h"

namespace herd {

// IAMAT: a client says where it is.
struct Iamat {
  std::string_view client, location, time;
  PosixNs time_ns = 0;
};

// WHATSAT: a client asks what is near a client.
struct Whatsat {
  std::string_view client, radius;
  double radius_km = 0;
  int bound = 0;
};

// LINK and LINKED: the line that opens a link, and its acknowledgement.
struct Handshake {
  std::string_view herd, from, to, mac;
};

// ALIVE: a link's end has had nothing to say for a while.
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
  // Judged by the server, not by the grammar:
  kUnknownClient,
  kBadProof,
  kTooLong,
  kOutOfPlace,
};

struct ParseError {
  ParseCode code = ParseCode::kUnknownCommand;
  std::size_t column = 0;      // byte offset in the line, from 0
  std::string_view offending;  // the field to blame: a view of the line, empty where one is missing
};

using ClientCommand = std::variant<ParseError, Iamat, Whatsat, Handshake>;
// What a client may say. A LINK's names and proof are the server's to judge.
ClientCommand parse_client_line(std::string_view line);

using LinkCommand = std::variant<ParseError, RecordView, Alive>;
// What a proven neighbour may say: AT and ALIVE. The lines of recovery are sync_lines.h's.
LinkCommand parse_link_line(std::string_view line);

using Acknowledgement = std::variant<ParseError, Handshake>;
// What the answer to LINK may be: LINKED.
Acknowledgement parse_acknowledgement(std::string_view line);

std::string_view to_string(ParseCode code);
// As "bad-time @45 'yesterday'", for logs.
std::string to_string(const ParseError& error);
// As "iamat(kiwi +34.0-118.0 @1479413884.39)" or "error(bad-time @45)", for tests and traces.
std::string to_string(const ClientCommand& command);
std::string to_string(const LinkCommand& command);

}  // namespace herd
