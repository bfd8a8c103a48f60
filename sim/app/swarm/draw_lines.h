// Lines that a drawn scenario's clients send word for word: what a well-behaved client would not
// say, or not at such a time.
#pragma once

#include <string>
#include <vector>

#include "sim/app/swarm/dice.h"

namespace sim {

// Whom a line speaks of: one of the clients, or somebody whom only such lines name.
std::string draw_subject(Dice& dice, const std::vector<std::string>& clients);
// A client time. Few are drawn, so that some come again; the run's own times lie among them.
std::string draw_stamp(Dice& dice);
// An IAMAT from one of few places, which are written in several ways.
std::string draw_report(Dice& dice, const std::string& subject, const std::string& stamp);
// Any line: reports, questions, and what is neither.
std::string draw_line(Dice& dice, const std::string& subject,
                      const std::vector<std::string>& clients);

}  // namespace sim
