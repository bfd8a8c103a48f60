// The part that a link has in a tree that a scheme builds, by one of its ends.
#pragma once

namespace herd {

enum class TreeEdge {
  kParent,     // the server has the records of this tree from the neighbour
  kSends,      // it sends them to the neighbour
  kAnnounces,  // it only tells the neighbour of them
};

}  // namespace herd
