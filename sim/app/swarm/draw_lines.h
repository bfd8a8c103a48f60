// Draws lines that clients send word for word and that a well-behaved client would not send, or not
// at that time.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"

namespace sim {

// Returns the id that a line is about: one of the clients, or an id that only such lines use, which
// may be as long as a line if `long_ones`.
std::string draw_subject(Dice& dice, const std::vector<std::string>& clients, bool long_ones);
// Returns a client time. There are few different ones, so that some repeat; the run's own times lie
// between them.
std::string draw_stamp(Dice& dice);
// Returns an IAMAT from one of a few places, each of which can be written in several ways.
std::string draw_report(Dice& dice, const std::string& subject, const std::string& stamp);
// Returns a report, a query, or an invalid line, which may be overlong or a line of a link.
std::string draw_line(Dice& dice, const std::string& subject,
                      const std::vector<std::string>& clients);

}  // namespace sim
