// What a scenario says of a central herd beyond what it says of every herd: front ends that share
// nothing but one database.
#pragma once

namespace sim {

struct CentralSpec {
  // Whether what the database has committed outlives its crash; a herd's records never do.
  bool durable = true;
};

}  // namespace sim
